using System.Runtime.CompilerServices;
using System.Text.Json;
using Anneal.Torch;
using Anneal.Training.Losses;

namespace Anneal.Training.Tests.Losses;

public class CrossEntropyTests
{
    static readonly Goldens Golden = Goldens.Read();

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.Cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void LossAndGradientArePyTorchs(int which)
    {
        using TensorScope scope = new();
        GoldenCase golden = Golden.Cases[which];
        Tensor logits = Tensor.From(Golden.Logits, 6, 4);
        logits.RequiresGradient = true;
        Tensor targets = golden.Target == "indices" ? Tensor.From(Golden.Indices) : Tensor.From(Golden.Probabilities, 6, 4);
        CrossEntropy recipe = new() { ClassWeights = golden.Weighted ? Golden.Weights : null };

        Tensor loss = recipe.Compute(Given(logits, targets, golden.Smoothing)).Mean;
        loss.Backward();

        Assert.Equal(golden.Loss, loss.ToDouble(), 1e-6);
        Assert.All(logits.Gradient!.ToArray<float>().Zip(golden.Gradient), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Fact]
    public void SmoothingIndicesIsTheCrossEntropyOfSmoothedTargets()
    {
        using TensorScope scope = new();
        Tensor logits = Tensor.From(Golden.Logits, 6, 4);
        Tensor indices = Tensor.From(Golden.Indices);
        CrossEntropy recipe = new();

        double smoothed = recipe.Compute(Given(logits, indices, 0.3)).Mean.ToDouble();
        double direct = recipe.Compute(Given(logits, LabelSmoothing.Smooth(indices, 4, 0.3), 0)).Mean.ToDouble();

        Assert.Equal(direct, smoothed, 1e-6);
    }

    [Fact]
    public void ItsSmoothingIsAScheduleOfTheRun()
    {
        CrossEntropy recipe = new() { Smoothing = "constant(0.1) for 6ep then constant(0)" };

        Assert.Equal(["label-smoothing"], recipe.Schedules.Select(named => named.Key));
        Assert.Equal(recipe.Smoothing, recipe.Schedules[0].Value);
    }

    [Fact]
    public void AWeightIsNeededForEachClass()
    {
        using TensorScope scope = new();
        CrossEntropy recipe = new() { ClassWeights = [1, 2] };

        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => recipe.Compute(Given(Tensor.From(Golden.Logits, 6, 4), Tensor.From(Golden.Indices), 0)));

        Assert.Equal("There must be a weight for each class. Received: 2 weights for 4 classes.", refused.Message);
    }

    [Fact]
    public void NegativeWeightsAreRefused() => Assert.Throws<ArgumentException>(() => new CrossEntropy { ClassWeights = [1, -1] });

    [Fact]
    public void ASmoothingAboveOneIsRefused()
    {
        using TensorScope scope = new();
        Assert.Throws<ArgumentException>(() => new CrossEntropy().Compute(Given(Tensor.From(Golden.Logits, 6, 4), Tensor.From(Golden.Indices), 1.5)));
    }

    static LossContext Given(Tensor logits, Tensor targets, double smoothing) =>
        new() { Logits = logits, Targets = targets, Values = new Dictionary<string, double> { ["label-smoothing"] = smoothing } };

    /// <summary>What goldens.json holds; make_goldens.py writes it.</summary>
    sealed record Goldens(float[] Logits, long[] Indices, float[] Probabilities, double[] Weights, GoldenCase[] Cases)
    {
        public static Goldens Read([CallerFilePath] string test = "") =>
            JsonSerializer.Deserialize<Goldens>(File.ReadAllText(Path.Combine(Path.GetDirectoryName(test)!, "goldens.json")), JsonSerializerOptions.Web)!;
    }

    sealed record GoldenCase(string Target, double Smoothing, bool Weighted, double Loss, float[] Gradient);
}
