using System.Globalization;
using Anneal.Durations;
using Anneal.Events;

namespace Anneal.Cli.Display;

/// <summary>Where a run stands, in the numbers that a person wants to see.</summary>
sealed class RunProgress(RunLength length)
{
    (long Step, double Seconds)? begin;
    double seconds;

    internal long Step { get; private set; }

    internal long Steps => length.Steps;

    internal long Epochs => (length.Steps + length.StepsPerEpoch - 1) / length.StepsPerEpoch;

    internal long Epoch => Math.Min((Math.Max(Step - 1, 0) / length.StepsPerEpoch) + 1, Epochs);

    internal double Share => (double)Step / length.Steps;

    internal StepEnded? Latest { get; private set; }

    internal Evaluated? Validation { get; private set; }

    internal double? Best { get; private set; }

    internal long Skipped { get; private set; }

    internal TimeSpan Elapsed => TimeSpan.FromSeconds(seconds);

    /// <summary>Time to the last step at the speed so far; null before there is one.</summary>
    internal TimeSpan? Left => begin is { } from && Step > from.Step
        ? TimeSpan.FromSeconds((seconds - from.Seconds) / (Step - from.Step) * (length.Steps - Step))
        : null;

    internal void See(TrainingEvent happened)
    {
        (Step, seconds) = (happened.Step, happened.Seconds);
        switch (happened)
        {
            case StepEnded step:
                // The first steps are slower than all others: libtorch chooses its algorithms in them.
                begin ??= (step.Step, step.Seconds);
                Latest = step;
                break;
            case Evaluated evaluated:
                Validation = evaluated;
                Best = Math.Max(Best ?? 0, evaluated.Accuracy);
                break;
            case StepSkipped skipped:
                Skipped = skipped.InTotal;
                break;
            case RunResumed:
                begin = (Step, seconds);
                break;
            default:
                break;
        }
    }

    /// <summary>Everything in one line.</summary>
    public override string ToString()
    {
        List<string> parts = [$"epoch {Epoch}/{Epochs}", $"step {Step}/{Steps}"];
        if (Latest is { } latest)
        {
            parts.Add($"rate {Words.Number(latest.Values.GetValueOrDefault("learning-rate"))}");
            parts.Add($"loss {Words.Number(latest.Loss)}");
        }
        if (Validation is { } validation)
        {
            parts.Add($"accuracy {Words.Percent(validation.Accuracy)}");
        }
        if (Latest is { } speed)
        {
            parts.Add($"{speed.ExamplesPerSecond.ToString("#,0", CultureInfo.InvariantCulture)} images/s");
        }
        if (Skipped > 0)
        {
            parts.Add($"{Skipped} skipped");
        }
        if (Left is { } left)
        {
            parts.Add($"{Words.Time(left)} left");
        }
        return string.Join("  ", parts);
    }
}
