using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>What a trained tensor is for; weight decay leaves biases and normalization alone by default.</summary>
public enum ParameterRole
{
    /// <summary>The weight of a linear or convolution layer.</summary>
    Weight,

    /// <summary>Added to a layer's output.</summary>
    Bias,

    /// <summary>Scale or shift of a normalization layer.</summary>
    Normalization,
}

/// <summary>A tensor that training changes, with its place in the model.</summary>
/// <remarks>The tensor is replaced when the model moves to another device or memory layout; the parameter stays.</remarks>
public sealed class Parameter
{
    Tensor value;
    bool isFrozen;

    /// <summary>A parameter that records gradients.</summary>
    public Parameter(Tensor value, ParameterRole role)
    {
        this.value = TensorScope.Release(value);
        value.RequiresGradient = true;
        Role = role;
    }

    /// <summary>What it is for.</summary>
    public ParameterRole Role { get; }

    /// <summary>Whether training leaves it as it is: it then has no gradient. False until a rate of 0 says otherwise.</summary>
    public bool IsFrozen
    {
        get => isFrozen;
        set
        {
            isFrozen = value;
            this.value.RequiresGradient = !value;
        }
    }

    /// <summary>Its numbers, in single precision. Setting it releases the tensor before.</summary>
    public Tensor Value
    {
        get => value;
        set
        {
            Tensor before = this.value;
            this.value = TensorScope.Release(value);
            value.RequiresGradient = !isFrozen;
            if (before != value)
            {
                before.Dispose();
            }
        }
    }
}
