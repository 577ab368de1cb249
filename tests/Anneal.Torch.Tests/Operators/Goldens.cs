using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anneal.Torch.Tests.Operators;

/// <summary>What goldens.json holds; make_goldens.py writes it.</summary>
sealed record Goldens(string Torch, IReadOnlyList<GoldenCase> Cases)
{
    static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public static Goldens Read([CallerFilePath] string test = "") =>
        JsonSerializer.Deserialize<Goldens>(File.ReadAllText(Path.Combine(Path.GetDirectoryName(test)!, "goldens.json")), Format)!;
}

/// <summary>One call of an operator in PyTorch: what went in, what came out, and the gradients of what went in.</summary>
sealed record GoldenCase(string Name, GoldenTensor[] Inputs, GoldenTensor Output, GoldenTensor? Seed, GoldenTensor?[]? Gradients)
{
    public string Method => Name.Split('/')[0];
}

/// <summary>A tensor as numbers.</summary>
sealed record GoldenTensor(DType Type, long[] Shape, double[] Values)
{
    public Tensor ToTensor()
    {
        using Tensor wide = Tensor.From(Values);
        using Tensor shaped = wide.Reshape(Shape);
        return shaped.To(Type);
    }

    /// <summary>Same type and shape; numbers to six digits, so that another libtorch or processor may round otherwise.</summary>
    public void AssertEqualTo(Tensor tensor)
    {
        Assert.Equal(Type, tensor.DType);
        Assert.Equal(Shape, tensor.Shape);
        using Tensor wide = tensor.To(DType.Float64);
        double[] values = wide.ToArray<double>();
        Assert.All(values.Zip(Values), pair =>
        {
            if (!pair.First.Equals(pair.Second))
            {
                Assert.Equal(pair.Second, pair.First, 1e-6 + (1e-6 * Math.Abs(pair.Second)));
            }
        });
    }
}
