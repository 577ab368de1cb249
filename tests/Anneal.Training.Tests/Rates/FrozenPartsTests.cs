using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Rates;
using Anneal.Training.Recipes;
using Anneal.Training.Regularization;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Rates;

public class FrozenPartsTests
{
    static readonly Recipe Residual = Small.Recipe with { Model = new ResNet9 { Width = 2 }, Duration = Duration.Epochs(3) };

    [Theory]
    [InlineData("prepare", Precision.Float32)]
    [InlineData("layer1", Precision.Float32)]
    [InlineData("residual1.branch.1", Precision.Float32)]
    [InlineData("residual1.branch.1.norm", Precision.Float32)]
    [InlineData("head", Precision.Float32)]
    [InlineData("prepare", Precision.Bfloat16)]
    [InlineData("layer2", Precision.Bfloat16)]
    public void StayToTheBitWhateverTheRecipeDoes(string path, Precision precision)
    {
        foreach (Optimizer optimizer in new Optimizer[] { new Sgd { WeightDecay = 0.1, Nesterov = true }, new AdamW { WeightDecay = 0.1 } })
        {
            Recipe recipe = Residual with
            {
                Optimizer = optimizer,
                LearningRate = 0.01,
                RateFactors = [new LayerDecay(), new PathRate { Path = path, Factor = 0 }],
                WeightNoise = 0.05,
                Gradients = [new ClipGradientNorm { Maximum = 0.1 }],
                Averaging = new ExponentialMovingAverage(),
                Precision = precision,
            };
            using MemoryStore store = new();
            using Dataset data = SmallData.Striped();
            using TrainingRun run = new(recipe, data, store);
            Dictionary<string, string> before = Bits.Of(run.Model);
            _ = run.Events().Count();
            Dictionary<string, string> after = Bits.Of(run.Model);
            Assert.Equal(before.Keys.Where(IsFrozen), after.Keys.Where(name => after[name] == before[name]));
            Dictionary<string, string> saved = Bits.Of(store.Newest.Tensors);
            Assert.All(before.Keys.Where(IsFrozen), name => Assert.Equal(before[name], saved["average." + name]));
            // An optimizer has no state of what it does not train.
            Assert.DoesNotContain(saved.Keys, name => name.StartsWith("optimizer.", StringComparison.Ordinal) && IsFrozen(name.Split('.', 3)[2]));
        }

        bool IsFrozen(string name) => name.StartsWith(path + ".", StringComparison.Ordinal);
    }

    [Fact]
    public void NormalizeByTheStatisticsTheyHave()
    {
        // All but the head is frozen, and the rate is 0: the loss in training is that in evaluation.
        string[] parts = ["prepare", "layer1", "residual1", "layer2", "layer3", "residual3"];
        Recipe recipe = Residual with
        {
            LearningRate = 0, Duration = Duration.Epochs(1), RateFactors = [.. parts.Select(part => new PathRate { Path = part, Factor = 0 })],
        };
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(recipe, data);
        EpochEnded epoch = run.Events().OfType<EpochEnded>().Single();
        long[] labels = Array.ConvertAll(run.Split.Training, index => (long)data.Training.Labels[index]);
        float[] logits = run.Predict(data.Training, run.Split.Training);
        Assert.Equal(Metrics.NegativeLogLikelihood.Mean(logits, 3, labels), epoch.TrainingLoss, 1e-6);
    }

    [Fact]
    public void AreNoPartOfTheGradientsNorm()
    {
        // Plain descent at a rate of 1 moves by the gradient: its length is that of what moved.
        Recipe recipe = Residual with
        {
            Optimizer = new Sgd { Momentum = 0 }, LearningRate = 1, Duration = Duration.Steps(1), LogEvery = Duration.Steps(1),
            RateFactors = [new PathRate { Path = "layer2", Factor = 0 }],
        };
        using TensorScope scope = new();
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(recipe, data);
        float[] before = Weights();
        double norm = run.Events().OfType<StepEnded>().Single().GradientNorm;
        double moved = Math.Sqrt(Weights().Zip(before, (now, then) => Math.Pow((double)now - then, 2)).Sum());
        Assert.Equal(moved, norm, 1e-4 * norm);

        float[] Weights() => [.. run.Model.Parameters().SelectMany(named => named.Value.Value.Detach().ToArray<float>())];
    }

    [Fact]
    public void ARateOfZeroForBiasesLeavesRunningStatisticsMoving()
    {
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(Residual with { RateFactors = [new BiasRate { Factor = 0 }] }, data);
        Dictionary<string, string> before = Bits.Of(run.Model);
        _ = run.Events().Count();
        Dictionary<string, string> after = Bits.Of(run.Model);
        Assert.Equal(
            run.Model.Parameters().Where(named => named.Value.Role != ParameterRole.Weight).Select(named => named.Key).Order(),
            after.Keys.Where(name => after[name] == before[name]).Order());
    }

    [Fact]
    public void ACheckpointOfARunThatTrainedThemFits()
    {
        Recipe frozen = Residual with { RateFactors = [new PathRate { Path = "layer1", Factor = 0 }] };
        // Frozen in mid-run, and thawed in mid-run.
        foreach ((Recipe first, Recipe then) in new[] { (Residual, frozen), (frozen, Residual) })
        {
            using MemoryStore store = new();
            using Dataset data = SmallData.Striped();
            using (TrainingRun run = new(first with { Duration = Duration.Epochs(1) }, data, store))
            {
                _ = run.Events().Count();
            }
            using TrainingRun other = new(then, data);
            other.Restore("x", store.Newest, []);
            Dictionary<string, string> before = Bits.Of(other.Model);
            _ = other.Events().Count();
            Dictionary<string, string> after = Bits.Of(other.Model);
            Assert.All(before.Keys, name => Assert.Equal(
                then == frozen && name.StartsWith("layer1.", StringComparison.Ordinal), before[name] == after[name]));
        }
    }

    [Fact]
    public void ARunWithNothingToTrainIsRefused()
    {
        using Dataset data = SmallData.Striped();
        Recipe recipe = Small.Recipe with { RateFactors = [new PathRate { Path = "1", Factor = 0 }, new PathRate { Path = "3", Factor = 0 }] };
        RecipeException e = Assert.Throws<RecipeException>(() => new TrainingRun(recipe, data));
        Assert.StartsWith("rate-factors: at least one parameter must be trained. Received: a rate of 0 for all", e.Message);
    }
}
