using Anneal.Torch;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;

namespace Anneal.Training.Tests.Optimizers;

public class SgdTests
{
    [Fact]
    public void DecoupledDecayShrinksWeightsWithoutAGradientByTheSameShareEachStep()
    {
        using TensorScope scope = new();
        Sgd recipe = new() { Momentum = 0.9, WeightDecay = 0.5, Decoupled = true };
        using Tensor weight = Tensor.From<double>([1, -2, 3]);
        Parameter parameter = new(weight, ParameterRole.Weight);
        using IOptimizer optimizer = recipe.Bind([Group.Of(parameter)]);
        parameter.Value.Gradient = Tensor.From<double>([0, 0, 0]);
        for (int step = 0; step < 5; step++)
        {
            optimizer.Step(Values.Of(recipe, 0.1), 1);
        }

        double left = Math.Pow(1 - (0.1 * 0.5), 5);
        Assert.All(weight.Detach().ToArray<double>().Zip([1.0, -2, 3]), pair => Assert.Equal(pair.Second * left, pair.First, 1e-14));
    }

    [Fact]
    public void DecoupledDecayWithAConstantGradientIsAGeometricSeries()
    {
        using TensorScope scope = new();
        Sgd recipe = new() { Momentum = 0, WeightDecay = 0.5, Decoupled = true };
        using Tensor weight = Tensor.From<double>([2]);
        Parameter parameter = new(weight, ParameterRole.Weight);
        using IOptimizer optimizer = recipe.Bind([Group.Of(parameter)]);
        parameter.Value.Gradient = Tensor.From<double>([0.3]);
        for (int step = 0; step < 7; step++)
        {
            optimizer.Step(Values.Of(recipe, 0.1), 1);
        }

        double ratio = 1 - (0.1 * 0.5);
        double expected = (2 * Math.Pow(ratio, 7)) - (0.1 * 0.3 * (1 - Math.Pow(ratio, 7)) / (1 - ratio));
        Assert.Equal(expected, weight.Detach().ToDouble(), 1e-14);
    }

    [Fact]
    public void AGradientScaleCountsBeforeTheMomentum()
    {
        using TensorScope scope = new();
        Sgd recipe = new() { Momentum = 0.5 };
        using Tensor weight = Tensor.From<float>([1]);
        Parameter parameter = new(weight, ParameterRole.Weight);
        using IOptimizer optimizer = recipe.Bind([Group.Of(parameter)]);
        parameter.Value.Gradient = Tensor.From<float>([8]);

        optimizer.Step(Values.Of(recipe, 0.125), 0.25);
        optimizer.Step(Values.Of(recipe, 0.125), 0.25);

        // v: 2, then 0.5·2 + 2 = 3; w: 1 − 0.25 − 0.375.
        Assert.Equal(0.375f, weight.Detach().ToArray<float>()[0]);
        Assert.Equal(3f, optimizer.Tensors[0].Value.ToArray<float>()[0]);
    }

    [Fact]
    public void GroupsHaveTheirOwnRateAndDecay()
    {
        using TensorScope scope = new();
        Sgd recipe = new() { Momentum = 0, WeightDecay = 0.5 };
        using Tensor fast = Tensor.From<float>([1]);
        using Tensor fixedDecay = Tensor.From<float>([1]);
        Parameter first = new(fast, ParameterRole.Weight), second = new(fixedDecay, ParameterRole.Bias);
        using IOptimizer optimizer = recipe.Bind(
        [
            new ParameterGroup { Parameters = [KeyValuePair.Create("a", first)], RateFactor = 2 },
            new ParameterGroup { Parameters = [KeyValuePair.Create("b", second)], DecayFactor = 0 },
        ]);
        fast.Gradient = Tensor.From<float>([1]);
        fixedDecay.Gradient = Tensor.From<float>([1]);

        optimizer.Step(Values.Of(recipe, 0.25), 1);

        Assert.Equal(1 - (0.5f * 1.5f), fast.Detach().ToArray<float>()[0]);
        Assert.Equal(0.75f, fixedDecay.Detach().ToArray<float>()[0]);
    }

    [Fact]
    public void AParameterWithoutAGradientStaysAsItIs()
    {
        using TensorScope scope = new();
        Sgd recipe = new() { WeightDecay = 0.5 };
        using Tensor weight = Tensor.From<float>([1, 2]);
        using IOptimizer optimizer = recipe.Bind([Group.Of(new Parameter(weight, ParameterRole.Weight))]);

        optimizer.Step(Values.Of(recipe, 0.1), 1);

        Assert.Equal([1f, 2f], weight.Detach().ToArray<float>());
    }

    [Fact]
    public void OtherTypesThanFloatStepThroughLibtorchsOwnOperators()
    {
        using TensorScope scope = new();
        Sgd recipe = new() { Momentum = 0.5, Nesterov = true, WeightDecay = 0.5 };
        using Tensor weight = Tensor.From<float>([1]).To(DType.BFloat16);
        Parameter parameter = new(weight, ParameterRole.Weight);
        using IOptimizer optimizer = recipe.Bind([Group.Of(parameter)]);
        parameter.Value.Gradient = Tensor.From<float>([2]).To(DType.BFloat16);

        optimizer.Step(Values.Of(recipe, 0.125), 0.5);

        // g = 2·0.5 + 0.5·1 = 1.5, v = 1.5, w = 1 − 0.125·(1.5 + 0.5·1.5).
        Assert.Equal(0.71875f, weight.Detach().To(DType.Float32).ToArray<float>()[0]);
    }

    [Fact]
    public void ManyElementsGiveTheSameWithOneThreadAndWithTwo()
    {
        using TensorScope scope = new();
        float[][] results = [.. new[] { 1, 2 }.Select(threads =>
        {
            Sgd recipe = new() { Nesterov = true, WeightDecay = 0.01 };
            using Tensor large = (Tensor.Range(1_300_003).To(DType.Float32) * 1e-6).Detach();
            using Tensor small = Tensor.Ones([17]);
            Parameter[] parameters = [new(small, ParameterRole.Weight), new(large, ParameterRole.Weight)];
            using IOptimizer optimizer = recipe.Bind([Group.Of(parameters)]);
            small.Gradient = Tensor.Ones([17]);
            large.Gradient = Tensor.Ones([1_300_003]) * 0.5;
            WithThreads(threads, () => optimizer.Step(Values.Of(recipe, 0.1), 1));
            return (float[])[.. small.Detach().ToArray<float>(), .. large.Detach().ToArray<float>()];
        })];

        Assert.Equal(results[0], results[1]);
        // g = 0.5 + 0.01·w and the first step is 0.1·(g + 0.9·g).
        Assert.Equal(1.300002 - (0.19 * (0.5 + 0.01300002)), results[0][^1], 1e-6);
    }

    static void WithThreads(int threads, Action action)
    {
        int before = Engine.Threads;
        Engine.Threads = threads;
        try
        {
            action();
        }
        finally
        {
            Engine.Threads = before;
        }
    }

    [Theory]
    [InlineData("momentum", 1.0, "momentum must be at least 0 and below 1. Received: 1.")]
    [InlineData("learning-rate", -0.1, "learning-rate must be at least 0. Received: -0.1.")]
    [InlineData("weight-decay", double.NaN, "weight-decay must be at least 0. Received: NaN.")]
    public void AValueOutOfRangeIsRefusedAtTheStep(string name, double value, string message)
    {
        using TensorScope scope = new();
        Sgd recipe = new();
        using Tensor weight = Tensor.From<float>([1]);
        using IOptimizer optimizer = recipe.Bind([Group.Of(new Parameter(weight, ParameterRole.Weight))]);
        Dictionary<string, double> values = Values.Of(recipe, 0.1);
        values[name] = value;

        Assert.Equal(message, Assert.Throws<ArgumentException>(() => optimizer.Step(values, 1)).Message);
    }
}
