namespace Anneal.Torch.Tests.Operators;

/// <summary>The fused updates over tensors of awkward sizes and places in memory.</summary>
public class UpdateKernelTests
{
    static readonly Operator SgdStep = new("anneal::sgd_step");
    static readonly Operator EmaUpdate = new("anneal::ema_update");

    public static TheoryData<int> Counts => [0, 1, 3, 4, 5, 15, 16, 17, 31, 63, 100, 1027];

    [Theory]
    [MemberData(nameof(Counts))]
    public void AStepChangesExactlyTheTensorsElements(int count)
    {
        using TensorScope scope = new();
        // A view one element into its memory, so that no vector is aligned; what lies around it must stay.
        Tensor memory = Tensor.Ones([count + 2]), momentum = Tensor.Zeros([count + 2]);
        Tensor parameter = memory.Slice(0, 1, count + 1), velocity = momentum.Slice(0, 1, count + 1);
        parameter.Gradient = Tensor.Range(count).To(DType.Float32);

        SgdStep.Run(new[] { parameter }, new[] { velocity }, 0.5, 0.5, false, 0.0, false, 1.0);
        SgdStep.Run(new[] { parameter }, new[] { velocity }, 0.5, 0.5, false, 0.0, false, 1.0);

        // v: g, then 1.5·g; w: 1 − 0.5·2.5·g.
        float[] expected = [1, .. Enumerable.Range(0, count).Select(i => 1 - (1.25f * i)), 1];
        Assert.Equal(expected, memory.ToArray<float>());
        Assert.Equal([0, .. Enumerable.Range(0, count).Select(i => 1.5f * i), 0], momentum.ToArray<float>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ThreadsShareTensorsOfEveryKindWithoutMissingOrRepeatingOne(int threads)
    {
        using TensorScope scope = new();
        // Three threads split these 400,000 elements within the second, the fourth and the fifth tensor.
        Tensor small = Tensor.Ones([10]), large = Tensor.Ones([200_000]), idle = Tensor.Ones([30_000]);
        Tensor otherOrder = Tensor.Ones([300, 200]), doubles = Tensor.Ones([70_000], DType.Float64), half = Tensor.Ones([39_990], DType.Float16);
        Tensor[] parameters = [small, large, idle, otherOrder, doubles, half];
        Tensor[] velocities = [.. parameters.Select(parameter => parameter.ZerosLike())];
        small.Gradient = Tensor.Range(10).To(DType.Float32);
        large.Gradient = Tensor.Range(200_000).To(DType.Float32);
        otherOrder.Gradient = Tensor.Range(60_000).To(DType.Float32).Reshape(200, 300).Transpose();
        doubles.Gradient = Tensor.Range(70_000).To(DType.Float64);
        half.Gradient = Tensor.Full([39_990], 2, DType.Float16);

        int before = Engine.Threads;
        try
        {
            Engine.Threads = threads;
            SgdStep.Run(parameters, velocities, 0.5, 0.5, false, 0.0, false, 1.0);
            SgdStep.Run(parameters, velocities, 0.5, 0.5, false, 0.0, false, 1.0);
        }
        finally
        {
            Engine.Threads = before;
        }

        // w: 1 − 0.5·2.5·g.
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 1 - (1.25f * i)), small.ToArray<float>());
        Assert.Equal(Enumerable.Range(0, 200_000).Select(i => 1 - (0.5f * i) - (0.75f * i)), large.ToArray<float>());
        Assert.All(idle.ToArray<float>(), value => Assert.Equal(1, value));
        Assert.Equal(
            Enumerable.Range(0, 60_000).Select(i => 1 - (1.25f * i)),
            otherOrder.Transpose().Contiguous().ToArray<float>());
        Assert.Equal(Enumerable.Range(0, 70_000).Select(i => 1 - (1.25 * i)), doubles.ToArray<double>());
        Assert.All(half.To(DType.Float32).ToArray<float>(), value => Assert.Equal(-1.5f, value));
    }

    [Fact]
    public void HeldListsAreTheSameAsListedTensors()
    {
        using TensorScope scope = new();
        Tensor a = Tensor.Ones([5]), b = Tensor.Ones([7]);
        using TensorList averages = new([a, b]), sources = new([Tensor.Full([5], 3), Tensor.Full([7], 5)]);

        EmaUpdate.Run(averages, sources, 0.5);

        Assert.All(a.ToArray<float>(), value => Assert.Equal(2, value));
        Assert.All(b.ToArray<float>(), value => Assert.Equal(3, value));
        Assert.Equal(2, averages.Count);
        Assert.Equal("2 tensors", averages.ToString());
    }

    [Fact]
    public void AHeldListKeepsItsTensorsMemory()
    {
        using TensorScope scope = new();
        Tensor average = Tensor.Zeros([3]);
        Tensor source = Tensor.Ones([3]);
        using TensorList averages = new([average]), sources = new([source]);
        source.Dispose();

        EmaUpdate.Run(averages, sources, 1.0);

        Assert.Equal([1f, 1, 1], average.ToArray<float>());
    }

    [Fact]
    public void AReleasedListIsRefused()
    {
        using TensorScope scope = new();
        TensorList list = new([Tensor.Ones([1])]);
        list.Dispose();

        Assert.Throws<ObjectDisposedException>(() => EmaUpdate.Run(list, list, 0.5));
    }

    [Fact]
    public void ListsOfDifferentLengthsAreRefused()
    {
        using TensorScope scope = new();

        TorchException refused = Assert.Throws<TorchException>(
            () => SgdStep.Run(new[] { Tensor.Ones([2]) }, Array.Empty<Tensor>(), 0.1, 0.9, false, 0.0, false, 1.0));

        Assert.Contains("there must be a momentum for each of 1 parameters, but there are 0", refused.Message);
    }

    [Fact]
    public void StateOfAnotherShapeIsRefused()
    {
        using TensorScope scope = new();
        Tensor parameter = Tensor.Ones([2]);
        parameter.Gradient = Tensor.Ones([2]);

        TorchException refused = Assert.Throws<TorchException>(
            () => SgdStep.Run(new[] { parameter }, new[] { Tensor.Ones([3]) }, 0.1, 0.9, false, 0.0, false, 1.0));

        Assert.Contains("must have its parameter's type, shape and memory order", refused.Message);
    }

    [Fact]
    public void AnUpdateInPlaceIsSeenByABackwardPassThatStillNeedsTheOldValues()
    {
        using TensorScope scope = new();
        Tensor weight = Tensor.Ones([3]);
        weight.RequiresGradient = true;
        Tensor loss = (weight * weight).Sum();
        weight.Gradient = Tensor.Ones([3]);

        SgdStep.Run(new[] { weight }, new[] { Tensor.Zeros([3]) }, 0.1, 0.9, false, 0.0, false, 1.0);

        Assert.Contains("modified by an inplace operation", Assert.Throws<TorchException>(() => loss.Backward()).Message);
    }
}
