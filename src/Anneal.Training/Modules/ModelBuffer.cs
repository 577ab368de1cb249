using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>A tensor of a model that is saved with it but not trained, such as a running mean.</summary>
public sealed class ModelBuffer
{
    Tensor value;

    /// <summary>A buffer that holds a tensor.</summary>
    public ModelBuffer(Tensor value) => this.value = TensorScope.Release(value);

    /// <summary>Its numbers. Setting it releases the tensor before.</summary>
    public Tensor Value
    {
        get => value;
        set
        {
            Tensor before = this.value;
            this.value = TensorScope.Release(value);
            if (before != value)
            {
                before.Dispose();
            }
        }
    }
}
