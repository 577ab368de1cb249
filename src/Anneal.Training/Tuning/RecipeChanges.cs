using System.Globalization;
using Anneal.Curves;
using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Text;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>Applies the doctor's changes and a study's draws to recipes whose rate is a one-cycle schedule.</summary>
static class RecipeChanges
{
    internal const string Rate = "learning-rate";
    internal const string Decay = "optimizer.weight-decay";

    /// <summary>The recipe after a change, and the new value as text; null where this recipe has no such number.</summary>
    internal static (Recipe Recipe, string Value)? Apply(Recipe recipe, RecipeChange change)
    {
        switch (change.Key)
        {
            case Rate:
                double rate = NumberText.Rounded(change.Apply(PeakOf(recipe)));
                return (WithPeak(recipe, rate), NumberText.Format(rate));
            case Decay:
                double decay = NumberText.Rounded(change.Apply(DecayOf(recipe)));
                return (recipe with { Optimizer = Plain.WithDecay(recipe.Optimizer, decay) }, NumberText.Format(decay));
            case "loss.smoothing" when recipe.Loss is CrossEntropy loss:
                double smoothing = change.Apply(double.TryParse(loss.Smoothing.ToString(), CultureInfo.InvariantCulture, out double old) ? old : 0);
                return (recipe with { Loss = loss with { Smoothing = smoothing } }, NumberText.Format(smoothing));
            case "model.width" when recipe.Model is ResNet9 net:
                int width = Math.Max(1, (int)Math.Round(change.Apply(net.Width)));
                return (recipe with { Model = net with { Width = width } }, width.ToString(CultureInfo.InvariantCulture));
            case "model.width" when recipe.Model is ConvNet net:
                int[] widths = [.. net.Widths.Select(wide => Math.Max(1, (int)Math.Round(change.Apply(wide))))];
                return (recipe with { Model = net with { Widths = widths } }, string.Join(" ", widths.Select(wide => wide.ToString(CultureInfo.InvariantCulture))));
            case "duration":
                Duration duration = Duration.Epochs(Math.Ceiling(change.Apply(recipe.Duration.Amount)));
                return (recipe with { Duration = duration }, duration.ToString());
            case "batch-size":
                int batch = Math.Max(1, (int)Math.Round(change.Apply(recipe.BatchSize)));
                return (recipe with { BatchSize = batch }, batch.ToString(CultureInfo.InvariantCulture));
            default:
                return null;
        }
    }

    /// <summary>The highest rate of a recipe's one-cycle schedule.</summary>
    internal static double PeakOf(Recipe recipe) =>
        double.Parse(recipe.LearningRate.Pieces[0].Arguments.First(argument => argument.Name is "max" or "value").Value, CultureInfo.InvariantCulture);

    internal static Recipe WithPeak(Recipe recipe, double rate) => recipe with { LearningRate = $"one-cycle(max={NumberText.Format(NumberText.Rounded(rate))})" };

    internal static double DecayOf(Recipe recipe)
    {
        ScheduleText? text = recipe.Optimizer switch { Sgd sgd => sgd.WeightDecay, AdamW adam => adam.WeightDecay, _ => null };
        return text?.Pieces[0].Arguments is [{ Value: var value }, ..] && double.TryParse(value, CultureInfo.InvariantCulture, out double decay) ? decay : 0;
    }
}
