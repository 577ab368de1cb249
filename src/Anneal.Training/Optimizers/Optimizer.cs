using Anneal.Schedules;

namespace Anneal.Training.Optimizers;

/// <summary>How gradients change the weights: a value of a recipe. The learning rate is the recipe's own.</summary>
public abstract record Optimizer
{
    /// <summary>The values that may change during training, by the name under which each step is given them.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules { get; }

    /// <summary>Sees to it that a step could be made with these values. A run asks before it starts, for its key steps and the extremes of each value.</summary>
    /// <param name="values">Scheduled values by name, as <see cref="IOptimizer.Step"/> receives them.</param>
    /// <exception cref="ArgumentException">One is missing or out of its range.</exception>
    public virtual void Check(IReadOnlyDictionary<string, double> values)
    {
    }

    /// <summary>An optimizer of these parameters, with its state at the start of training.</summary>
    /// <param name="groups">Each parameter in one group.</param>
    /// <exception cref="ArgumentException">A parameter is in two groups.</exception>
    public abstract IOptimizer Bind(IReadOnlyList<ParameterGroup> groups);
}
