using Anneal.Randomness;
using Anneal.Torch;
using Anneal.Training.Modules;

namespace Anneal.Training.Initialization;

/// <summary>How the weights of linear and convolution layers are drawn. All other parameters stay as their module made them: biases 0, normalization scales 1 and shifts 0.</summary>
/// <remarks>
/// Each parameter draws from a stream of its own, keyed by its path, so that a model's first weights depend on the seed and
/// the names alone: not on the order of layers, the libtorch build or the device.
/// </remarks>
public abstract record Initializer
{
    /// <summary>Normal or uniform draws of the same standard deviation.</summary>
    public Distribution Distribution { get; init; } = Distribution.Normal;

    /// <summary>Whether the last normalization scale of each residual branch starts at 0, so that each block starts as the identity (Goyal et al. 2017, section 5.1).</summary>
    public bool ZeroGamma { get; init; }

    /// <summary>The last linear layer's weights are multiplied by it: below 1 the network starts with less of an opinion. At least 0.</summary>
    public double HeadGain
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentException($"The head's gain must be at least 0. Received: {value}.");
    } = 1;

    /// <summary>The standard deviation of a weight's elements.</summary>
    /// <param name="fanIn">Inputs that each output sums over: for a convolution kernel area × input channels.</param>
    /// <param name="fanOut">Outputs that each input goes to.</param>
    public abstract double StandardDeviation(long fanIn, long fanOut);

    /// <summary>Draws the weights of a model that was just built.</summary>
    public void Apply(Module model, ulong seed)
    {
        using (GradientMode.Off())
        {
            foreach ((string path, Parameter parameter) in model.Parameters())
            {
                if (parameter.Role == ParameterRole.Weight)
                {
                    Draw(path, parameter.Value, new RandomStream(seed, "initialization " + path));
                }
            }
            if (HeadGain != 1 && model.Modules().LastOrDefault(part => part.Value is Linear).Value is Linear head)
            {
                head.OwnParameters[0].Value.Value.MultiplyInPlace(HeadGain);
            }
            if (ZeroGamma)
            {
                foreach ((_, Module part) in model.Modules())
                {
                    (part as IResidualBranch)?.LastNormalization?.Scale.Fill(0);
                }
            }
        }
    }

    void Draw(string path, Tensor weight, RandomStream stream)
    {
        long[] shape = weight.Shape;
        if (shape.Length < 2)
        {
            throw new ArgumentException(
                $"A parameter with the role of a weight must have outputs and inputs as its first two dimensions. Received: {path}, {weight}; give it another role.");
        }
        long area = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
        double deviation = StandardDeviation(shape[1] * area, shape[0] * area);
        float[] values = new float[weight.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(deviation * (Distribution == Distribution.Normal
                ? stream.NextNormal()
                : Math.Sqrt(3) * ((2 * stream.NextDouble()) - 1)));
        }
        using Tensor drawn = Tensor.From(values, shape);
        weight.CopyFrom(drawn);
    }
}
