using Anneal.Schedules;
using Anneal.Durations;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;

namespace Anneal.Training.Tests.Optimizers;

/// <summary>Parameters named p0, p1, … in one group.</summary>
static class Group
{
    public static ParameterGroup Of(params Parameter[] parameters) =>
        new() { Parameters = [.. parameters.Select((parameter, k) => KeyValuePair.Create($"p{k}", parameter))] };
}

/// <summary>An optimizer's own values at the first step, with a learning rate.</summary>
static class Values
{
    public static Dictionary<string, double> Of(Optimizer recipe, double rate)
    {
        Dictionary<string, double> values = new() { ["learning-rate"] = rate };
        foreach ((string name, ScheduleText text) in recipe.Schedules)
        {
            values[name] = text.Resolve(new RunLength(10, 10, 1)).At(0);
        }
        return values;
    }
}
