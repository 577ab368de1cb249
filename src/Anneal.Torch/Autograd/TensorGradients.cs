using Anneal.Torch.Interop;

namespace Anneal.Torch;

// What autograd records of a tensor.
public sealed partial class Tensor
{
    /// <summary>Whether operations on it are recorded, so that <see cref="Backward"/> can reach it.</summary>
    public bool RequiresGradient
    {
        get => Describe().RequiresGradient != 0;
        set
        {
            Native.TensorSetRequiresGradient(Pointer, value ? 1 : 0);
            GC.KeepAlive(this);
        }
    }

    /// <summary>The gradient that backward passes have added up for this leaf; null when there is none.</summary>
    public Tensor? Gradient
    {
        get
        {
            Native.TensorGradient(Pointer, out nint gradient);
            GC.KeepAlive(this);
            return gradient == 0 ? null : new Tensor(gradient);
        }
        set
        {
            Native.TensorSetGradient(Pointer, value?.Pointer ?? 0);
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }
    }

    /// <summary>Adds the gradient of this tensor to every leaf it was computed from.</summary>
    /// <param name="gradient">The gradient to start from; without one, this tensor has one element and it is 1.</param>
    /// <param name="keepGraph">Whether a second backward pass will follow.</param>
    /// <exception cref="TorchException">Nothing was recorded, or more than one element and no gradient to start from.</exception>
    public void Backward(Tensor? gradient = null, bool keepGraph = false)
    {
        Native.TensorBackward(Pointer, gradient?.Pointer ?? 0, keepGraph ? 1 : 0);
        GC.KeepAlive(this);
        GC.KeepAlive(gradient);
    }
}
