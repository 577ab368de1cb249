namespace Anneal.Torch;

// Elements drawn from the generator in use, or else the device's default one (see Generator).
public sealed partial class Tensor
{
    static readonly Operator NormalOp = new("aten::normal_");
    static readonly Operator UniformOp = new("aten::uniform_");
    static readonly Operator BernoulliOp = new("aten::bernoulli_", "float");

    /// <summary>Overwrites the elements with normal draws.</summary>
    public void FillNormal(double mean = 0, double standardDeviation = 1) => NormalOp.Run(this, mean, standardDeviation);

    /// <summary>Overwrites the elements with uniform draws from [minimum, maximum).</summary>
    public void FillUniform(double minimum = 0, double maximum = 1) => UniformOp.Run(this, minimum, maximum);

    /// <summary>Overwrites the elements with ones of a probability and zeros.</summary>
    public void FillBernoulli(double probability) => BernoulliOp.Run(this, probability);
}
