using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>A function of each element: ReLU and its kin.</summary>
public sealed class Activation : Module
{
    readonly Func<Tensor, Tensor> function;

    /// <summary>An activation by its kind.</summary>
    public Activation(ActivationKind kind)
    {
        Kind = kind;
        function = kind switch
        {
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
