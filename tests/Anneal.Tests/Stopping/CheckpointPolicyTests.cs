using Anneal.Events;
using Anneal.Stopping;

namespace Anneal.Tests.Stopping;

public class CheckpointPolicyTests
{
    static readonly CheckpointPolicy Policy = new() { KeepEveryEpochs = 4 };

    [Fact]
    public void SavesAtTheEndOfEachEpoch()
    {
        Assert.Equal([new SaveCheckpoint("last")], Policy.Decide([History.Epoch(0)], 10));
        Assert.Empty(Policy.Decide([History.Step(9)], 9));
        Assert.Empty(Policy.Decide([], 0));
    }

    [Fact]
    public void KeepsEveryFourthEpochForGood() => Assert.Equal([new SaveCheckpoint("every")], Policy.Decide([History.Epoch(3)], 40));

    [Fact]
    public void SavesEverySoManySteps()
    {
        CheckpointPolicy steps = new() { LastEveryEpochs = 0, LastEverySteps = 5, KeepEverySteps = 20 };
        Assert.Equal([new SaveCheckpoint("last")], steps.Decide([History.Step(3)], 5));
        Assert.Equal([new SaveCheckpoint("last")], steps.Decide([History.Step(5)], 5));
        Assert.Equal([new SaveCheckpoint("every")], steps.Decide([History.Step(3)], 20));
        Assert.Empty(steps.Decide([History.Step(3)], 6));
        Assert.Empty(steps.Decide([], 0));
    }

    [Fact]
    public void SavesTheBestAndOnlyTheBest()
    {
        Assert.Equal([new SaveCheckpoint("best")], Policy.Decide([History.Validation(5, 0.5)], 5));
        Assert.Equal([new SaveCheckpoint("best")], Policy.Decide([History.Validation(5, 0.5), History.Validation(8, 0.6)], 8));
        Assert.Empty(Policy.Decide([History.Validation(5, 0.5), History.Validation(8, 0.5)], 8));
        Assert.Empty(Policy.Decide([History.Validation(5, 0.5), History.Validation(8, double.NaN)], 8));
        Assert.Equal([new SaveCheckpoint("best")], Policy.Decide([History.Validation(5, double.NaN), History.Validation(8, 0.1)], 8));
    }

    [Fact]
    public void LooksAtAllThatHappenedAtTheStep()
    {
        TrainingEvent[] step = [History.Step(40), History.Epoch(3), History.Validation(40, 0.6)];
        Assert.Equal([new SaveCheckpoint("best"), new SaveCheckpoint("every")], Policy.Decide(step, 40));
        Assert.Equal([new SaveCheckpoint("every")], Policy.Decide([History.Validation(30, 0.7), .. step], 40));
        Assert.Empty(Policy.Decide(step, 41));
    }

    [Fact]
    public void SavesTheEndInAnyCase()
    {
        Assert.Equal([new SaveCheckpoint("last")], Policy.Decide([History.Step(9)], 9, ends: true));
        Assert.Equal([new SaveCheckpoint("last")], new CheckpointPolicy { LastEveryEpochs = 0 }.Decide([], 7, ends: true));
        Assert.Equal([new SaveCheckpoint("best")], Policy.Decide([History.Validation(9, 0.5)], 9, ends: true));
    }

    [Fact]
    public void DoesNotWriteTheSameStepTwice() =>
        Assert.Empty(Policy.Decide([History.Epoch(0), History.Validation(10, 0.6), History.Saved(10, "best")], 10, ends: true));

    [Fact]
    public void KeepsTheBestForGoodWhereItIsAlsoOneOfEvery()
    {
        TrainingEvent[] history =
        [
            History.Saved(40, "best"), History.Saved(40, "every"), History.Saved(50, "last"), History.Saved(60, "best"), History.Saved(70, "last"),
        ];
        Assert.Equal([new DeleteCheckpoint("50.safetensors")], Policy.Decide(history, 70));
    }

    [Fact]
    public void DeletesWhatIsNeitherNewNorBestNorKept()
    {
        TrainingEvent[] history =
        [
            History.Saved(10, "last"), History.Saved(20, "best"), History.Saved(30, "last"),
            History.Saved(40, "every"), History.Saved(50, "last"), History.Saved(60, "last"),
        ];
        Assert.Equal([new DeleteCheckpoint("10.safetensors"), new DeleteCheckpoint("30.safetensors")], Policy.Decide(history, 60));
    }

    [Fact]
    public void DeletesTheOldBestOnlyOnceThereIsANewOne()
    {
        TrainingEvent[] history = [History.Saved(10, "best"), History.Saved(20, "last"), History.Saved(30, "last")];
        Assert.Empty(Policy.Decide(history, 30));
        Assert.Equal(
            [new DeleteCheckpoint("10.safetensors"), new DeleteCheckpoint("20.safetensors")],
            Policy.Decide([.. history, History.Saved(40, "best")], 40));
    }

    [Fact]
    public void DeletesNothingAndDoesNotInsistWhereASaveFailed()
    {
        TrainingEvent[] history = [History.Saved(10, "last"), History.Saved(20, "last"), History.Saved(30, "last", error: "No space left on device.")];
        Assert.Empty(Policy.Decide(history, 30));
        // The failed one does not count among the newest.
        Assert.Equal([new DeleteCheckpoint("10.safetensors")], Policy.Decide([.. history, History.Saved(40, "last")], 40));
    }

    [Fact]
    public void CountsAFileWithTwoReasonsOnce()
    {
        TrainingEvent[] history = [History.Saved(10, "last"), History.Saved(20, "last"), History.Saved(20, "best")];
        Assert.Empty(Policy.Decide(history, 20));
    }

    [Fact]
    public void FollowsTheMetricItIsGiven()
    {
        CheckpointPolicy loss = new() { Best = new BestMetric { Metric = "validation-loss", Direction = Direction.Minimize } };
        TrainingEvent[] history = [History.Validation(5, 0.5, loss: 2), History.Validation(8, 0.4, loss: 1)];
        Assert.Equal([new SaveCheckpoint("best")], loss.Decide(history, 8));
        Assert.Empty(new CheckpointPolicy().Decide(history, 8));
        Assert.Empty(new CheckpointPolicy { Best = null }.Decide([History.Validation(5, 0.5)], 5));
    }

    [Fact]
    public void RefusesToKeepNone()
    {
        Assert.Throws<ArgumentException>(() => new CheckpointPolicy { KeepLast = 0 });
        ArgumentException e = Assert.Throws<ArgumentException>(() => new CheckpointPolicy { KeepEverySteps = -1 });
        Assert.Equal("KeepEverySteps must be 0 (never) or more. Received: -1.", e.Message);
    }
}
