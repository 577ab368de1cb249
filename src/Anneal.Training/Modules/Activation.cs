using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>A function of each element: ReLU and its kin.</summary>
public sealed class Activation : Module
{
    readonly Func<Tensor, Tensor> function;

    /// <summary>An activation by its kind.</summary>
    /// <param name="kind">Which function.</param>
    /// <param name="inPlace">Whether a ReLU overwrites its input, which saves memory where nothing else needs that.</param>
    public Activation(ActivationKind kind, bool inPlace = false)
    {
        Kind = kind;
        function = kind switch
        {
            ActivationKind.Relu when inPlace => x => x.ReluInPlace(),
            ActivationKind.Relu => x => x.Relu(),
            ActivationKind.LeakyRelu => x => x.LeakyRelu(),
            ActivationKind.Gelu => x => x.Gelu(),
            ActivationKind.Silu => x => x.Silu(),
            ActivationKind.Mish => x => x.Mish(),
            ActivationKind.Sigmoid => x => x.Sigmoid(),
            ActivationKind.Tanh => x => x.Tanh(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an activation of this library."),
        };
    }

    /// <summary>Which function it is.</summary>
    public ActivationKind Kind { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => function(input);
}
