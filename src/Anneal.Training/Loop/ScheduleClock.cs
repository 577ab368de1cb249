using Anneal.Durations;
using Anneal.Events;
using Anneal.Schedules;
using Anneal.Training.Augmentation;
using Anneal.Training.Rates;
using Anneal.Training.Recipes;

namespace Anneal.Training.Loop;

/// <summary>Every scheduled value of a recipe on one clock: the updates made so far.</summary>
public sealed class ScheduleClock
{
    /// <summary>The name of the weight noise's σ.</summary>
    internal const string WeightNoise = "weight-noise";

    // Looking at so many steps takes less than 15 ms a value.
    const int MostSteps = 1_000_000;

    readonly KeyValuePair<string, Schedule>[] schedules;
    readonly KeyValuePair<string, Schedule>[] untold;

    /// <summary>Resolves all schedules of a recipe for a run.</summary>
    /// <exception cref="RecipeException">A schedule does not fit the run, or leaves a technique's range at any of its steps.</exception>
    public ScheduleClock(Recipe recipe, RunLength length)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        KeyValuePair<string, ScheduleText>[] texts =
        [
            KeyValuePair.Create("learning-rate", recipe.LearningRate),
            .. recipe.Optimizer.Schedules,
            .. recipe.Loss.Schedules,
            .. recipe.Augmentation.SelectMany(transform => transform.Schedules),
            .. recipe.WeightNoise is { } noise ? [KeyValuePair.Create(WeightNoise, noise)] : Array.Empty<KeyValuePair<string, ScheduleText>>(),
        ];
        HashSet<string> names = [];
        foreach ((string name, _) in texts)
        {
            if (!names.Add(name))
            {
                throw new RecipeException($"Each scheduled value must have a name of its own. Received: '{name}' twice; use one of the techniques that have it.");
            }
        }
        schedules = [.. texts.Select(named => KeyValuePair.Create(named.Key, Resolve(named.Key, named.Value, length)))];
        if (recipe.BatchScaling is { } scaling)
        {
            (string rate, Schedule unscaled) = schedules[0];
            schedules[0] = KeyValuePair.Create<string, Schedule>(rate, new Scaled(unscaled, FactorOf(scaling, length)));
        }
        untold = [.. schedules];
        CheckedSteps = [.. KeySteps(length)
            .Concat(schedules.Zip(texts).SelectMany(both => Extremes(both.First.Key, both.Second.Value, both.First.Value, length)))
            .Distinct().Order()];
        Check(recipe);
    }

    /// <summary>All values by name, such as <c>learning-rate</c> and <c>momentum</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, Schedule>> Schedules => schedules;

    /// <summary>The name of a schedule that reacts to validation measurements; null where none does.</summary>
    public string? NeedsValidation =>
        schedules.FirstOrDefault(named => named.Value.Reactive?.Metric is PlateauMetric.ValidationLoss or PlateauMetric.ValidationAccuracy).Key;

    /// <summary>Steps of a run, from its first to its last, at which values are looked at before it starts.</summary>
    public static IEnumerable<long> KeySteps(RunLength length) => [0, length.Steps / 4, length.Steps / 2, length.Steps * 3 / 4, length.Steps - 1];

    /// <summary>Steps of the run at which values were looked at, in order: key points, and where each value is smallest and largest.</summary>
    internal IReadOnlyList<long> CheckedSteps { get; }

    /// <summary>Writes all values at a step.</summary>
    /// <param name="step">Updates made before it.</param>
    /// <param name="values">Receives them by name.</param>
    public void Read(long step, IDictionary<string, double> values)
    {
        foreach ((string name, Schedule schedule) in schedules)
        {
            values[name] = schedule.At(step);
        }
    }

    /// <summary>Tells schedules that react to measurements of one. Their state follows from the events alone: a resumed run tells them its past again.</summary>
    /// <param name="happened">Any event of the run, in order.</param>
    public void Observe(TrainingEvent happened)
    {
        for (int i = 0; i < schedules.Length; i++)
        {
            (string name, Schedule schedule) = schedules[i];
            if (schedule.Reactive is { } plateau && Measured(plateau.Metric, happened) is { } measured)
            {
                schedules[i] = KeyValuePair.Create(name, schedule.Observe(happened.Step, measured));
            }
        }
    }

    /// <summary>Forgets all that <see cref="Observe"/> was told.</summary>
    public void Forget() => Array.Copy(untold, schedules, schedules.Length);

    static double? Measured(PlateauMetric metric, TrainingEvent happened) => (metric, happened) switch
    {
        (PlateauMetric.ValidationLoss, Evaluated { Split: "validation" } evaluated) => evaluated.Loss,
        (PlateauMetric.ValidationAccuracy, Evaluated { Split: "validation" } evaluated) => evaluated.Accuracy,
        (PlateauMetric.TrainingLoss, EpochEnded epoch) => epoch.TrainingLoss,
        _ => null,
    };

    void Check(Recipe recipe)
    {
        Dictionary<string, double> values = [];
        foreach (long step in CheckedSteps)
        {
            Read(step, values);
            try
            {
                recipe.Optimizer.Check(values);
                recipe.Loss.Check(values);
                foreach (IBatchTransform transform in recipe.Augmentation)
                {
                    transform.Check(values);
                }
            }
            catch (ArgumentException e)
            {
                throw new RecipeException($"At step {step}: {e.Message}", e);
            }
        }
    }

    static double FactorOf(BatchScaling scaling, RunLength length)
    {
        try
        {
            return scaling.For(length.BatchSize);
        }
        catch (ArgumentException e)
        {
            throw new RecipeException($"batch-scaling: {e.Message}", e);
        }
    }

    static Schedule Resolve(string name, ScheduleText text, RunLength length)
    {
        Schedule schedule;
        try
        {
            schedule = text.Resolve(length);
        }
        catch (FormatException e)
        {
            throw new RecipeException($"{name}: {e.Message}", e);
        }
        return schedule;
    }

    // The steps at which a value is smallest and largest: what a technique takes there it takes at all others.
    static IEnumerable<long> Extremes(string name, ScheduleText text, Schedule schedule, RunLength length)
    {
        (long smallest, long largest) = (0, 0);
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (long step in StepsToLookAt(schedule, length.Steps))
        {
            double value = schedule.At(step);
            // Rates, momenta and shares are never negative; one that is at any step is a slip.
            if (!(value >= 0 && double.IsFinite(value)))
            {
                throw new RecipeException($"{name}: a scheduled value must be at least 0. Received: {value} at step {step} of {text}.");
            }
            if (value < low)
            {
                (low, smallest) = (value, step);
            }
            if (value > high)
            {
                (high, largest) = (value, step);
            }
        }
        return [smallest, largest];
    }

    // All of them where that takes some milliseconds; else a million of them, and the borders of the pieces.
    static IEnumerable<long> StepsToLookAt(Schedule schedule, long steps)
    {
        Schedule inner = schedule is Scaled scaled ? scaled.Schedule : schedule;
        if (inner is Constant or Plateau)
        {
            return [0];
        }
        if (steps <= MostSteps)
        {
            return Enumerable.Range(0, (int)steps).Select(step => (long)step);
        }
        IEnumerable<long> borders = inner is Joined joined ? joined.Starts.SelectMany(start => new[] { start - 1, start, start + 1 }) : [];
        IEnumerable<long> spread = Enumerable.Range(0, MostSteps).Select(i => (long)((Int128)steps * i / MostSteps));
        return spread.Concat(borders).Append(steps - 1).Where(step => step >= 0 && step < steps).Order();
    }
}
