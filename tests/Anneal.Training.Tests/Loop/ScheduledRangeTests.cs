using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Training.Losses;
using Anneal.Training.Loop;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Loop;

/// <summary>A value that leaves its range at any step of a run is refused before the run begins.</summary>
public sealed class ScheduledRangeTests
{
    [Fact]
    public void ARateThatFallsBelowZeroBetweenKeyStepsIsRefused() => Assert.Equal(
        "learning-rate: a scheduled value must be at least 0. Received: -0.016666666666666666 at step 25 of " +
        "constant(0.05) for 21st then linear(from=0.05, to=-0.05) for 6st then constant(0.05).",
        Refused(new Recipe { LearningRate = "constant(0.05) for 21st then linear(from=0.05, to=-0.05) for 6st then constant(0.05)" }, 100));

    public static TheoryData<string> Values => ["learning-rate", "momentum", "weight-decay", "beta1", "beta2", "label-smoothing", "weight-noise"];

    // One step of a long run is out of range, wherever it lies: the message names it.
    [Theory]
    [MemberData(nameof(Values))]
    public void EveryStepOfEveryValueIsLookedAt(string name)
    {
        Random random = new(3);
        for (int i = 0; i < 20; i++)
        {
            long steps = random.Next(3, 5000), at = random.NextInt64(1, steps - 1);
            string bad = name is "learning-rate" or "weight-decay" or "weight-noise" ? "-0.1" : "1.1";
            ScheduleText text = $"constant(0.5) for {at}st then constant({bad}) for 1st then constant(0.5)";
            Assert.Contains($"step {at}", Refused(With(name, text), steps));
        }
    }

    [Fact]
    public void SoAreTheBordersOfARunTooLongToLookAtWhole()
    {
        ScheduleText text = "constant(0.5) for 123456789st then constant(1.5) for 1st then constant(0.5)";
        Assert.Contains("At step 123456789: momentum must be", Refused(With("momentum", text), 1_000_000_000));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void WhatStaysInItsRangeIsTaken(string name) =>
        _ = new ScheduleClock(With(name, "linear(from=0, to=0.5) for 0.3run then cosine(from=0.5, to=0)"), new RunLength(1000, 100, 1));

    static Recipe With(string name, ScheduleText text) => name switch
    {
        "learning-rate" => new Recipe { LearningRate = text },
        "momentum" => new Recipe { Optimizer = new Sgd { Momentum = text } },
        "weight-decay" => new Recipe { Optimizer = new Sgd { WeightDecay = text } },
        "beta1" => new Recipe { Optimizer = new AdamW { Beta1 = text } },
        "beta2" => new Recipe { Optimizer = new AdamW { Beta2 = text } },
        "label-smoothing" => new Recipe { Loss = new CrossEntropy { Smoothing = text } },
        _ => new Recipe { WeightNoise = text },
    };

    static string Refused(Recipe recipe, long steps) =>
        Assert.Throws<RecipeException>(() => new ScheduleClock(recipe, new RunLength(steps, steps, 1))).Message;
}
