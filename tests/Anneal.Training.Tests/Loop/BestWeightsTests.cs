using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Averaging;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Loop;

public class BestWeightsTests
{
    // Good after four passes, undone by those after them: decay at that rate turns the sign of every weight.
    static readonly Recipe Undone = Small.Recipe with
    {
        Optimizer = new Sgd { Momentum = 0, WeightDecay = "constant(0) for 20st then constant(0.07)" },
        LearningRate = "constant(0.1) for 20st then constant(50)", FinalWeights = FinalWeights.Best, Averaging = null, Duration = Duration.Epochs(6),
    };

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void TheFinalStateIsThatOfTheBestMeasurement(bool stored, bool averaged)
    {
        Recipe recipe = Undone with { Averaging = averaged ? new ExponentialMovingAverage { Decay = 0.5, Warmup = false } : null };
        using TensorScope scope = new();
        using Dataset data = SmallData.Striped();
        using MemoryStore store = new();
        using TrainingRun run = new(recipe, data, stored ? store : null);
        List<TrainingEvent> events = [.. run.Events()];
        Evaluated[] measured = [.. events.OfType<Evaluated>()];
        Assert.True(measured.Max(each => each.Accuracy) > measured[^1].Accuracy);

        float[] scores = run.Predict(data.Training, run.Split.Validation);
        long[] labels = Array.ConvertAll(run.Split.Validation, index => (long)data.Training.Labels[index]);
        Assert.Equal(measured.Max(each => each.Accuracy), Metrics.Accuracy.Top1(scores, 3, labels));
        // And it is that of a run which ends there.
        Evaluated best = measured.First(each => each.Accuracy == measured.Max(other => other.Accuracy));
        Recipe until = recipe with
        {
            Duration = Duration.Steps(best.Step), LearningRate = 0.1, Optimizer = new Sgd { Momentum = 0 }, FinalWeights = FinalWeights.Last,
        };
        Assert.InRange(best.Step, 5, 20);
        using TrainingRun shorter = new(until, data);
        _ = shorter.Events().Count();
        Assert.Equal(Finals(shorter), Finals(run));
    }

    [Fact]
    public void AResumedRunKnowsTheBestFromBefore()
    {
        using TensorScope scope = new();
        using Dataset data = SmallData.Striped();
        using MemoryStore store = new();
        Dictionary<string, string> whole;
        List<TrainingEvent> events;
        using (TrainingRun run = new(Undone, data, store))
        {
            events = [.. run.Events()];
            whole = Finals(run);
        }
        string file = MemoryStore.FileOf(25);
        using TrainingRun resumed = new(Undone, data, store);
        resumed.Restore(file, store.Everything(25), events.Take((int)store.Everything(25).Progress.Events));
        _ = resumed.Events().Count();
        Assert.Equal(whole, Finals(resumed));
    }

    [Fact]
    public void ScoresThatAreNotFiniteAreADivergenceWithoutValidationToo()
    {
        foreach (double validation in new[] { 0, 0.2 })
        {
            Recipe recipe = Small.Recipe with { Validation = validation, LearningRate = 1e38, Duration = Duration.Steps(1), Stop = [] };
            using MemoryStore store = new();
            RunEnded ended = (RunEnded)Small.Train(recipe, store)[^1];
            Assert.Equal("diverged", ended.Outcome);
            Assert.StartsWith("The trained model is of no use", ended.Reason);
            Assert.Empty(store.Files);
        }
    }

    static Dictionary<string, string> Finals(TrainingRun run)
    {
        IReadOnlyList<KeyValuePair<string, Tensor>> state = run.FinalState();
        Dictionary<string, string> bits = Bits.Of(state);
        foreach ((_, Tensor tensor) in state)
        {
            tensor.Dispose();
        }
        return bits;
    }
}
