using Anneal.Durations;
using Anneal.Events;
using Anneal.Randomness;
using Anneal.Testing;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Rates;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;
using Linear = Anneal.Training.Modules.Linear;

namespace Anneal.Training.Tests.Evaluation;

/// <summary>Running statistics that do not fit the weights are seen, and others are measured before anything else is.</summary>
public sealed class FittedStatisticsTests : IDisposable
{
    static readonly Recipe Recipe = Small.Recipe with { Model = new ConvNet { Widths = [4, 4], Dropout = 0.2 }, Duration = Duration.Epochs(6) };

    readonly TemporaryFolder folder = new();
    readonly Dataset data = SmallData.Striped();

    public void Dispose()
    {
        data.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void WhereTheyFitNothingIsDone()
    {
        using MemoryStore store = new();
        using TrainingRun run = new(Recipe, data, store);
        // Until the running statistics have forgotten where they began.
        Assert.Null(run.Events().OfType<Evaluated>().Last().Statistics);
        Assert.DoesNotContain(store.Newest.Tensors, named => named.Key.StartsWith("statistics.", StringComparison.Ordinal));
        Assert.Equal(Bits.Of(run.Model), FinalBits(run));
    }

    [Fact]
    public void AModelWithoutNormalizationHasNone()
    {
        using TrainingRun run = Small.Recipe.Start(data);
        Assert.All(run.Events().OfType<Evaluated>(), evaluated => Assert.Null(evaluated.Statistics));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhereTheyDoNotOthersAreMeasuredAndTold(bool averaging)
    {
        Recipe recipe = Recipe with { Averaging = averaging ? new ExponentialMovingAverage { Decay = 0.5 } : null };
        Evaluated sound = Spoiled(recipe, spoil: false);
        Evaluated running = Spoiled(recipe with { NormalizationStatistics = NormalizationStatistics.Running }, spoil: true);
        Evaluated refreshed = Spoiled(recipe, spoil: true);

        Assert.Null(running.Statistics);
        Assert.True(running.Accuracy < 0.7 && running.Loss > 1.5 * sound.Loss, $"{running.Accuracy}, {running.Loss}");
        StatisticsRefresh told = refreshed.Statistics!;
        Assert.Equal(48, told.Examples);
        Assert.True(told.RunningLoss > 2 * told.BatchLoss, $"{told}");
        // All examples are one batch, whose own statistics the refreshed ones are, but for n − 1 in place of n.
        Assert.Equal(told.BatchLoss, told.RefreshedLoss, 0.01 * told.BatchLoss);
        Assert.Equal(sound.Accuracy, refreshed.Accuracy, 0.1);
        Assert.InRange(refreshed.Loss, 0, 1.5 * sound.Loss);
    }

    [Fact]
    public void TheyAreTheMeanOverBatchesOfTheBatchsMeanAndVariance()
    {
        // Of 60 × 400 examples trained on 2 % pay for 480, of which whole batches are three; of 30 × 400 for less than two.
        foreach ((int steps, int expected) in new[] { (60, 384), (30, 128) })
        {
            using Dataset many = SmallData.Striped(perClass: 200);
            using TrainingRun run = (Small.Recipe with
            {
                Model = new NormFirst(), LearningRate = 0.05, Validation = 1.0 / 3, BatchSize = 400, Duration = Duration.Steps(steps),
                EvaluateEvery = Duration.Steps(steps), Augmentation = [new Cutout { Size = 4 }],
            }).Start(many);
            Evaluated evaluated = AtTheEnd(run, () => Spoil(run.Model));
            Assert.InRange(run.Split.Training.Length, 384, 400);
            Assert.Equal(expected, evaluated.Statistics!.Examples);

            int[] order = RandomStream.Permutation(run.Split.Training.Length, 7, "statistics", steps);
            Normalization normalization = Normalization.Of(many, run.Execution.Layout);
            List<(double Mean, double Variance)> batches = [];
            foreach (int[] batch in order[..expected].Chunk(128))
            {
                using TensorScope scope = new();
                long[] places = [.. batch.Select(place => (long)run.Split.Training[place])];
                double[] pixels = [.. normalization.Apply(many.Training.Images.IndexSelect(0, Tensor.From(places))).ToArray<float>().Select(value => (double)value)];
                double mean = pixels.Average();
                batches.Add((mean, pixels.Sum(value => (value - mean) * (value - mean)) / (pixels.Length - 1)));
            }
            Dictionary<string, float[]> final = Final(run);
            Assert.Equal(batches.Average(batch => batch.Mean), final["0.running_mean"][0], 1e-5);
            Assert.Equal(batches.Average(batch => batch.Variance), final["0.running_var"][0], 1e-5);
        }
    }

    [Fact]
    public void TrainingGoesOnAsWithoutThem()
    {
        Recipe recipe = Recipe with
        {
            Averaging = new ExponentialMovingAverage { Decay = 0.9 }, Augmentation = [new Cutout { Size = 2 }], EvaluateEvery = Duration.Steps(3),
        };
        using MemoryStore with = new();
        using MemoryStore without = new();
        List<Evaluated> refreshed = Train(recipe, with);
        _ = Train(recipe with { NormalizationStatistics = NormalizationStatistics.Running }, without);

        Assert.Contains(refreshed, evaluated => evaluated.Statistics is not null);
        Assert.Equal(Training(without.Newest), Training(with.Newest));
        Assert.Equal(without.Newest.Progress.Generator, with.Newest.Progress.Generator);

        List<Evaluated> Train(Recipe one, MemoryStore store)
        {
            using TrainingRun run = new(one, data, store);
            return [.. SpoiledEvents(run, run.Length.Steps).OfType<Evaluated>()];
        }

        static Dictionary<string, string> Training(Checkpoint checkpoint) =>
            Bits.Of(checkpoint.Tensors.Where(named => !named.Key.StartsWith("statistics.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsSavedIsWhatWasMeasured(bool averaging)
    {
        Recipe recipe = Recipe with { Averaging = averaging ? new ExponentialMovingAverage { Decay = 0.5 } : null };
        using MemoryStore store = new();
        using TrainingRun run = new(recipe, data, store);
        Evaluated measured = AtTheEnd(run, () => Spoil(run.Model));
        float[] scores = run.Predict(data.Test);

        string path = folder.File("checkpoint.safetensors");
        CheckpointFile.Write(path, store.Newest);
        using TrainedModel model = TrainedModel.Load(path, Device.Cpu);
        Assert.Equal(scores, model.Logits(data.Test));
        // The weights that training goes on from keep the running statistics.
        Assert.NotEqual(Bits.Of(run.Model), FinalBits(run));
        Assert.Equal(measured.Statistics, run.Evaluate(data.Test).Statistics);

        // A run that takes the checkpoint up, or only its weights, measures with the same ones.
        using TrainingRun resumed = new(recipe, data);
        resumed.Restore("it", store.Newest, [measured]);
        Assert.Equal(scores, resumed.Predict(data.Test));
        using TrainingRun other = new(recipe, data);
        other.TakeWeights("it", store.Newest);
        Assert.Equal(measured.Statistics, other.Evaluate(data.Test).Statistics);
        Assert.Equal(FinalBits(run), FinalBits(other));
    }

    [Fact]
    public void ACheckpointIsSavedWithThemWhereNothingIsMeasured()
    {
        Recipe recipe = Recipe with { Validation = 0, Checkpoints = new() { Best = null } };
        using MemoryStore store = new();
        using TrainingRun run = new(recipe, data, store);
        foreach (TrainingEvent happened in run.Events())
        {
            if (happened is EpochEnded)
            {
                Spoil(run.Model);
            }
        }
        Assert.Contains(store.Newest.Tensors, named => named.Key.StartsWith("statistics.", StringComparison.Ordinal));
        Assert.NotNull(run.Evaluate(data.Test).Statistics);
    }

    [Fact]
    public void RefusesStatisticsOfAnotherModel()
    {
        using MemoryStore store = new();
        using TrainingRun run = new(Recipe, data, store);
        _ = AtTheEnd(run, () => Spoil(run.Model));
        Checkpoint checkpoint = store.Newest;
        Checkpoint foreign = checkpoint with
        {
            Tensors = [.. checkpoint.Tensors.Select(named => KeyValuePair.Create(named.Key.Replace("statistics.", "statistics.x", StringComparison.Ordinal), named.Value))],
        };
        using TrainingRun other = new(Recipe, data);
        Assert.Contains("which is no statistic of the model", Assert.Throws<RecipeException>(() => other.TakeWeights("it", foreign)).Message);
    }

    [Fact]
    public void StatisticsThatAreNotNumbersDoNotFit()
    {
        using TrainingRun run = Recipe.Start(data);
        Evaluated evaluated = AtTheEnd(run, () => Change(run.Model, (value, _) => double.NaN * value));
        Assert.True(double.IsFinite(evaluated.Statistics!.RefreshedLoss));
        Assert.True(evaluated.Accuracy > 0.5);
    }

    [Fact]
    public void FrozenPartsKeepTheirs()
    {
        using TrainingRun run = (Recipe with { RateFactors = [new PathRate { Path = "0", Factor = 0 }] }).Start(data);
        _ = AtTheEnd(run, () => Spoil(run.Model));
        Dictionary<string, float[]> final = Final(run);
        Assert.Equal([3, 3, 3, 3], final["0.norm.running_mean"]);
        Assert.All(final["1.norm.running_mean"], mean => Assert.NotEqual(3, mean));
    }

    [Fact]
    public void OneExampleToTrainOnIsEnoughForARun()
    {
        using Dataset tiny = SmallData.Striped(perClass: 1, classes: 2);
        using TrainingRun run = (Recipe with { Validation = 0, Duration = Duration.Steps(2), BatchSize = 1 }).Start(tiny);
        Assert.Equal("completed", run.Events().OfType<RunEnded>().Single().Outcome);
        Assert.True(double.IsFinite(run.Evaluate(tiny.Test).Loss));
    }

    Evaluated Spoiled(Recipe recipe, bool spoil)
    {
        using TrainingRun run = recipe.Start(data);
        return AtTheEnd(run, () =>
        {
            if (spoil)
            {
                Spoil(run.Model);
            }
        });
    }

    // Lets something happen between the last steps, and after the last one before it is measured.
    static Evaluated AtTheEnd(TrainingRun run, Action act)
    {
        Evaluated? last = null;
        foreach (TrainingEvent happened in run.Events())
        {
            if (happened is EpochEnded or StepEnded && happened.Step > run.Length.Steps - 8)
            {
                act();
            }
            last = happened as Evaluated ?? last;
        }
        return last!;
    }

    static IEnumerable<TrainingEvent> SpoiledEvents(TrainingRun run, long steps)
    {
        foreach (TrainingEvent happened in run.Events())
        {
            if (happened is StepEnded { Step: 6 } && steps > 6)
            {
                Spoil(run.Model);
            }
            yield return happened;
        }
    }

    static void Spoil(Module model) => Change(model, (_, path) => path.EndsWith("running_var", StringComparison.Ordinal) ? 40 : 3);

    static void Change(Module model, Func<double, string, double> change)
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        foreach ((string path, ModelBuffer buffer) in model.Buffers().Where(named => named.Value.Value.DType == DType.Float32))
        {
            using TensorScope scope = new();
            buffer.Value.CopyFrom(Tensor.From([.. buffer.Value.ToArray<float>().Select(value => (float)change(value, path))]));
        }
    }

    static Dictionary<string, float[]> Final(TrainingRun run)
    {
        IReadOnlyList<KeyValuePair<string, Tensor>> state = run.FinalState();
        Dictionary<string, float[]> numbers = state.Where(named => named.Value.DType == DType.Float32).ToDictionary(named => named.Key, named => named.Value.ToArray<float>());
        foreach ((_, Tensor tensor) in state)
        {
            tensor.Dispose();
        }
        return numbers;
    }

    static Dictionary<string, string> FinalBits(TrainingRun run)
    {
        IReadOnlyList<KeyValuePair<string, Tensor>> state = run.FinalState();
        Dictionary<string, string> bits = Bits.Of(state);
        foreach ((_, Tensor tensor) in state)
        {
            tensor.Dispose();
        }
        return bits;
    }

    /// <summary>Normalization of the image itself: its statistics are those of the pixels.</summary>
    sealed record NormFirst : Model
    {
        public override Module Build(ImageShape input, int classes) =>
            new Sequential([new BatchNorm2d(input.Channels), new Flatten(), new Linear(input.Count, classes)]);
    }
}
