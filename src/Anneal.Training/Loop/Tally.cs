using Anneal.Durations;
using Anneal.Events;
using Anneal.Training.Checkpoints;

namespace Anneal.Training.Loop;

/// <summary>What the updates come to: sums that become events. The sums are part of a run's progress, so a resumed run goes on adding.</summary>
/// <param name="length">How many updates, and how many of them a pass over the data takes.</param>
/// <param name="progress">The run's progress as it is now.</param>
sealed class Tally(RunLength length, Func<Progress> progress)
{
    /// <summary>Whether there is anything to tell of since the last logged step.</summary>
    internal bool HasSteps => progress().Log.TotalWeight > 0;

    /// <summary>Counts an update that was made.</summary>
    internal void Add(UpdateOutcome outcome)
    {
        progress().SkippedInARow = 0;
        Add(progress().Epoch, outcome);
        Add(progress().Log, outcome);
    }

    /// <summary>Counts an update that was not made, because a number was not finite.</summary>
    internal StepSkipped Skip(string cause, double seconds)
    {
        Progress now = progress();
        now.SkippedInARow++;
        now.SkippedInTotal++;
        return new StepSkipped { Step = now.Step, Seconds = seconds, Cause = cause, InARow = now.SkippedInARow, InTotal = now.SkippedInTotal };
    }

    /// <summary>The steps since the last logged one, and the sums anew.</summary>
    internal StepEnded StepEnded(UpdateOutcome last, IReadOnlyDictionary<string, double> values, double seconds)
    {
        Progress now = progress();
        RunningSums sums = now.Log;
        now.Log = new RunningSums { Since = seconds };
        return new StepEnded
        {
            Step = now.Step,
            Seconds = seconds,
            Epoch = (int)((now.Step - 1) / length.StepsPerEpoch),
            Loss = sums.Loss / sums.TotalWeight,
            GradientNorm = last.GradientNorm,
            ExamplesPerSecond = Speed(sums, seconds),
            Values = new Dictionary<string, double>(values),
        };
    }

    /// <summary>The steps of the pass, and the sums anew.</summary>
    internal EpochEnded EpochEnded(double seconds)
    {
        Progress now = progress();
        RunningSums sums = now.Epoch;
        now.Epoch = new RunningSums { Since = seconds };
        return new EpochEnded
        {
            Step = now.Step,
            Seconds = seconds,
            Epoch = (int)(now.Step / length.StepsPerEpoch) - 1,
            TrainingLoss = sums.Loss / sums.TotalWeight,
            TrainingAccuracy = (double)sums.Correct / sums.Examples,
            ExamplesPerSecond = Speed(sums, seconds),
        };
    }

    static void Add(RunningSums sums, UpdateOutcome outcome)
    {
        sums.Loss += outcome.LossSum;
        sums.Weight = sums.TotalWeight + outcome.Weight;
        sums.Correct += outcome.Correct;
        sums.Examples += outcome.Examples;
    }

    static double Speed(RunningSums sums, double seconds) => sums.Examples / Math.Max(seconds - sums.Since, 1e-9);
}
