using System.Text.Json;
using Anneal.Curves;

namespace Anneal.Tests.Curves;

/// <summary>A real run whose condition is known, as <c>corpus/make.py</c> recorded it.</summary>
sealed record LabelledRun(string Condition, string Network, string Data, int Recipe, int Seed, CurveHistory Curves);

/// <summary>Curves of small networks trained in known ways; <c>corpus/make.py</c> made them.</summary>
static class CurveCorpus
{
    public static IReadOnlyList<LabelledRun> Read(IEnumerable<string> lines) => [.. lines.Select(Read)];

    static LabelledRun Read(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement run = document.RootElement;
        double stepsPerEpoch = run.GetProperty("steps-per-epoch").GetDouble();
        double[] passes = [.. Enumerable.Range(1, run.GetProperty("training-loss").GetArrayLength()).Select(epoch => (double)epoch)];
        double[] measured = Numbers(run, "validation-epochs");
        double[] steps = [.. Numbers(run, "step").Select(step => step / stepsPerEpoch)];
        int classes = run.GetProperty("classes").GetInt32();
        double smoothing = run.GetProperty("smoothing").GetDouble();
        return new LabelledRun(
            run.GetProperty("condition").GetString()!, run.GetProperty("network").GetString()!, run.GetProperty("data").GetString()!,
            run.GetProperty("recipe").GetInt32(), run.GetProperty("seed").GetInt32(),
            new CurveHistory
            {
                Classes = classes,
                Outcome = run.GetProperty("outcome").GetString(),
                ValidationExamples = run.GetProperty("validation-examples").GetInt64(),
                PlannedEpochs = run.GetProperty("steps").GetDouble() / stepsPerEpoch,
                LossFloor = smoothing > 0 ? Floor(smoothing, classes) : 0,
                TrainingLoss = Curve(passes, Numbers(run, "training-loss")),
                TrainingAccuracy = Curve(passes, Numbers(run, "training-accuracy")),
                ValidationLoss = Curve(measured, Numbers(run, "validation-loss")),
                ValidationAccuracy = Curve(measured, Numbers(run, "validation-accuracy")),
                StepLoss = Curve(steps, Numbers(run, "step-loss")),
                LearningRate = Curve(steps, Numbers(run, "learning-rate")),
            });
    }

    static double Floor(double smoothing, int classes)
    {
        double other = smoothing / classes;
        double right = 1 - smoothing + other;
        return -(right * Math.Log(right)) - (classes - 1) * other * Math.Log(other);
    }

    static double[] Numbers(JsonElement run, string name) => [.. run.GetProperty(name).EnumerateArray().Select(Number)];

    // The log writes what JSON has no form for as text.
    static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString() switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => double.NaN }
        : value.GetDouble();

    static IReadOnlyList<CurvePoint> Curve(double[] at, double[] values) => [.. at.Zip(values, (x, y) => new CurvePoint(x, y))];
}
