namespace Anneal.Training.Recipes;

/// <summary>The precision of matrix products and convolutions; weights and updates are always in single precision.</summary>
public enum Precision
{
    /// <summary>
    /// On the command line, the one that measures faster; from code, BFloat16 where the hardware multiplies in it and the model is large
    /// enough to gain, unless <see cref="Speed.ExecutionProbe"/> is asked.
    /// </summary>
    Auto,

    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>BFloat16 through autocast.</summary>
    Bfloat16,
}
