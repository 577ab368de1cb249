using Anneal.Calibration;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;

namespace Anneal.Training.Evaluation;

/// <summary>Measures a model in training, with the averaged weights where there are any.</summary>
/// <param name="state">The network, the average of its weights, and its generators.</param>
/// <param name="data">The data it is trained on.</param>
/// <param name="training">Its training examples where the network is.</param>
/// <param name="validation">Which training examples are set aside.</param>
/// <param name="execution">How to run it.</param>
sealed class Evaluator(RunState state, Dataset data, Examples training, int[] validation, Execution execution)
{
    readonly Normalization normalization = Normalization.Of(data, execution.Layout);
    readonly long[] labels = Array.ConvertAll(validation, index => (long)data.Training.Labels[index]);

    // Enough to see whether a model works at all.
    const int Probed = 500;

    (long Step, bool IsFinite) measured = (-1, false);

    /// <summary>Whether the model's scores are finite, by the validation examples, or by some it was trained on where there are none.</summary>
    /// <param name="step">Updates made.</param>
    /// <param name="trained">Which examples it is trained on.</param>
    internal bool IsOfUse(long step, int[] trained)
    {
        if (measured.Step != step)
        {
            float[] scores = Predict(data.Training, validation.Length > 0 ? validation : trained[..Math.Min(Probed, trained.Length)]);
            measured = (step, Array.TrueForAll(scores, float.IsFinite));
        }
        return measured.IsFinite;
    }

    /// <summary>Scores of examples, shape [examples, classes] row by row.</summary>
    internal float[] Predict(Examples examples, int[]? indices = null) =>
        WithAverage(() => Predictor.Logits(
            state.Model, examples == data.Training ? training : examples, indices, normalization, execution));

    /// <summary>The measurement of the validation examples.</summary>
    /// <param name="step">Updates made.</param>
    /// <param name="seconds">The run's clock, once they are measured.</param>
    /// <param name="stepsPerEpoch">Updates in a pass over the data.</param>
    internal Evaluated Validate(long step, Func<double> seconds, long stepsPerEpoch)
    {
        float[] logits = Predict(data.Training, validation);
        measured = (step, Array.TrueForAll(logits, float.IsFinite));
        return new Evaluated
        {
            Step = step,
            Seconds = seconds(),
            Split = "validation",
            Loss = Metrics.NegativeLogLikelihood.Mean(logits, data.Classes.Count, labels),
            Accuracy = Metrics.Accuracy.Top1(logits, data.Classes.Count, labels),
            Examples = labels.Length,
            Epochs = (double)step / stepsPerEpoch,
            Averaged = state.Average is not null,
        };
    }

    /// <summary>Accuracy, confusion and calibration on examples, with the temperature fitted on the validation examples.</summary>
    /// <exception cref="NotFiniteNumberException">A score is not finite: the weights are of no use.</exception>
    internal Metrics.Evaluation Measure(Examples examples, string split)
    {
        TemperatureFit? fit = validation.Length == 0
            ? null
            : TemperatureScaling.FitCautiously(Finite(Predict(data.Training, validation)), data.Classes.Count, labels);
        return SplitEvaluation.Measure(split, examples, null, Finite(Predict(examples)), data.Classes, fit?.Temperature ?? 1) with { Fit = fit };

        static float[] Finite(float[] scores) =>
            Array.TrueForAll(scores, float.IsFinite) ? scores : throw new NotFiniteNumberException("Its scores are not all finite.");
    }

    /// <summary>Copies of the weights and buffers to use the model with.</summary>
    internal IReadOnlyList<KeyValuePair<string, Tensor>> State() => WithAverage(() =>
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        return state.Model.State().Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone()))).ToArray();
    });

    T WithAverage<T>(Func<T> use)
    {
        state.Average?.Exchange();
        try
        {
            return state.Generators.Use(use);
        }
        finally
        {
            state.Average?.Exchange();
        }
    }
}
