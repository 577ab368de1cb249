using Anneal.Search;
using Anneal.Text;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Inspection;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning.Steps;

/// <summary>Step 1 of the seven: with weight decay off, the first loss must be near log C, and activations neither vanish nor explode.</summary>
sealed class CheckInitialLoss : IStudyStep
{
    /// <summary>How far the first loss may be from log C, as a share of it: the scores then differ by about one unit at most.</summary>
    const double Tolerance = 0.25;

    const string Title = "Check the initial loss";

    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        if (!course.Begin(1, Title))
        {
            return;
        }
        double began = course.Clock.Spent;
        Recipe recipe = course.Recipe;
        StepFinding measured = Measure(recipe, course.Data);
        string more = "";
        // The one cause there is a remedy for: a head whose scores are too large says so by a loss above log C.
        for (int tries = 0; !measured.Passed && tries < 3; tries++)
        {
            Recipe quieter = recipe with { Initialization = recipe.Initialization with { HeadGain = recipe.Initialization.HeadGain / 4 } };
            StepFinding again = Measure(quieter, course.Data);
            if (Distance(again) >= Distance(measured))
            {
                break;
            }
            more = $" With the last layer's initialization at {NumberText.Format(quieter.Initialization.HeadGain)} of its size:";
            (recipe, measured) = (quieter, again);
        }
        course.Save(recipe);
        course.Found(measured with { Finding = (more + " " + measured.Finding).Trim() }, began);
    }

    static double Distance(StepFinding measured) => Math.Abs(measured.Numbers["loss"] - measured.Numbers["log-classes"]);

    /// <summary>What the step finds; the seconds are the caller's to count.</summary>
    internal static StepFinding Measure(Recipe recipe, Dataset data)
    {
        using TrainingRun run = new(recipe with { Duration = "1st" }, data);
        int[] some = [.. run.Split.Training.Take(512)];
        using TensorScope scope = new();
        using GradientMode.Restore off = GradientMode.Off();
        Normalization normalization = Normalization.Of(data, run.Execution.Layout);
        Tensor images = normalization.Apply(
            data.Training.Images.IndexSelect(0, Tensor.From(Array.ConvertAll(some, index => (long)index)).To(run.Execution.Device, DType.Int64)));
        (IReadOnlyList<LayerActivation> layers, float[] logits) = ActivationTable.Of(run.Model, images);
        long[] labels = Array.ConvertAll(some, index => (long)data.Training.Labels[index]);
        double loss = Metrics.NegativeLogLikelihood.Mean(logits, data.Classes.Count, labels);
        double expected = Math.Log(data.Classes.Count);
        double ratio = loss / expected;
        bool passed = Math.Abs(ratio - 1) <= Tolerance;
        double spread = Math.Sqrt(logits.Average(score => (double)score * score));
        string worst = layers.Where(layer => layer.Verdict != "just right").Select(layer => $"{layer.Layer} ({layer.Verdict})").FirstOrDefault() ?? "";
        string cause = passed
            ? "The network starts without a preference."
            : $"The scores are {(ratio > 1 ? "too large" : "off")} at initialization (root mean square {spread:0.00}): scale the last layer down.";
        string activations = worst.Length == 0 ? "Activations of all layers are just right." : $"First layer to look at: {worst}.";
        return new StepFinding
        {
            Step = 1,
            Title = Title,
            Passed = passed,
            Finding = $"First loss {loss:0.000} for {data.Classes.Count} classes, where log C = {expected:0.000} ({ratio:P0}). {cause} {activations}",
            Numbers = new Dictionary<string, double> { ["loss"] = loss, ["log-classes"] = expected, ["score-rms"] = spread },
            Layers = layers,
            Seconds = 0,
        };
    }
}
