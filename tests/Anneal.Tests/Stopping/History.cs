using Anneal.Events;

namespace Anneal.Tests.Stopping;

static class History
{
    public static Evaluated Validation(long step, double accuracy, double loss = 1, bool averaged = false) => new()
    {
        Step = step, Seconds = step, Split = "validation", Loss = loss, Accuracy = accuracy, Examples = 100, Epochs = step / 10.0, Averaged = averaged,
    };

    public static Evaluated Test(long step, double accuracy) => Validation(step, accuracy) with { Split = "test" };

    public static EpochEnded Epoch(int epoch, double loss = 1, int stepsPerEpoch = 10) => new()
    {
        Step = (epoch + 1) * stepsPerEpoch, Seconds = (epoch + 1) * stepsPerEpoch, Epoch = epoch, TrainingLoss = loss, TrainingAccuracy = 0.5, ExamplesPerSecond = 1,
    };

    public static StepEnded Step(long step) => new()
    {
        Step = step, Seconds = step, Epoch = 0, Loss = 1, GradientNorm = 1, ExamplesPerSecond = 1, Values = new Dictionary<string, double>(),
    };

    public static StepSkipped Skipped(int inARow, long inTotal) => new() { Step = 7, Seconds = 7, Cause = "loss", InARow = inARow, InTotal = inTotal };

    public static CheckpointSaved Saved(long step, string reason, string? error = null) =>
        new() { Step = step, Seconds = step, File = $"{step}.safetensors", Reason = reason, Error = error };
}
