using Anneal.Calibration;
using Anneal.Events;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Loop;

/// <summary>What a program of a few lines uses: a recipe is started, enumerated and measured.</summary>
public class RunFromCodeTests
{
    static readonly Recipe Small = new()
    {
        Model = new Mlp { Hidden = [] },
        LearningRate = 0.05,
        BatchSize = 10,
        Validation = 0.5,
        Seed = 3,
        Duration = "8st",
    };

    [Fact]
    public void ARunHasTheSeedItWasStartedWith()
    {
        using Dataset data = Squares();

        Assert.Equal(3UL, SeedOf(Small.Start(data)));
        Assert.Equal(7UL, SeedOf(Small.Start(data, seed: 7)));
    }

    [Fact]
    public void EvaluationCountsWhatThePredictionsSay()
    {
        using Dataset data = Squares();
        using TrainingRun run = Small.Start(data);
        Assert.Equal("completed", run.Events().OfType<RunEnded>().Single().Outcome);

        Metrics.Evaluation test = run.Evaluate(data.Test);

        float[] scores = run.Predict(data.Test);
        long[] labels = [.. data.Test.Labels.ToArray().Select(label => (long)label)];
        Assert.Equal("test", test.Split);
        Assert.Equal(labels.Length, test.Examples);
        Assert.Equal(Enumerable.Range(0, labels.Length).Count(i => (scores[(2 * i) + 1] > scores[2 * i] ? 1 : 0) == labels[i]) / (double)labels.Length, test.Accuracy);
    }

    [Fact]
    public void TheTemperatureIsThatOfTheValidationExamples()
    {
        using Dataset data = Squares(wrongEvery: 7);
        using TrainingRun run = Small.Start(data);
        _ = run.Events().Count();
        TemperatureFit fitted = Fitted(run, data);
        Metrics.Evaluation test = run.Evaluate(data.Test);

        Assert.InRange(fitted.Likeliest, TemperatureScaling.Lowest * 1.01, TemperatureScaling.Highest * 0.99);
        Assert.Equal(fitted, test.Fit);
        Assert.Equal(fitted.Temperature, test.Temperature);
    }

    [Fact]
    public void WhereAllValidationExamplesAreRightTheTemperatureIsOne()
    {
        using Dataset data = Squares();
        using TrainingRun run = Small.Start(data);
        _ = run.Events().Count();

        Metrics.Evaluation test = run.Evaluate(data.Test);
        Assert.Equal(TemperatureScaling.Lowest, test.Fit!.Likeliest);
        Assert.Equal((false, 1.0), (test.Fit.Kept, test.Temperature));
    }

    [Fact]
    public void WithoutValidationExamplesTheTemperatureIsOne()
    {
        using Dataset data = Squares();
        using TrainingRun run = (Small with { Validation = 0 }).Start(data);

        Metrics.Evaluation test = run.Evaluate(data.Test);
        Assert.Equal(1, test.Temperature);
        Assert.Null(test.Fit);
    }

    static TemperatureFit Fitted(TrainingRun run, Dataset data)
    {
        long[] labels = [.. run.Split.Validation.Select(index => (long)data.Training.Labels[index])];
        return TemperatureScaling.FitCautiously(run.Predict(data.Training, run.Split.Validation), 2, labels);
    }

    static ulong SeedOf(TrainingRun run)
    {
        using (run)
        {
            return run.Events().OfType<RunStarted>().First().Seed;
        }
    }

    // Dark images of one class, bright ones of the other, and some noise in both; of so many one has the wrong label.
    static Dataset Squares(int wrongEvery = int.MaxValue)
    {
        ImageShape shape = new(1, 4, 4);
        Examples Make(int count)
        {
            byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)((i + (i % wrongEvery == 3 && wrongEvery < int.MaxValue ? 1 : 0)) % 2))];
            byte[] pixels = [.. Enumerable.Range(0, count * shape.Count).Select(i => (byte)((i / shape.Count % 2 * 60) + (i * 37 % 101)))];
            return new Examples(pixels, labels, shape);
        }
        return new Dataset("squares", Make(100), Make(30), ["dark", "bright"]);
    }
}
