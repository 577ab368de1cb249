using Anneal.Torch;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;

namespace Anneal.Training.Tests.Optimizers;

public class OptimizerStateTests
{
    public static TheoryData<string, Optimizer> Recipes => new()
    {
        { "sgd", new Sgd { Nesterov = true, WeightDecay = 0.01 } },
        { "adamw", new AdamW() },
    };

    [Theory]
    [MemberData(nameof(Recipes))]
    public void ARunRestoredFromItsTensorsEndsWithTheSameBits(string name, Optimizer recipe)
    {
        using TensorScope scope = new();
        using Run whole = new(recipe, Start());
        whole.Steps(0, 6);

        using Run first = new(recipe, Start());
        first.Steps(0, 3);
        using Run second = new(recipe, first.Weight.Detach().Clone());
        foreach (((string path, Tensor saved), (string samePath, Tensor restored)) in first.Optimizer.Tensors.Zip(second.Optimizer.Tensors))
        {
            Assert.Equal(path, samePath);
            restored.CopyFrom(saved);
        }
        second.Optimizer.Steps = first.Optimizer.Steps;
        second.Steps(3, 6);

        Assert.Equal(whole.Weight.Detach().ToArray<float>(), second.Weight.Detach().ToArray<float>());
        Assert.True(whole.Optimizer.Steps == 6, name);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void StateFollowsAModelThatMovesToAnotherMemoryOrder(string name, Optimizer recipe)
    {
        using TensorScope scope = new();
        using Run still = new(recipe, Start());
        still.Steps(0, 4);

        using Run moved = new(recipe, Start());
        moved.Steps(0, 2);
        moved.Parameter.Value = moved.Weight.Detach().Contiguous(MemoryFormat.ChannelsLast).Clone();
        moved.Steps(2, 4);

        Assert.True(moved.Weight.IsChannelsLast && !still.Weight.IsChannelsLast, name);
        Assert.Equal(still.Weight.Detach().ToArray<float>(), moved.Weight.Detach().ToArray<float>());
    }

    [Fact]
    public void TensorsAreNamedByWhatTheyAreAndTheirParametersPath()
    {
        using TensorScope scope = new();
        using Run run = new(new AdamW(), Start());

        Assert.Equal(["mean.p0", "square.p0"], run.Optimizer.Tensors.Select(named => named.Key));
        Assert.All(run.Optimizer.Tensors, named => Assert.Equal(0, named.Value.Abs().Sum().ToDouble()));
    }

    [Fact]
    public void AParameterInTwoGroupsIsRefused()
    {
        using TensorScope scope = new();
        using Tensor weight = Start();
        Parameter parameter = new(weight, ParameterRole.Weight);

        ArgumentException refused = Assert.Throws<ArgumentException>(() => new Sgd().Bind([Group.Of(parameter), Group.Of(parameter)]));

        Assert.Equal("Each parameter must be in one group. Received: 'p0' in two.", refused.Message);
    }

    static Tensor Start() => (Tensor.Range(48).To(DType.Float32) * 0.01).Reshape(4, 3, 2, 2).Clone();

    sealed class Run : IDisposable
    {
        readonly Optimizer recipe;

        internal Run(Optimizer recipe, Tensor start)
        {
            this.recipe = recipe;
            Parameter = new Parameter(start, ParameterRole.Weight);
            Optimizer = recipe.Bind([Group.Of(Parameter)]);
        }

        internal Parameter Parameter { get; }

        internal Tensor Weight => Parameter.Value;

        internal IOptimizer Optimizer { get; }

        internal void Steps(int from, int to)
        {
            for (int step = from; step < to; step++)
            {
                Weight.Gradient = Tensor.Full([4, 3, 2, 2], 0.1 * (step + 1));
                Optimizer.Step(Values.Of(recipe, 0.1), 1);
            }
        }

        public void Dispose()
        {
            Optimizer.Dispose();
            Weight.Dispose();
        }
    }
}
