using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>A trial that a step asks for.</summary>
/// <param name="Number">From <see cref="TrialLedger.Take"/>.</param>
/// <param name="Parent">The trial it changes; null for a draw of its own.</param>
/// <param name="Step">The step that asks.</param>
/// <param name="Recipe">What is trained.</param>
/// <param name="Change">Recipe values that differ from the parent's, or were drawn.</param>
/// <param name="Hypothesis">What is expected.</param>
sealed record Trial(int Number, int? Parent, int Step, Recipe Recipe, IReadOnlyDictionary<string, string> Change, string Hypothesis);
