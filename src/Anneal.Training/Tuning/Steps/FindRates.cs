using Anneal.Curves;
using Anneal.Durations;
using Anneal.Events;
using Anneal.Search;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning.Steps;

/// <summary>Step 3 of the seven: which learning rates make the loss go down, by trying four and by a continuous sweep. Runs on clones: nothing it trains is kept.</summary>
sealed class FindRates : IStudyStep
{
    // Its five short trainings together may take this share of the budget.
    const double Share = 0.08;
    const int MostIterations = 100;
    const int FewestIterations = 30;
    const int Trainings = 5;
    const double LowestRate = 1e-6;
    const double HighestRate = 10;

    const string Title = "Find the learning rate that makes the loss go down";

    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        if (!course.Begin(3, Title))
        {
            return;
        }
        double began = course.Clock.Spent;
        Recipe recipe = course.Recipe;
        double affordable = Share * course.Clock.Budget * course.State.ImagesPerSecond / (recipe.BatchSize * recipe.Accumulation) / Trainings;
        double ends = began + (1.25 * Share * course.Clock.Budget);
        StepFinding measured = Measure(
            recipe, course.Data, (int)Math.Clamp(affordable, FewestIterations, MostIterations), () => course.Clock.Spent > ends, cancellation);
        double rate = measured.Suggestions[0].Rate;
        if (TrialLength.PerEpoch(recipe, course.Data) < MostIterations && measured.Numbers.TryGetValue("best rate tried", out double tried))
        {
            // A sweep that goes through a few examples again and again sees itself learn; what was tried holds as much.
            rate = Text.NumberText.Rounded(Math.Sqrt(rate * tried));
            measured = measured with
            {
                Finding = $"{measured.Finding} There are few examples: the search begins between the two, at {Text.NumberText.Format(rate)}.",
                Numbers = new Dictionary<string, double>(measured.Numbers) { ["suggested rate"] = rate },
            };
        }
        course.Keep(state => state with { SuggestedRate = rate });
        course.Save(RecipeChanges.WithPeak(recipe, rate));
        course.Found(measured, began);
    }

    /// <summary>What the step finds; the seconds are the caller's to count.</summary>
    internal static StepFinding Measure(Recipe recipe, Dataset data, int iterations, Func<bool> late, CancellationToken cancellation)
    {
        Recipe light = Plain.Of(recipe) with { Optimizer = Plain.WithDecay(recipe.Optimizer, 1e-5), Validation = recipe.Validation };
        List<NamedCurve> curves = [];
        Dictionary<string, double> numbers = [];
        // The lowest, should no training come to its end.
        (double Rate, double Loss) best = (1e-4, double.PositiveInfinity);
        double first = double.NaN;
        foreach (double rate in (ReadOnlySpan<double>)[1e-1, 1e-2, 1e-3, 1e-4])
        {
            (List<double> steps, List<double> losses) = Train(
                light with { LearningRate = rate, Duration = Duration.Steps(iterations) }, data, late, cancellation);
            curves.Add(new NamedCurve { Name = $"rate {rate}", X = steps, Y = losses });
            first = double.IsNaN(first) && losses.Count > 0 ? losses[0] : first;
            double end = losses.Count == iterations ? losses[^10..].Average() : double.NaN;
            numbers[$"loss at rate {rate}"] = end;
            if (end < best.Loss)
            {
                best = (rate, end);
            }
        }
        bool unswept = late();
        (double[] rates, double[] swept) = unswept
            ? ([], [])
            : new RateSweep { From = LowestRate, To = HighestRate, Iterations = iterations }.Run(light, data, cancellation: cancellation);
        RangeTestAnalysis analysis = RangeTest.Analyse(rates, swept);
        if (!unswept)
        {
            curves.Add(new NamedCurve { Name = "range test", X = analysis.Smoothed.X, Y = swept[..analysis.Smoothed.X.Count] });
            curves.Add(new NamedCurve { Name = "range test, smoothed", X = analysis.Smoothed.X, Y = analysis.Smoothed.Y });
        }
        bool fell = best.Loss < 0.9 * first;
        IReadOnlyList<SuggestedRate> suggestions = analysis.Suggestions.Count > 0
            ? analysis.WithCycle()
            : [new SuggestedRate { Rule = "tried", Rate = best.Rate, Reason = unswept ? "The lowest loss of the rates tried; there was no time for a range test." : $"The lowest loss of the rates tried; the range test suggests none: {analysis.Refusal}" }];
        if (fell)
        {
            numbers["best rate tried"] = best.Rate;
        }
        numbers["suggested rate"] = suggestions[0].Rate;
        return new StepFinding
        {
            Step = 3,
            Title = Title,
            Passed = fell,
            Finding = fell
                ? $"Of the rates tried, {best.Rate} brought the loss down most, from {first:0.00} to {best.Loss:0.00} in {iterations} steps. {(unswept ? "There was no time for a range test" : $"The range test suggests {suggestions[0].Rate:0.0000} ({suggestions[0].Rule})")}."
                : $"No rate from 1e-4 to 1e-1 brought the loss down by a tenth of {first:0.00} in {iterations} steps; the best was {best.Rate} with {best.Loss:0.00}.",
            Numbers = numbers,
            Curves = curves,
            Suggestions = suggestions,
            Seconds = 0,
        };
    }

    static (List<double> Steps, List<double> Losses) Train(Recipe recipe, Dataset data, Func<bool> late, CancellationToken cancellation)
    {
        List<double> steps = [];
        List<double> losses = [];
        // Only its own steps are wanted: validation would cost more than they do.
        using TrainingRun run = new(recipe with { LogEvery = "1st", EvaluateEvery = Duration.Steps(MostIterations * 2L) }, data);
        foreach (TrainingEvent happened in run.Events(cancellation))
        {
            if (happened is not StepEnded step)
            {
                continue;
            }
            steps.Add(step.Step);
            losses.Add(step.Loss);
            if (step.Step >= run.Length.Steps || late())
            {
                break;
            }
        }
        cancellation.ThrowIfCancellationRequested();
        return (steps, losses);
    }
}
