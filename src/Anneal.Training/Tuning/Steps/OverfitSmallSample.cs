using Anneal.Durations;
using Anneal.Events;
using Anneal.Search;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning.Steps;

/// <summary>Step 2 of the seven: ten mini-batches, nothing that regularizes, must be learned by heart; a network that cannot do that has a defect.</summary>
sealed class OverfitSmallSample : IStudyStep
{
    const int Batches = 10;
    const int MostEpochs = 40;
    // Of the budget: each of its trainings takes a third of it at most.
    const double Share = 0.06;

    const string Title = "Overfit a small sample";

    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        if (course.Begin(2, Title))
        {
            double began = course.Clock.Spent;
            course.Found(Measure(course.Recipe, course.Data, () => course.Clock.Spent - began, Share * course.Clock.Budget, cancellation), began);
        }
    }

    /// <summary>What the step finds; the seconds are the caller's to count.</summary>
    internal static StepFinding Measure(Recipe recipe, Dataset data, Func<double> spent, double seconds, CancellationToken cancellation)
    {
        DataSplit split = DataSplit.Stratified(data.Training.Labels, recipe.Validation, recipe.Seed);
        int count = Math.Min(Batches * recipe.BatchSize, split.Training.Length);
        using Dataset sample = Subset.Of(data, split.Training, count, recipe.Seed);
        List<NamedCurve> curves = [];
        if (count > 1 && Enumerable.Range(1, count - 1).All(i => sample.Training.Pixels(i).AsSpan().SequenceEqual(sample.Training.Pixels(0))))
        {
            return Found(
                false, $"All of {count} pictures are equal: there is nothing to tell their classes apart by. Look at the data.",
                new() { ["examples"] = count });
        }
        string remedy = "";
        double[] ends = [seconds / 3, 2 * seconds / 3, seconds];
        int tried = 0;
        foreach (double rate in (ReadOnlySpan<double>)[0.05, 0.01, 0.2])
        {
            Recipe plain = Plain.Of(recipe) with
            {
                Validation = 0,
                LearningRate = $"linear(from={rate / 10}, to={rate}) for 20st then constant({rate})",
                Duration = Duration.Epochs(MostEpochs),
                LogEvery = "1st",
            };
            using TrainingRun run = new(plain, sample);
            List<double> steps = [];
            List<double> losses = [];
            double accuracy = 0;
            string outcome = "";
            double ending = ends[tried++];
            foreach (TrainingEvent happened in run.Events(cancellation))
            {
                if (happened is StepEnded step)
                {
                    steps.Add(step.Step);
                    losses.Add(step.Loss);
                }
                if (spent() > ending)
                {
                    outcome = "late";
                    break;
                }
                if (happened is RunEnded ended)
                {
                    outcome = ended.Outcome;
                }
                if (happened is EpochEnded { TrainingAccuracy: > 0.97 } epoch)
                {
                    // The pass's own accuracy was measured while the weights changed; this one is not.
                    accuracy = Metrics.Accuracy.Top1(run.Predict(sample.Training), sample.Classes.Count, [.. sample.Training.Labels.ToArray().Select(label => (long)label)]);
                    if (accuracy == 1)
                    {
                        curves.Add(new NamedCurve { Name = $"training loss at rate {rate}", X = steps, Y = losses });
                        return Found(true, $"{count} examples learned by heart: 100 % training accuracy after {epoch.Step} steps at rate {rate}, with regularization and augmentation off.", new() { ["examples"] = count, ["steps"] = epoch.Step, ["rate"] = rate, ["accuracy"] = 1 });
                    }
                }
            }
            cancellation.ThrowIfCancellationRequested();
            curves.Add(new NamedCurve { Name = $"training loss at rate {rate}", X = steps, Y = losses });
            double first = losses.Count > 0 ? losses[0] : double.NaN;
            double last = losses.Count > 0 ? losses[^1] : double.NaN;
            remedy = outcome == "diverged" || last > 2 * first ? $"at rate {rate} the loss grew: the rate is too high"
                : last > 0.9 * first ? $"at rate {rate} the loss stayed near {first:0.00}: the initialization is bad or the network is too small"
                : $"at rate {rate} the loss fell from {first:0.00} to {last:0.00} but not to the end: the rate is too low";
        }
        string within = spent() > seconds ? $"the {seconds:0} s that the budget has for it" : $"{MostEpochs} passes";
        return Found(false, $"{count} examples could not be learned by heart within {within}: {remedy}.", new() { ["examples"] = count });

        StepFinding Found(bool passed, string finding, Dictionary<string, double> numbers) => new()
        {
            Step = 2,
            Title = Title,
            Passed = passed,
            Finding = finding,
            Numbers = numbers,
            Curves = curves,
            Seconds = 0,
        };
    }
}
