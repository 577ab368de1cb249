using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Training.Recipes;

namespace Anneal.Training.Loop;

/// <summary>Every scheduled value of a recipe on one clock: the updates made so far.</summary>
public sealed class ScheduleClock
{
    readonly KeyValuePair<string, Schedule>[] schedules;

    /// <summary>Resolves all schedules of a recipe for a run.</summary>
    /// <exception cref="RecipeException">A schedule does not fit the run.</exception>
    public ScheduleClock(Recipe recipe, RunLength length)
    {
        IEnumerable<KeyValuePair<string, ScheduleText>> texts =
        [
            KeyValuePair.Create("learning-rate", recipe.LearningRate),
            .. recipe.Optimizer.Schedules,
            .. recipe.Loss.Schedules,
            .. recipe.Augmentation.SelectMany(transform => transform.Schedules),
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
    }

    /// <summary>All values by name, such as <c>learning-rate</c> and <c>momentum</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, Schedule>> Schedules => schedules;

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
        // Rates, momenta and shares are never negative; one that is at any key point is a slip.
        foreach (long step in (ReadOnlySpan<long>)[0, length.Steps / 4, length.Steps / 2, length.Steps * 3 / 4, length.Steps - 1])
        {
            double value = schedule.At(step);
            if (!(value >= 0 && double.IsFinite(value)))
            {
                throw new RecipeException($"{name}: a scheduled value must be at least 0. Received: {value} at step {step} of {text}.");
            }
        }
        return schedule;
    }
}
