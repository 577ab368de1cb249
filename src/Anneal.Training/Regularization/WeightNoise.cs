using Anneal.Torch;
using Anneal.Training.Modules;

namespace Anneal.Training.Regularization;

/// <summary>Weight noise: the loss and its gradients are those of w + σ·N(0, 1), drawn anew for each update, and the update changes the clean w.</summary>
/// <remarks>
/// Graves, "Practical variational inference for neural networks", NIPS 2011, with a fixed deviation; as in Park et al.,
/// "SpecAugment", Interspeech 2019, section 3.2, where σ = 0.075 begins some time after the warmup. Weights of layers are
/// disturbed, biases, normalization and frozen parts are not; evaluation sees clean weights, with running statistics of noisy passes.
/// </remarks>
public sealed class WeightNoise : IDisposable
{
    readonly (Tensor Weight, Tensor Clean)[] weights;
    bool isOn;

    /// <summary>Noise for the weights of a model.</summary>
    public WeightNoise(Module model)
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        weights =
        [
            .. model.Parameters().Where(named => named.Value.Role == ParameterRole.Weight && !named.Value.IsFrozen)
                .Select(named => (named.Value.Value, TensorScope.Release(named.Value.Value.Clone()))),
        ];
    }

    /// <summary>Disturbs the weights. Where σ is 0 nothing is drawn.</summary>
    /// <param name="deviation">σ, at least 0.</param>
    /// <exception cref="ArgumentException">It is below 0, or not finite.</exception>
    public void Add(double deviation)
    {
        if (!(deviation >= 0 && double.IsFinite(deviation)))
        {
            throw new ArgumentException($"weight-noise must be at least 0. Received: {deviation}.");
        }
        if (deviation == 0)
        {
            return;
        }
        using TensorScope scope = new();
        using GradientMode.Restore unrecorded = GradientMode.Off();
        foreach ((Tensor weight, Tensor clean) in weights)
        {
            clean.CopyFrom(weight);
        }
        // From here on there is something to take off, also where memory runs out halfway.
        isOn = true;
        foreach ((Tensor weight, _) in weights)
        {
            Tensor noise = weight.EmptyLike();
            noise.FillNormal(0, deviation);
            weight.AddInPlace(noise);
        }
    }

    /// <summary>Puts the clean weights back, bit for bit: subtracting the noise would let them drift.</summary>
    public void Remove()
    {
        if (!isOn)
        {
            return;
        }
        using GradientMode.Restore unrecorded = GradientMode.Off();
        foreach ((Tensor weight, Tensor clean) in weights)
        {
            weight.CopyFrom(clean);
        }
        isOn = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor clean) in weights)
        {
            clean.Dispose();
        }
    }
}
