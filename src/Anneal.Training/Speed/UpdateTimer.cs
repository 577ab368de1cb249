using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Training.Speed;

/// <summary>Times the updates of throwaway runs of a recipe, one for each precision and layout. Disposing it puts threads and generator back.</summary>
sealed class UpdateTimer(Recipe recipe, Dataset data, TimeProvider time) : IUpdateTimer, IDisposable
{
    static readonly Duration Never = Duration.Steps(1L << 53);

    readonly int threads = Engine.Threads;
    readonly byte[] generator = Generator.GetState(Device.Cpu);
    readonly Dictionary<(Precision, Layout), Throwaway> runs = [];

    /// <inheritdoc/>
    public double Time(ExecutionSettings settings)
    {
        if (Engine.Threads != settings.Threads)
        {
            // Not each time: it makes the pools of threads anew.
            Engine.Threads = settings.Threads;
        }
        try
        {
            (Precision, Layout) key = (settings.Precision, settings.Layout);
            if (!runs.TryGetValue(key, out Throwaway? run))
            {
                run = runs[key] = new Throwaway(recipe with { Precision = settings.Precision, Layout = settings.Layout }, data);
            }
            long before = time.GetTimestamp();
            run.Update();
            return time.GetElapsedTime(before).TotalSeconds;
        }
        catch (TorchException) when (runs.Count > 1)
        {
            // Where there is no memory for this one beside the first, the run can still be made as the first was.
            return double.PositiveInfinity;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Throwaway run in runs.Values)
        {
            run.Dispose();
        }
        Engine.Threads = threads;
        Generator.SetState(Device.Cpu, generator);
    }

    sealed class Throwaway : IDisposable
    {
        readonly Func<TrainingRun> begin;
        TrainingRun run;
        IEnumerator<TrainingEvent> events;

        internal Throwaway(Recipe recipe, Dataset data)
        {
            // Every update tells that it was made; nothing is measured, saved, or ended before its time.
            Recipe told = recipe with { LogEvery = Duration.Steps(1), EvaluateEvery = Never, Stop = [] };
            begin = () => new TrainingRun(told, data);
            run = begin();
            events = run.Events().GetEnumerator();
        }

        internal void Update()
        {
            while (true)
            {
                if (!events.MoveNext())
                {
                    Dispose();
                    run = begin();
                    events = run.Events().GetEnumerator();
                }
                else if (events.Current is StepEnded or StepSkipped)
                {
                    return;
                }
            }
        }

        public void Dispose()
        {
            events.Dispose();
            run.Dispose();
        }
    }
}
