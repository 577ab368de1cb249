namespace Anneal.Training.Modules;

/// <summary>A function of each element.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x where positive, 0.01 · x elsewhere.</summary>
    LeakyRelu,

    /// <summary>x · Φ(x) (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>x · sigmoid(x) (Ramachandran et al. 2017).</summary>
    Silu,

    /// <summary>x · tanh(log(1 + eˣ)) (Misra 2019).</summary>
    Mish,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
}
