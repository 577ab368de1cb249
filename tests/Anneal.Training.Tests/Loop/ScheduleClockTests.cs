using Anneal.Durations;
using Anneal.Events;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Loop;

public sealed class ScheduleClockTests
{
    static readonly RunLength Length = new(100, 10, 1);

    [Fact]
    public void ReadsEveryScheduledValueOfTheRecipe()
    {
        ScheduleClock clock = new(new Recipe { LearningRate = "linear(from=1, to=0)" }, Length);
        Dictionary<string, double> values = [];
        clock.Read(25, values);
        Assert.Equal(0.75, values["learning-rate"], 1e-12);
        Assert.Equal(["label-smoothing", "learning-rate", "momentum", "weight-decay"], values.Keys.Order());
    }

    [Fact]
    public void LowersAPlateauWhenItsMetricRests()
    {
        ScheduleClock clock = new(new Recipe { LearningRate = "linear(from=0, to=1) for 20st then plateau(1, factor=0.5, patience=1, metric=validation-loss)" }, Length);
        Assert.Equal([0.5, 1, 1, 0.5, 0.5], Tell(clock, 1, 1, 1, 1, 1));
        clock.Forget();
        // Told again as a resumed run is, it comes to the same value.
        Assert.Equal([0.5, 1, 1, 0.5, 0.5], Tell(clock, 1, 1, 1, 1, 1));
        clock.Forget();
        Assert.Equal([0.5, 1, 1, 1, 1], Tell(clock, 5, 4, 3, 2, 1));
    }

    [Fact]
    public void SaysWhichScheduleNeedsValidation()
    {
        Assert.Equal("learning-rate", new ScheduleClock(new Recipe { LearningRate = "plateau(0.1, metric=validation-accuracy)" }, Length).NeedsValidation);
        Assert.Null(new ScheduleClock(new Recipe { LearningRate = "plateau(0.1, metric=training-loss)" }, Length).NeedsValidation);
    }

    [Fact]
    public void RefusesAValueBelowZero() =>
        Assert.Contains("learning-rate: a scheduled value must be at least 0.", Assert.Throws<RecipeException>(() => new ScheduleClock(new Recipe { LearningRate = "linear(from=1, to=-1)" }, Length)).Message);

    // The rate after each of the measurements, which are made every ten steps.
    static double[] Tell(ScheduleClock clock, params double[] losses) =>
    [
        .. losses.Select((loss, index) =>
        {
            long step = (index + 1) * 10;
            clock.Observe(new Evaluated { Step = step, Seconds = 0, Split = "validation", Loss = loss, Accuracy = 0, Examples = 1, Epochs = index + 1 });
            Dictionary<string, double> values = [];
            clock.Read(step, values);
            return values["learning-rate"];
        }),
    ];
}
