using Anneal.Durations;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Losses;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Regularization;

namespace Anneal.Training.Loop;

/// <summary>One optimizer update: batches in, weights changed; left alone where a number was not finite or no example has a weight.</summary>
sealed class UpdateStep : IDisposable
{
    static readonly Operator MultiplyAllOp = new("aten::_foreach_mul_", "Scalar");

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
        parameters = [.. model.Parameters().Where(named => !named.Value.IsFrozen).Select(named => named.Value.Value)];
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
        if (outcome.NotFinite is null && outcome.Weight > 0)
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
        double weights = 0;
        double divisor = 0;
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
            LossValue loss = recipe.Loss.Compute(new LossContext { Logits = logits, Targets = batch.Targets, Values = values });
            (double sum, double weight) = loss.Read(count);
            if (!double.IsFinite(sum) || !double.IsFinite(weight))
            {
                return new UpdateOutcome { NotFinite = "loss", Examples = examples, GradientNorm = double.NaN };
            }
            correct += Tensor.CountRight(logits, batch.Targets).ToInt64();
            if (sum == 0 && weight == 0)
            {
                continue;
            }
            if (divisor == 0)
            {
                // What all passes weigh is known after the last of them. As the first weighs for its examples: exact
                // where each example weighs the same, and put right below where not.
                divisor = weight == 0 ? examples : count == examples ? weight : weight * examples / count;
            }
            loss.Over(weight, divisor).Backward();
            lossSum += sum;
            weights += weight;
        }
        if (weights == 0)
        {
            return new UpdateOutcome { Correct = correct, Examples = examples };
        }
        if (divisor != weights)
        {
            MultiplyGradients(divisor / weights);
        }
        double norm = GradientNorm.Of(parameterList);
        return new UpdateOutcome
        {
            LossSum = lossSum,
            Weight = weights,
            Correct = correct,
            Examples = examples,
            GradientNorm = norm,
            NotFinite = double.IsFinite(norm) ? null : "gradient",
        };
    }

    void MultiplyGradients(double factor)
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.Gradient).OfType<Tensor>()];
        MultiplyAllOp.Run(gradients, factor);
    }
}

/// <summary>What one update did.</summary>
readonly record struct UpdateOutcome
{
    /// <summary>The losses of all examples, each times its weight.</summary>
    internal double LossSum { get; init; }

    /// <summary>What the examples weigh; where it is 0 there is no loss, and nothing was changed.</summary>
    internal double Weight { get; init; }

    internal long Correct { get; init; }

    internal int Examples { get; init; }

    internal double GradientNorm { get; init; }

    /// <summary><c>loss</c> or <c>gradient</c> where that was not finite and the weights were left alone.</summary>
    internal string? NotFinite { get; init; }
}
