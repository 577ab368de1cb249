using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Models;

namespace Anneal.Training.Tests.Evaluation;

public sealed class SplitEvaluationTests
{
    static readonly float[] Logits =
    [
        2, 0, // right
        0, 1, // right
        3, 0, // wrong, sure
        1, 0, // wrong, less sure
    ];

    static readonly byte[] Labels = [0, 1, 1, 1];

    [Fact]
    public void CountsWhatWasSaidOfEachClass()
    {
        using Examples examples = Make(Labels);
        Metrics.Evaluation evaluation = SplitEvaluation.Measure("test", examples, null, Logits, ["a", "b"], 1);
        Assert.Equal(0.5, evaluation.Accuracy);
        Assert.Equal([[1, 0], [2, 1]], evaluation.Confusion);
        double expected = (Loss(2) + Loss(1) + Loss(-3) + Loss(-1)) / 4;
        Assert.Equal(expected, evaluation.Loss, 1e-12);
        Assert.Equal((4, "test"), (evaluation.Examples, evaluation.Split));
    }

    [Fact]
    public void ShowsTheSurestMistakeFirstWithItsPixels()
    {
        using Examples examples = Make(Labels);
        Metrics.Evaluation evaluation = SplitEvaluation.Measure("test", examples, null, Logits, ["a", "b"], 2);
        Assert.Equal([2, 3], evaluation.Mistakes.Select(mistake => mistake.Index));
        Assert.Equal(1 / (1 + Math.Exp(-1.5)), evaluation.Mistakes[0].Confidence, 1e-12);
        Assert.Equal([20, 21, 22, 23], evaluation.Mistakes[0].Pixels);
        Assert.Equal([1, 2, 2], evaluation.Mistakes[0].Shape);
        Assert.Equal((1, 0), (evaluation.Mistakes[0].Label, evaluation.Mistakes[0].Predicted));
        Assert.Equal([0, 1, 2, 3], evaluation.Samples.Select(sample => sample.Index));
    }

    [Fact]
    public void TakesASplitThatIsPartOfTheExamples()
    {
        using Examples examples = Make(Labels);
        Metrics.Evaluation evaluation = SplitEvaluation.Measure("validation", examples, [3, 1], [5, 0, 0, 5], ["a", "b"], 1);
        Assert.Equal([[0, 0], [1, 1]], evaluation.Confusion);
        Assert.Equal(0, Assert.Single(evaluation.Mistakes).Index);
        Assert.Equal([30, 31, 32, 33], evaluation.Mistakes[0].Pixels);
    }

    [Fact]
    public void SpreadsItsSamplesOverALargeSplit()
    {
        using Examples examples = Make(new byte[240]);
        Metrics.Evaluation evaluation = SplitEvaluation.Measure("test", examples, null, new float[480], ["a", "b"], 1);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i * 10), evaluation.Samples.Select(sample => sample.Index));
    }

    static double Loss(double margin) => Math.Log(1 + Math.Exp(-margin));

    static Examples Make(byte[] labels) =>
        new([.. Enumerable.Range(0, labels.Length).SelectMany(i => Enumerable.Range(0, 4).Select(place => (byte)((i * 10) + place)))], labels, new ImageShape(1, 2, 2));
}
