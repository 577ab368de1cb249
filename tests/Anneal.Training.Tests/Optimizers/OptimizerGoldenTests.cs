using System.Runtime.CompilerServices;
using System.Text.Json;
using Anneal.Torch;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;

namespace Anneal.Training.Tests.Optimizers;

public class OptimizerGoldenTests
{
    static readonly Goldens Golden = Goldens.Read();

    // Keyed by the names in make_goldens.py, with the values it gives.
    static readonly Dictionary<string, Optimizer> Recipes = new()
    {
        ["sgd"] = new Sgd { Momentum = 0 },
        ["sgd momentum"] = new Sgd { Momentum = 0.9 },
        ["sgd nesterov"] = new Sgd { Momentum = 0.9, Nesterov = true },
        ["sgd weight decay"] = new Sgd { Momentum = 0.9, WeightDecay = 0.05 },
        ["sgd nesterov weight decay"] = new Sgd { Momentum = 0.8, Nesterov = true, WeightDecay = 0.05 },
        ["adamw"] = new AdamW { WeightDecay = 0.05 },
        ["adamw without decay"] = new AdamW { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3, WeightDecay = 0 },
        ["adam with an l2 penalty"] = new AdamW { WeightDecay = 0.05, Decoupled = false },
    };

    public static TheoryData<string> Names => [.. Golden.Cases.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsAsPyTorchInSinglePrecision(string name) =>
        Check(name, Golden.Case(name).Float32, DType.Float32, MemoryFormat.Contiguous, 1e-6);

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsAsPyTorchInDoublePrecision(string name) =>
        Check(name, Golden.Case(name).Float64, DType.Float64, MemoryFormat.Contiguous, 1e-12);

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsAsPyTorchWithChannelsLast(string name) =>
        Check(name, Golden.Case(name).Float32, DType.Float32, MemoryFormat.ChannelsLast, 1e-6);

    static void Check(string name, double[][][] expected, DType type, MemoryFormat format, double tolerance)
    {
        using TensorScope scope = new();
        Optimizer recipe = Recipes[name];
        Parameter[] parameters = [.. Golden.Shapes.Select((shape, k) => new Parameter(Filled(shape, type, format, i => Math.Cos((0.5 * i) + k)), ParameterRole.Weight))];
        using IOptimizer optimizer = recipe.Bind([Group.Of(parameters)]);
        int kept = 0;
        for (int step = 0; step < Golden.Kept[^1]; step++)
        {
            for (int k = 0; k < parameters.Length; k++)
            {
                // Gradients come in rows, whatever the order of the weights.
                parameters[k].Value.Gradient = Filled(Golden.Shapes[k], type, MemoryFormat.Contiguous, i => Math.Sin((0.7 * step) + (0.3 * i) + k));
            }
            optimizer.Step(Values.Of(recipe, 0.1 / (1 + (0.2 * step))), 1);
            if (step + 1 != Golden.Kept[kept])
            {
                continue;
            }
            for (int k = 0; k < parameters.Length; k++)
            {
                double[] received = parameters[k].Value.Detach().To(DType.Float64).ToArray<double>();
                Assert.All(received.Zip(expected[kept][k]), pair => Assert.Equal(pair.Second, pair.First, tolerance * (1 + Math.Abs(pair.Second))));
            }
            kept++;
        }
        Assert.Equal(Golden.Kept.Length, kept);
        Assert.Equal(20, optimizer.Steps);
        foreach (Parameter parameter in parameters)
        {
            parameter.Value.Dispose();
        }
    }

    static Tensor Filled(long[] shape, DType type, MemoryFormat format, Func<int, double> value)
    {
        double[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(value)];
        Tensor tensor = Tensor.From(values, shape).To(type);
        return (shape.Length == 4 ? tensor.Contiguous(format) : tensor).Clone();
    }
}

/// <summary>What goldens.json holds; make_goldens.py writes it.</summary>
sealed record Goldens(int[] Kept, long[][] Shapes, GoldenCase[] Cases)
{
    public GoldenCase Case(string name) => Cases.Single(golden => golden.Name == name);

    public static Goldens Read([CallerFilePath] string test = "") =>
        JsonSerializer.Deserialize<Goldens>(File.ReadAllText(Path.Combine(Path.GetDirectoryName(test)!, "goldens.json")), JsonSerializerOptions.Web)!;
}

/// <summary>Parameters after the kept steps: [step][parameter][element].</summary>
sealed record GoldenCase(string Name, double[][][] Float32, double[][][] Float64);
