using Anneal.Durations;
using Anneal.Events;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Samples;

/// <summary>A recipe that trains within milliseconds, and what its runs tell.</summary>
static class Small
{
    /// <summary>48 examples to train on, 12 to validate: five steps a pass, the last of eight examples.</summary>
    public static Recipe Recipe { get; } = new()
    {
        Model = new Mlp { Hidden = [8] },
        LearningRate = 0.1,
        Validation = 0.2,
        BatchSize = 10,
        Duration = Duration.Epochs(2),
        LogEvery = Duration.Steps(2),
        Precision = Precision.Float32,
        Seed = 7,
    };

    public static IReadOnlyList<TrainingEvent> Train(Recipe recipe, MemoryStore? store = null)
    {
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(recipe, data, store);
        return [.. run.Events()];
    }

    /// <summary>Kind and step, with what tells checkpoints apart.</summary>
    public static string Outline(IEnumerable<TrainingEvent> events) => string.Join(", ", events.Select(happened => happened switch
    {
        CheckpointSaved saved => $"{saved.Reason} {saved.Step}",
        RunEnded ended => $"{ended.Outcome} {ended.Step}",
        _ => $"{happened.GetType().Name} {happened.Step}",
    }));

    /// <summary>The events as lines, without what a clock measured.</summary>
    public static IEnumerable<string> Timeless(IEnumerable<TrainingEvent> events) => events.Select(happened => EventLines.Write(happened switch
    {
        StepEnded step => step with { Seconds = 0, ExamplesPerSecond = 0 },
        EpochEnded epoch => epoch with { Seconds = 0, ExamplesPerSecond = 0 },
        _ => happened with { Seconds = 0 },
    }));
}
