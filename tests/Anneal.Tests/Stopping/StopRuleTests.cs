using Anneal.Events;
using Anneal.Stopping;

namespace Anneal.Tests.Stopping;

public class StopRuleTests
{
    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void MaximumSecondsCountsSecondsOfTraining(long seconds, bool stops) =>
        Assert.Equal(stops, new MaximumSeconds { Seconds = 60 }.Decide([History.Step(seconds)]) is not null);

    [Fact]
    public void MaximumSecondsMustBePositive() => Assert.Throws<ArgumentException>(() => new MaximumSeconds { Seconds = 0 });

    [Theory]
    [InlineData(0.929, false)]
    [InlineData(0.93, true)]
    [InlineData(0.94, true)]
    [InlineData(double.NaN, false)]
    public void TargetReachedStopsAtTheTarget(double accuracy, bool stops) =>
        Assert.Equal(stops, Target.Decide([History.Validation(10, accuracy)]) is not null);

    [Fact]
    public void TargetReachedWatchesTheAveragedWeightsWhereTheyAreMeasured()
    {
        Assert.Null(Target.Decide([History.Validation(10, 0.8, averaged: true), History.Validation(20, 0.95)]));
        Assert.NotNull(Target.Decide([History.Validation(20, 0.8), History.Validation(20, 0.95, averaged: true)]));
    }

    [Fact]
    public void TargetReachedDoesNotLookAtTheTestExamples() => Assert.Null(Target.Decide([History.Test(10, 0.99)]));

    [Fact]
    public void TargetReachedDoesNotStopLaterForAnEarlierMeasurement() =>
        Assert.Null(Target.Decide([History.Validation(10, 0.99), History.Step(11)]));

    [Theory]
    [InlineData(4, 4, false)]
    [InlineData(5, 5, true)]
    [InlineData(1, 49, false)]
    [InlineData(1, 50, true)]
    public void NonFiniteStepsCountsInARowAndInTotal(int inARow, long inTotal, bool stops)
    {
        StopReason? reason = new NonFiniteSteps().Decide([History.Skipped(inARow, inTotal)]);
        Assert.Equal(stops ? "diverged" : null, reason?.Outcome);
    }

    [Fact]
    public void NonFiniteStepsSaysWhatToTry() =>
        Assert.Equal(
            "The loss was not finite in 5 steps in a row, last at step 7. Try a third of the learning rate, a longer warmup, gradient clipping, or float32 precision.",
            new NonFiniteSteps().Decide([History.Skipped(5, 5)])!.Reason);

    [Fact]
    public void NonFiniteStepsForgetsOnceAStepWasMade() =>
        Assert.Null(new NonFiniteSteps().Decide([History.Skipped(5, 5), History.Step(8)]));

    [Fact]
    public void FirstToStopTakesTheFirstReason()
    {
        FirstToStop rules = new(Target, new MaximumSeconds { Seconds = 5 }, new MaximumSeconds { Seconds = 1 });
        Assert.Equal("The run has trained for 10 s, its limit is 5 s.", rules.Decide([History.Step(10)])!.Reason);
        Assert.Null(rules.Decide([History.Step(0)]));
        Assert.Null(new FirstToStop().Decide([History.Step(10)]));
    }

    [Fact]
    public void CheckpointFailureCountsStepsThatCouldNotBeSavedInARow()
    {
        TrainingEvent[] one = [History.Saved(10, "last"), History.Saved(20, "best", "The disk is full."), History.Saved(20, "every", "The disk is full.")];
        Assert.Equal(
            "A checkpoint could not be written, and the recipe stops on that. The disk is full.",
            new CheckpointFailure().Decide(one)!.Reason);
        CheckpointFailure patient = new() { InARow = 2 };
        Assert.Null(patient.Decide(one));
        Assert.Equal("stopped", patient.Decide([.. one, History.Saved(30, "last", "The disk is full.")])!.Outcome);
        Assert.Null(new CheckpointFailure().Decide([.. one, History.Step(21)]));
        Assert.Null(new CheckpointFailure().Decide([.. one, History.Saved(30, "last")]));
        Assert.Throws<ArgumentException>(() => new CheckpointFailure { InARow = 0 });
    }

    static TargetReached Target => new() { Metric = "validation-accuracy", Direction = Direction.Maximize, Target = 0.93 };
}
