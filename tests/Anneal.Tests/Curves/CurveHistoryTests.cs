using Anneal.Curves;
using Anneal.Events;

namespace Anneal.Tests.Curves;

public class CurveHistoryTests
{
    static readonly TrainingEvent[] Events =
    [
        new RunStarted
        {
            Step = 0, Seconds = 0, Model = "mlp", Parameters = 10, Steps = 20, StepsPerEpoch = 10,
            TrainingExamples = 100, ValidationExamples = 10, Classes = 10, Seed = 1,
        },
        Step(5, 2.0, 0.1),
        new EpochEnded { Step = 10, Seconds = 1, Epoch = 0, TrainingLoss = 1.5, TrainingAccuracy = 0.5, ExamplesPerSecond = 1 },
        Evaluation(10, 1, 0.6),
        Step(15, 1.0, 0.05),
        new EpochEnded { Step = 20, Seconds = 2, Epoch = 1, TrainingLoss = 0.9, TrainingAccuracy = 0.7, ExamplesPerSecond = 1 },
        Evaluation(20, 2, 0.65),
        new Evaluated { Step = 20, Seconds = 2, Split = "test", Loss = 9, Accuracy = 0.1, Examples = 10, Epochs = 2 },
        new RunEnded { Step = 20, Seconds = 2, Outcome = "completed", Reason = "All steps were made." },
    ];

    [Fact]
    public void PutsEveryCurveOnTheEpochAxis()
    {
        CurveHistory history = CurveHistory.From(Events);
        Assert.Equal([new(1, 1.5), new(2, 0.9)], history.TrainingLoss);
        Assert.Equal([new(1, 0.5), new(2, 0.7)], history.TrainingAccuracy);
        Assert.Equal([new(1, 0.6), new(2, 0.65)], history.ValidationAccuracy);
        Assert.Equal([new(0.5, 2.0), new(1.5, 1.0)], history.StepLoss);
        Assert.Equal([new(0.5, 0.1), new(1.5, 0.05)], history.LearningRate);
        Assert.Equal((10, "completed", 2.0), (history.Classes, history.Outcome, history.Epochs));
    }

    [Fact]
    public void FindsTheLengthOfAPassWithoutTheFirstLine() =>
        Assert.Equal([new(0.5, 2.0), new(1.5, 1.0)], CurveHistory.From(Events.Skip(1)).StepLoss);

    [Fact]
    public void FollowsTheAveragedWeightsWhereTheyAreMeasured()
    {
        CurveHistory history = CurveHistory.From([.. Events, Evaluation(20, 2, 0.8) with { Averaged = true }]);
        Assert.Equal([new(2, 0.8)], history.ValidationAccuracy);
    }

    [Fact]
    public void IsEmptyBeforeAnythingHappened()
    {
        CurveHistory history = CurveHistory.From([]);
        Assert.Empty(history.TrainingLoss);
        Assert.Equal(0, history.Epochs);
    }

    static StepEnded Step(long step, double loss, double rate) => new()
    {
        Step = step, Seconds = 0, Epoch = 0, Loss = loss, GradientNorm = 1, ExamplesPerSecond = 1,
        Values = new Dictionary<string, double> { ["learning-rate"] = rate },
    };

    static Evaluated Evaluation(long step, double epochs, double accuracy) => new()
    {
        Step = step, Seconds = 0, Split = "validation", Loss = 1, Accuracy = accuracy, Examples = 10, Epochs = epochs,
    };
}
