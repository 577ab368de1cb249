using Anneal.Calibration;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;

namespace Anneal.Training.Evaluation;

/// <summary>Measures a model in training, with the averaged weights where there are any, and statistics of normalization that fit them.</summary>
/// <param name="state">The network, the average of its weights, statistics to evaluate with, and its generators.</param>
/// <param name="data">The data it is trained on.</param>
/// <param name="training">Its training examples where the network is.</param>
/// <param name="validation">Which training examples are set aside.</param>
/// <param name="execution">How to run it.</param>
/// <param name="step">Updates made so far.</param>
sealed class Evaluator(RunState state, Dataset data, Examples training, int[] validation, Execution execution, Func<long> step)
{
    readonly Normalization normalization = Normalization.Of(data, execution.Layout);
    readonly long[] labels = Array.ConvertAll(validation, index => (long)data.Training.Labels[index]);
    long? fittedAt;

    /// <summary>What told that the running statistics do not fit; null where they do.</summary>
    internal StatisticsRefresh? Refresh { get; private set; }

    // Enough to see whether a model works at all.
    const int Probed = 500;

    (long Step, bool IsFinite) measured = (-1, false);

    /// <summary>Whether the model's scores are finite, by the validation examples, or by some it was trained on where there are none.</summary>
    /// <param name="trained">Which examples it is trained on.</param>
    internal bool IsOfUse(int[] trained)
    {
        if (measured.Step != step())
        {
            float[] scores = Predict(data.Training, validation.Length > 0 ? validation : trained[..Math.Min(Probed, trained.Length)]);
            measured = (step(), Array.TrueForAll(scores, float.IsFinite));
        }
        return measured.IsFinite;
    }

    /// <summary>Scores of examples, shape [examples, classes] row by row.</summary>
    internal float[] Predict(Examples examples, int[]? indices = null) =>
        AsMeasured(() => Predictor.Logits(
            state.Model, examples == data.Training ? training : examples, indices, normalization, execution));

    /// <summary>The measurement of the validation examples.</summary>
    /// <param name="seconds">The run's clock, once they are measured.</param>
    /// <param name="stepsPerEpoch">Updates in a pass over the data.</param>
    internal Evaluated Validate(Func<double> seconds, long stepsPerEpoch)
    {
        float[] logits = Predict(data.Training, validation);
        measured = (step(), Array.TrueForAll(logits, float.IsFinite));
        return new Evaluated
        {
            Step = step(),
            Seconds = seconds(),
            Split = "validation",
            Loss = Metrics.NegativeLogLikelihood.Mean(logits, data.Classes.Count, labels),
            Accuracy = Metrics.Accuracy.Top1(logits, data.Classes.Count, labels),
            Examples = labels.Length,
            Epochs = (double)step() / stepsPerEpoch,
            Averaged = state.Average is not null,
            Statistics = Refresh,
        };
    }

    /// <summary>Makes sure that the statistics of normalization fit the weights of this moment: before they are measured or saved.</summary>
    internal void FitStatistics()
    {
        if (state.Statistics is not { } statistics || fittedAt == step())
        {
            return;
        }
        state.Average?.Exchange();
        try
        {
            Refresh = state.Generators.Use(() => statistics.Fit(step()));
            fittedAt = step();
        }
        finally
        {
            state.Average?.Exchange();
        }
    }

    /// <summary>The weights are those of a checkpoint now, and so are the statistics that fit them.</summary>
    /// <param name="refresh">What told that its running statistics do not fit; null where they do.</param>
    internal void Taken(StatisticsRefresh? refresh)
    {
        Refresh = refresh;
        // Where a part was frozen or thawed since, others are measured when they are asked for.
        fittedAt = state.Statistics is { } statistics && statistics.IsEmpty == refresh is null ? step() : null;
    }

    /// <summary>Accuracy, confusion and calibration on examples, with the temperature fitted on the validation examples.</summary>
    /// <exception cref="NotFiniteNumberException">A score is not finite: the weights are of no use.</exception>
    internal Metrics.Evaluation Measure(Examples examples, string split)
    {
        TemperatureFit? fit = validation.Length == 0
            ? null
            : TemperatureScaling.FitCautiously(Finite(Predict(data.Training, validation)), data.Classes.Count, labels);
        return SplitEvaluation.Measure(split, examples, null, Finite(Predict(examples)), data.Classes, fit?.Temperature ?? 1) with { Fit = fit, Statistics = Refresh };

        static float[] Finite(float[] scores) =>
            Array.TrueForAll(scores, float.IsFinite) ? scores : throw new NotFiniteNumberException("Its scores are not all finite.");
    }

    /// <summary>Copies of the weights and buffers to use the model with.</summary>
    internal IReadOnlyList<KeyValuePair<string, Tensor>> State() => AsMeasured(() =>
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        return state.Model.State().Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone()))).ToArray();
    });

    T AsMeasured<T>(Func<T> use)
    {
        FitStatistics();
        state.Average?.Exchange();
        state.Statistics?.Exchange();
        try
        {
            return state.Generators.Use(use);
        }
        finally
        {
            state.Statistics?.Exchange();
            state.Average?.Exchange();
        }
    }
}
