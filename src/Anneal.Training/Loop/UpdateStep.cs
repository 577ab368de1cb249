using Anneal.Durations;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Regularization;

namespace Anneal.Training.Loop;

/// <summary>One optimizer update: batches in, weights changed, or left alone where a number was not finite.</summary>
sealed class UpdateStep : IDisposable
{
    readonly Recipe recipe;
    readonly Module model;
    readonly IOptimizer optimizer;
    readonly BatchSource batches;
    readonly Execution execution;
    readonly Tensor[] parameters;
    readonly TensorList parameterList;
    readonly KeyValuePair<Tensor, Tensor>[] buffers;
    readonly WeightNoise? noise;
    readonly Dictionary<string, double> values = [];

    internal UpdateStep(Recipe recipe, Module model, IOptimizer optimizer, BatchSource batches, Execution execution)
    {
        this.recipe = recipe;
        this.model = model;
        this.optimizer = optimizer;
        this.batches = batches;
        this.execution = execution;
        parameters = [.. model.Parameters().Select(named => named.Value.Value)];
        parameterList = new TensorList(parameters);
        noise = recipe.WeightNoise is null ? null : new WeightNoise(model);
        buffers = [.. model.Buffers().Select(named => KeyValuePair.Create(named.Value.Value, TensorScope.Release(named.Value.Value.Clone())))];
    }

    /// <summary>The scheduled values of the last update by name.</summary>
    internal IReadOnlyDictionary<string, double> Values => values;

    internal UpdateOutcome Run(ScheduleClock clock, long step, RunLength length)
    {
        using TensorScope scope = new();
        clock.Read(step, values);
        // A batch whose loss is not finite has already moved the running statistics when that is seen.
        foreach ((Tensor buffer, Tensor before) in buffers)
        {
            before.CopyFrom(buffer);
        }
        UpdateOutcome outcome;
        try
        {
            noise?.Add(values[ScheduleClock.WeightNoise]);
            outcome = Backward(step, length);
        }
        finally
        {
            noise?.Remove();
        }
        if (outcome.NotFinite is null)
        {
            double scale = 1;
            foreach (IGradientTransform transform in recipe.Gradients)
            {
                scale *= transform.Apply(parameters, outcome.GradientNorm);
            }
            optimizer.Step(values, scale);
        }
        else
        {
            foreach ((Tensor buffer, Tensor before) in buffers)
            {
                buffer.CopyFrom(before);
            }
        }
        foreach (Tensor parameter in parameters)
        {
            parameter.Gradient = null;
        }
        return outcome;
    }

    public void Dispose()
    {
        parameterList.Dispose();
        noise?.Dispose();
        foreach ((_, Tensor before) in buffers)
        {
            before.Dispose();
        }
    }

    UpdateOutcome Backward(long step, RunLength length)
    {
        long epoch = step / length.StepsPerEpoch;
        int first = (int)(step % length.StepsPerEpoch) * length.BatchSize;
        int examples = Math.Min(length.BatchSize, batches.Count - first);
        double lossSum = 0;
        long correct = 0;
        for (int done = 0; done < examples; done += recipe.BatchSize)
        {
            int count = Math.Min(recipe.BatchSize, examples - done);
            Batch batch = batches.Load(epoch, first + done, count, values);
            Tensor logits;
            using (Autocast.Enter(execution.Device, execution.Precision))
            {
                logits = model.Forward(batch.Images);
            }
            logits = logits.To(DType.Float32);
            Tensor loss = recipe.Loss.Compute(logits, batch.Targets, values);
            double mean = loss.ToDouble();
            if (!double.IsFinite(mean))
            {
                return new UpdateOutcome { NotFinite = "loss", Examples = examples, GradientNorm = double.NaN };
            }
            // Each example counts the same, also in the last, smaller part of a window.
            (count == examples ? loss : loss * ((double)count / examples)).Backward();
            lossSum += mean * count;
            correct += Tensor.CountRight(logits, batch.Targets).ToInt64();
        }
        double norm = GradientNorm.Of(parameterList);
        return new UpdateOutcome
        {
            LossSum = lossSum,
            Correct = correct,
            Examples = examples,
            GradientNorm = norm,
            NotFinite = double.IsFinite(norm) ? null : "gradient",
        };
    }
}

/// <summary>What one update did.</summary>
readonly record struct UpdateOutcome
{
    internal double LossSum { get; init; }

    internal long Correct { get; init; }

    internal int Examples { get; init; }

    internal double GradientNorm { get; init; }

    /// <summary><c>loss</c> or <c>gradient</c> where that was not finite and the weights were left alone.</summary>
    internal string? NotFinite { get; init; }
}
