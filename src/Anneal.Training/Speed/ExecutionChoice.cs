using Anneal.Runs;
using Anneal.Training.Recipes;

namespace Anneal.Training.Speed;

/// <summary>How a run is to be computed, and why so.</summary>
/// <param name="Settings">What was chosen. Setting <see cref="Torch.Engine.Threads"/> is left to the caller: it holds for the whole process.</param>
/// <param name="Evidence">What the choice rests on.</param>
public sealed record ExecutionChoice(ExecutionSettings Settings, ExecutionEvidence Evidence)
{
    /// <summary>A recipe that names the chosen precision and layout.</summary>
    public Recipe Apply(Recipe recipe) => recipe with { Precision = Settings.Precision, Layout = Settings.Layout };
}
