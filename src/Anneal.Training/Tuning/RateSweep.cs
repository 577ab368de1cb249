using Anneal.Curves;
using Anneal.Durations;
using Anneal.Events;
using Anneal.Text;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>The training of a learning-rate range test: a clone learns while its rate rises from tiny to huge, and only its losses are kept.</summary>
/// <remarks>
/// Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017, section 3.3, who lets the rate rise linearly;
/// exponentially as in fastai. <see cref="RangeTest"/> reads what it measured. Everything else is as the recipe says at
/// its beginning: augmentation, weight decay, and other schedules on the recipe's own clock.
/// </remarks>
public sealed record RateSweep
{
    /// <summary>With fewer, a range test has too little left to look at.</summary>
    public const int FewestIterations = 20;

    /// <summary>The first rate, above 0.</summary>
    public double From { get; init; } = 1e-7;

    /// <summary>The rate that the sweep rises to, above <see cref="From"/>.</summary>
    public double To { get; init; } = 10;

    /// <summary>Updates, at least <see cref="FewestIterations"/>.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Whether each rate is more than the one before by the same difference, and not by the same factor.</summary>
    public bool IsLinear { get; init; }

    /// <summary>Trains the clone. No other run's weights, optimizer or place in the data are touched, nor libtorch's generator.</summary>
    /// <param name="recipe">Whose model, data order and batch size to test. Its rate and what scales it with the batch are not looked at: the rates swept are those used, times the recipe's rate factors.</param>
    /// <param name="data">Its data, opened.</param>
    /// <param name="device">Where to train; the CPU unless given.</param>
    /// <param name="cancellation">Ends the sweep.</param>
    /// <returns>Rate and loss of each update, up to where the loss diverged; the last loss is NaN where it was not finite.</returns>
    /// <exception cref="ArgumentException">The rates do not rise from above 0, or there are too few iterations.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public (double[] Rates, double[] Losses) Run(Recipe recipe, Dataset data, Device? device = null, CancellationToken cancellation = default)
    {
        if (!(From > 0 && From < To && double.IsFinite(To)))
        {
            throw new ArgumentException($"The rates of a range test must rise from above 0. Received: from {From} to {To}.");
        }
        if (Iterations < FewestIterations)
        {
            throw new ArgumentException($"A range test must have at least {FewestIterations} iterations. Received: {Iterations}.");
        }
        Recipe swept = recipe with
        {
            LearningRate = $"{(IsLinear ? "linear" : "exponential")}(from={NumberText.Format(From)}, to={NumberText.Format(To)}) for {Iterations}st",
            BatchScaling = null,
            LogEvery = Duration.Steps(1),
            Stop = [],
        };
        int examples = DataSplit.Stratified(data.Training.Labels, recipe.Validation, recipe.Seed).Training.Length;
        long steps = RunPlan.LengthOf(swept, examples).Steps;
        swept = swept with
        {
            Duration = steps < Iterations ? Duration.Steps(Iterations) : swept.Duration,
            // Only its own updates are wanted: validation would cost more than they do.
            EvaluateEvery = Duration.Steps(Math.Max(steps, Iterations) + 1),
        };
        using TrainingRun run = new(swept, data, device: device);
        return Train(run, cancellation);
    }

    (double[] Rates, double[] Losses) Train(TrainingRun run, CancellationToken cancellation)
    {
        List<double> rates = [];
        List<double> losses = [];
        double best = double.PositiveInfinity;
        ExponentialAverage smoothed = new(RangeTest.Smoothing);
        foreach (TrainingEvent happened in run.Events(cancellation))
        {
            // The first loss that is not finite tells that the rate was too high; nothing that follows it tells more.
            if (happened is StepSkipped)
            {
                double share = (double)losses.Count / Iterations;
                rates.Add(IsLinear ? From + ((To - From) * share) : From * Math.Pow(To / From, share));
                losses.Add(double.NaN);
                break;
            }
            if (happened is not StepEnded step)
            {
                continue;
            }
            rates.Add(step.Values["learning-rate"]);
            losses.Add(step.Loss);
            smoothed = smoothed.Add(step.Loss);
            if (losses.Count == Iterations || RangeTest.ShouldStop(smoothed.Value, best))
            {
                break;
            }
            best = Math.Min(best, smoothed.Value);
        }
        cancellation.ThrowIfCancellationRequested();
        return ([.. rates], [.. losses]);
    }
}
