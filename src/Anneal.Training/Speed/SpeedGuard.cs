using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;

namespace Anneal.Training.Speed;

/// <summary>Watches a run's speed. Where it collapses, the run says so and goes on with one thread from its next pass over the data on.</summary>
/// <remarks>
/// It decides by a clock, so two runs of a recipe may decide differently; what was decided is in the log, and a run that is resumed does the
/// same at the same steps. It sets <see cref="Engine.Threads"/>, which holds for the whole process: a run has a guard only where it is given one.
/// </remarks>
/// <param name="threads">Threads that the run begins with.</param>
/// <param name="setThreads">Sets the number of threads; libtorch's unless given.</param>
public sealed class SpeedGuard(int threads, Action<int>? setThreads = null)
{
    readonly Action<int> setThreads = setThreads ?? (count => Engine.Threads = count);
    readonly SpeedWatch watch = new();
    readonly Queue<SpeedCollapsed> logged = [];
    SpeedCollapsed? planned;
    int threads = threads;

    /// <summary>Tells of the past of a run that is resumed, before <see cref="Loop.TrainingRun.Events"/> goes on.</summary>
    /// <param name="past">Events up to the checkpoint.</param>
    /// <param name="undone">Events after it, of steps that are made again.</param>
    public void Recall(IEnumerable<TrainingEvent> past, IEnumerable<TrainingEvent> undone)
    {
        foreach (SpeedCollapsed happened in past.OfType<SpeedCollapsed>())
        {
            Plan(happened);
        }
        foreach (SpeedCollapsed happened in undone.OfType<SpeedCollapsed>())
        {
            logged.Enqueue(happened);
        }
    }

    /// <summary>Changes the threads where the time for it has come.</summary>
    /// <param name="step">Updates made so far.</param>
    internal void Before(long step)
    {
        if (planned is { Threads: { } count, FromStep: { } from } && step >= from)
        {
            planned = null;
            threads = count;
            setThreads(count);
        }
    }

    /// <summary>Takes an update in; what happened, where its speed has collapsed.</summary>
    /// <param name="step">Updates made, this one included.</param>
    /// <param name="took">Seconds that it took.</param>
    /// <param name="length">The run's length.</param>
    /// <param name="seconds">Seconds of training so far.</param>
    internal SpeedCollapsed? Updated(long step, double took, RunLength length, double seconds)
    {
        if (logged.TryPeek(out SpeedCollapsed? next))
        {
            return next.Step == step ? Plan(logged.Dequeue() with { Seconds = seconds }) : null;
        }
        if (watch.Observe(took) is not { } collapse)
        {
            return null;
        }
        long from = (step + length.StepsPerEpoch - 1) / length.StepsPerEpoch * length.StepsPerEpoch;
        bool changes = threads > 1 && planned is null && from < length.Steps;
        return Plan(new SpeedCollapsed
        {
            Step = step,
            Seconds = seconds,
            UsualSeconds = collapse.Usual,
            SlowSeconds = collapse.Slow,
            Threads = changes ? 1 : null,
            FromStep = changes ? from : null,
        });
    }

    SpeedCollapsed Plan(SpeedCollapsed happened)
    {
        planned = happened.Threads is null ? planned : happened;
        return happened;
    }
}
