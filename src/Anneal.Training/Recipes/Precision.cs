namespace Anneal.Training.Recipes;

/// <summary>The precision of matrix products and convolutions; weights and updates are always in single precision.</summary>
public enum Precision
{
    /// <summary>BFloat16 where the hardware multiplies in it and the model is large enough to gain, else single.</summary>
    Auto,

    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>BFloat16 through autocast.</summary>
    Bfloat16,
}
