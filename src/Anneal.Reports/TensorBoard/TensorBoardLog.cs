using Anneal.Events;

namespace Anneal.Reports.TensorBoard;

/// <summary>A run's events as TensorBoard curves.</summary>
/// <remarks>
/// Curves: <c>train/loss</c>, <c>train/gradient-norm</c>, <c>train/examples-per-second</c>, <c>schedule/NAME</c> for each
/// scheduled value, <c>epoch/loss</c>, <c>epoch/accuracy</c>, <c>SPLIT/loss</c> and <c>SPLIT/accuracy</c>
/// (<c>SPLIT-averaged</c> for averaged weights), <c>train/skipped-steps</c>.
/// </remarks>
public sealed class TensorBoardLog : IDisposable
{
    readonly TensorBoardWriter writer;

    /// <summary>Begins a log.</summary>
    /// <param name="writer">Begun for this run or this part of it. Owned: it closes with the log.</param>
    public TensorBoardLog(TensorBoardWriter writer) => this.writer = writer;

    /// <summary>Writes what an event has for TensorBoard; an event without numbers writes nothing.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="wallTime">When it happened.</param>
    public void Write(TrainingEvent happened, DateTimeOffset wallTime)
    {
        void Scalar(string tag, double value) => writer.Scalar(tag, happened.Step, value, wallTime);

        switch (happened)
        {
            case StepEnded step:
                Scalar("train/loss", step.Loss);
                Scalar("train/gradient-norm", step.GradientNorm);
                Scalar("train/examples-per-second", step.ExamplesPerSecond);
                foreach ((string name, double value) in step.Values.OrderBy(each => each.Key, StringComparer.Ordinal))
                {
                    Scalar($"schedule/{name}", value);
                }
                break;
            case EpochEnded epoch:
                Scalar("epoch/loss", epoch.TrainingLoss);
                Scalar("epoch/accuracy", epoch.TrainingAccuracy);
                break;
            case Evaluated evaluated:
                string split = evaluated.Averaged ? $"{evaluated.Split}-averaged" : evaluated.Split;
                Scalar($"{split}/loss", evaluated.Loss);
                Scalar($"{split}/accuracy", evaluated.Accuracy);
                break;
            case StepSkipped skipped:
                Scalar("train/skipped-steps", skipped.InTotal);
                break;
            case RunResumed:
                // The checkpoint holds this many updates: the next one is the first to come again.
                writer.Restart(happened.Step + 1, wallTime);
                break;
            default:
                break;
        }
    }

    /// <summary>Gives all points to the operating system.</summary>
    public void Flush() => writer.Flush();

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
