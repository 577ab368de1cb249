using Anneal.Durations;
using Anneal.Events;
using Anneal.Metrics;
using Anneal.Randomness;
using Anneal.Statistics;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Modules;

namespace Anneal.Training.Evaluation;

/// <summary>Statistics for BatchNorm to evaluate with, measured on training examples where the running ones do not fit the weights.</summary>
/// <remarks>
/// That they do not fit shows in the loss of the same examples, once with the running statistics and once with each batch's
/// own. New ones are the mean over batches of the batch's mean and unbiased variance (as in PyTorch's <c>update_bn</c>), of
/// examples as they are evaluated: not augmented, nothing dropped. The running ones, and all else that training goes on from,
/// stay as they are to the bit, and the examples follow from the seed and the step: a resume needs nothing of it.
/// </remarks>
sealed class FittedStatistics : IDisposable
{
    // The noise of their statistics is a third of that of a batch of 128.
    const int MostExamples = 1024;

    // The last weights are those that are used.
    const int MostAtTheEnd = 8192;

    // Examples measured for each one trained on between two measurements. Twice forward costs two thirds of a step: 1.3 %.
    const double Share = 0.02;

    // Examples measured at the end for each one trained on in the whole run.
    const double ShareAtTheEnd = 0.005;

    // A loss higher by less is not worth a word.
    const double Margin = 0.02;

    // Where training and measurements are small, no fewer than a batch that statistics can be read from.
    const int BatchSize = 128;

    readonly Module model;
    readonly Examples trained;
    readonly int classes;
    readonly int[] training;
    readonly ulong seed;
    readonly Execution execution;
    readonly Normalization normalization;
    readonly int examples;
    readonly int examplesAtTheEnd;
    readonly long steps;
    readonly BatchNorm2d[] norms;
    readonly string[] paths;
    Tensor[] fitted = [];

    /// <summary>None yet.</summary>
    /// <param name="model">The network.</param>
    /// <param name="data">The data it is trained on.</param>
    /// <param name="trained">Its training examples where the network is.</param>
    /// <param name="training">Which of them it is trained on.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="execution">How to run it.</param>
    /// <param name="evaluateEvery">Updates between two measurements.</param>
    /// <param name="length">The whole run's length.</param>
    internal FittedStatistics(
        Module model, Dataset data, Examples trained, int[] training, ulong seed, Execution execution, Period evaluateEvery, RunLength length)
    {
        this.model = model;
        this.trained = trained;
        classes = data.Classes.Count;
        this.training = training;
        this.seed = seed;
        this.execution = execution;
        normalization = Normalization.Of(data, execution.Layout);
        examples = WholeBatches(Math.Min(evaluateEvery.Length, length.Steps) * length.BatchSize * Share, MostExamples);
        examplesAtTheEnd = Math.Max(examples, WholeBatches(length.Steps * (double)length.BatchSize * ShareAtTheEnd, MostAtTheEnd));
        steps = length.Steps;
        KeyValuePair<string, BatchNorm2d>[] found =
            [.. model.Modules().Where(part => part.Value is BatchNorm2d { IsFrozen: false }).Select(part => KeyValuePair.Create(part.Key, (BatchNorm2d)part.Value))];
        norms = [.. found.Select(norm => norm.Value)];
        paths = [.. found.SelectMany(norm => new[] { norm.Key + ".running_mean", norm.Key + ".running_var" })];
    }

    /// <summary>The statistics by the paths of the buffers that they replace; none where the running ones fit.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Tensors => fitted.Zip(paths, (tensor, path) => KeyValuePair.Create(path, tensor));

    /// <summary>Measures whether the running statistics fit the weights that the model has, and measures others where they do not.</summary>
    /// <param name="step">Updates made.</param>
    /// <returns>The losses that told; null where the running statistics fit, or there are none.</returns>
    internal StatisticsRefresh? Fit(long step)
    {
        Clear();
        int count = step < steps ? examples : examplesAtTheEnd;
        // One example alone has no variance where its image has shrunk to one number a channel.
        if (norms.Length == 0 || count < 2)
        {
            return null;
        }
        int[] chosen = Array.ConvertAll(
            RandomStream.Permutation(training.Length, seed, "statistics", step)[..count], place => training[place]);
        double[] running = Losses(chosen, Evaluated(chosen));
        List<double[]> means = [.. Buffers().Select(buffer => new double[buffer.Count])];
        double[] batch = Losses(chosen, InBatches(chosen, means));
        if (!Misfit(running, batch))
        {
            return null;
        }
        using (GradientMode.Restore unrecorded = GradientMode.Off())
        {
            using TensorScope scope = new();
            fitted =
            [
                .. Buffers().Zip(means, (buffer, mean) =>
                    TensorScope.Release(Tensor.From(Array.ConvertAll(mean, value => (float)value)).To(buffer.Device, buffer.DType))),
            ];
        }
        Exchange();
        double[] refreshed;
        try
        {
            refreshed = Losses(chosen, Evaluated(chosen));
        }
        finally
        {
            Exchange();
        }
        StatisticsRefresh refresh = new()
        {
            Examples = count, RunningLoss = running.Average(), BatchLoss = batch.Average(), RefreshedLoss = refreshed.Average(),
        };
        if (refresh.RefreshedLoss < refresh.RunningLoss || !double.IsFinite(refresh.RunningLoss))
        {
            return refresh;
        }
        Clear();
        return null;
    }

    /// <summary>Whether the running statistics are used.</summary>
    internal bool IsEmpty => fitted.Length == 0;

    /// <summary>Takes statistics from a checkpoint in place of its own; none where they are of other parts, since some were frozen or thawed.</summary>
    /// <param name="tensors">By path; empty where the running ones fit.</param>
    internal void Take(IReadOnlyDictionary<string, Tensor> tensors)
    {
        Clear();
        if (tensors.Count == paths.Length && paths.All(tensors.ContainsKey))
        {
            using GradientMode.Restore unrecorded = GradientMode.Off();
            fitted = [.. paths.Select(path => TensorScope.Release(tensors[path].Clone()))];
        }
    }

    /// <summary>Whether a tensor of a checkpoint is a statistic of this model.</summary>
    internal bool Fits(string path, Tensor tensor) => model.Buffers().Any(named =>
        named.Key == path && named.Value.Value.DType == tensor.DType && named.Value.Value.Shape.AsSpan().SequenceEqual(tensor.Shape));

    /// <summary>Exchanges them with the model's running ones, bit for bit: once to evaluate, once more to go on training.</summary>
    internal void Exchange()
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        foreach ((Tensor buffer, Tensor statistic) in Buffers().Zip(fitted))
        {
            using Tensor before = buffer.Clone();
            buffer.CopyFrom(statistic);
            statistic.CopyFrom(before);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    void Clear()
    {
        foreach (Tensor tensor in fitted)
        {
            tensor.Dispose();
        }
        fitted = [];
    }

    // Batches of the same size, so that each counts the same.
    int WholeBatches(double affordable, int most) => training.Length < BatchSize
        ? training.Length
        : (int)Math.Clamp(affordable, BatchSize, Math.Max(BatchSize, Math.Min(most, training.Length))) / BatchSize * BatchSize;

    IEnumerable<Tensor> Buffers() => norms.SelectMany(norm => new[] { norm.Statistics.Mean, norm.Statistics.Variance });

    float[] Evaluated(int[] chosen) => Predictor.Logits(model, trained, chosen, normalization, execution);

    // With each batch's own statistics, whose means over the batches are added up in double precision.
    float[] InBatches(int[] chosen, List<double[]> means)
    {
        Tensor[] before;
        using (GradientMode.Restore unrecorded = GradientMode.Off())
        {
            before = [.. Buffers().Select(buffer => TensorScope.Release(buffer.Clone()))];
            foreach (Tensor buffer in Buffers())
            {
                // What is not finite would stay so: the batch's own replaces it by a sum in which the old one counts 0 times.
                using Tensor zeros = buffer.ZerosLike();
                buffer.CopyFrom(zeros);
            }
        }
        int batches = (chosen.Length + BatchSize - 1) / BatchSize;
        try
        {
            Array.ForEach(norms, norm => norm.TakesBatch = true);
            return Predictor.Logits(
                model, trained, chosen, normalization, execution, BatchSize, part => part is BatchNorm2d, () =>
                {
                    foreach ((Tensor buffer, double[] mean) in Buffers().Zip(means))
                    {
                        float[] own = buffer.ToArray<float>();
                        for (int channel = 0; channel < mean.Length; channel++)
                        {
                            mean[channel] += (double)own[channel] / batches;
                        }
                    }
                });
        }
        finally
        {
            Array.ForEach(norms, norm => norm.TakesBatch = false);
            using GradientMode.Restore unrecorded = GradientMode.Off();
            foreach ((Tensor buffer, Tensor old) in Buffers().Zip(before))
            {
                buffer.CopyFrom(old);
                old.Dispose();
            }
        }
    }

    double[] Losses(int[] chosen, float[] logits)
    {
        double[] losses = new double[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            losses[i] = NegativeLogLikelihood.Mean(logits.AsSpan(i * classes, classes), classes, [trained.Labels[chosen[i]]]);
        }
        return losses;
    }

    // By more than chance explains, and by more than matters.
    static bool Misfit(double[] running, double[] batch)
    {
        SampleMean more = SampleMean.Of([.. running.Zip(batch, (one, other) => one - other)]);
        double own = batch.Average();
        // A running loss that is not finite makes the comparison false, too.
        return double.IsFinite(own) && !(more.Mean <= Math.Max(2 * more.StandardError, Margin * own));
    }
}
