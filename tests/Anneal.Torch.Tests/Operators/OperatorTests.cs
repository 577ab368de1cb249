namespace Anneal.Torch.Tests.Operators;

public class OperatorTests
{
    [Fact]
    public void AWrongCallNamesTheOperatorTheShapesAndLibtorchsReason()
    {
        using TensorScope scope = new();
        Tensor left = Tensor.Ones([2, 3]);
        Tensor right = Tensor.Ones([4, 5], DType.Float64);

        TorchException refused = Assert.Throws<TorchException>(() => Tensor.MatMul(left, right));

        Assert.StartsWith("aten::matmul(Float32[2, 3] on cpu, Float64[4, 5] on cpu): ", refused.Message);
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", refused.Message);
        Assert.False(refused.IsOutOfMemory);
    }

    [Fact]
    public void AnErrorShowsEveryKindOfArgument()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([2]);
        Tensor?[] several = [x, null, x, x, x];

        TorchException refused = Assert.Throws<TorchException>(() => new Operator("aten::neg").Invoke(
            x, 3, 0.5, true, new long[] { 1, 2 }, new double[] { 0.5 }, several, "text", Device.Cuda(2), Argument.None));

        Assert.Equal(
            "aten::neg(Float32[2] on cpu, 3, 0.5, true, [1, 2], [0.5], " +
            "[Float32[2] on cpu, none, Float32[2] on cpu, Float32[2] on cpu, ...], text, cuda:2, none): " +
            "expected at most 1 arguments but received 10",
            refused.Message);
    }

    [Fact]
    public void AnUnknownOperatorIsAnErrorWithItsName()
    {
        TorchException refused = Assert.Throws<TorchException>(() => new Operator("aten::no_such_thing").Run());
        TorchException overload = Assert.Throws<TorchException>(() => new Operator("aten::add", "Nothing").Run());

        Assert.Contains("no operator aten::no_such_thing", refused.Message);
        Assert.Contains("no operator aten::add.Nothing", overload.Message);
    }

    [Fact]
    public void ANativeLibraryOfOtherSourcesIsNamed()
    {
        TorchException older = Assert.Throws<TorchException>(() => new Operator("anneal::no_such_thing").Run());

        Assert.Contains("libanneal_torch.so, which has no anneal::no_such_thing", older.Message);
        Assert.Contains("./anneal", older.Message);
    }

    [Fact]
    public void AMissingArgumentIsNamed()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([2]);

        TorchException refused = Assert.Throws<TorchException>(() => new Operator("aten::add", "Tensor").Invoke(x));

        Assert.Contains("'other' is missing", refused.Message);
    }

    [Fact]
    public void AnArgumentOfAnotherKindIsAnErrorAndTheProcessLives()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([2]);
        Operator add = new("aten::add", "Tensor");

        Assert.Throws<TorchException>(() => add.Invoke(x, "text"));
        Assert.Throws<TorchException>(() => add.Invoke(x, Argument.None));
        Assert.Throws<TorchException>(() => new Operator("aten::unsqueeze").Invoke(x, 0.5));
        Assert.Throws<TorchException>(() => new Operator("aten::permute").Invoke(x, "0"));

        Assert.Equal([2f, 2f], add.Invoke(x, x).ToArray<float>());
    }

    [Fact]
    public void AReleasedTensorIsRefused()
    {
        Tensor x = Tensor.Ones([2]);
        x.Dispose();

        Assert.Throws<ObjectDisposedException>(() => x + x);
    }

    [Fact]
    public void TooMuchMemoryIsAnErrorThatSaysSo()
    {
        TorchException refused = Assert.Throws<TorchException>(() => Tensor.Empty([1L << 45]));

        Assert.True(refused.IsOutOfMemory);
        Assert.StartsWith("aten::empty.memory_format([35184372088832], 6, none, cpu): ", refused.Message);
    }

    [Fact]
    public void ASizeThatNoNumberHoldsIsAnErrorOfAnotherKind() =>
        Assert.False(Assert.Throws<TorchException>(() => Tensor.Empty([1L << 62, 4])).IsOutOfMemory);

    [Fact]
    public void SeveralResultsComeBackInOrder()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>([1, 2, 3, 4, 5], 5);

        Tensor?[] parts = new Operator("aten::split", "Tensor").InvokeAll(x, 2, 0);

        Assert.Equal([2, 2, 1], parts.Select(part => part!.Count));
        Assert.Equal([3f, 4f], parts[1]!.ToArray<float>());
    }

    [Fact]
    public void ThreeResultsOfThreeKindsComeBackInOrder()
    {
        using TensorScope scope = new();
        Operator unique = new("aten::_unique2");

        Tensor?[] results = unique.InvokeAll(Tensor.From([5f, 2f, 5f]), true, true, true);

        Assert.Equal(3, results.Length);
        Assert.Equal([2f, 5f], results[0]!.ToArray<float>());
        Assert.Equal([1L, 0L, 1L], results[1]!.ToArray<long>());
        Assert.Equal([1L, 2L], results[2]!.ToArray<long>());
    }

    [Fact]
    public void InvokeReturnsTheFirstOfSeveralResultsAndReleasesTheOthers()
    {
        using Tensor x = Tensor.From([3f, 1f, 2f]);
        long before = Tensor.LiveCount;

        using (Tensor sorted = new Operator("aten::sort").Invoke(x))
        {
            Assert.Equal([1f, 2f, 3f], sorted.ToArray<float>());
            Assert.Equal(before + 1, Tensor.LiveCount);
        }
    }

    [Fact]
    public void AResultLeftUndefinedIsNull()
    {
        using TensorScope scope = new();
        Tensor image = Tensor.Ones([1, 1, 2, 2]);
        Tensor weight = Tensor.Full([1, 1, 1, 1], 3);

        Tensor?[] gradients = new Operator("aten::convolution_backward").InvokeAll(
            image, image, weight, new long[] { 1 }, new long[] { 1, 1 }, new long[] { 0, 0 }, new long[] { 1, 1 },
            false, new long[] { 0, 0 }, 1, new[] { true, false, true });

        Assert.Equal([3f, 3f, 3f, 3f], gradients[0]!.ToArray<float>());
        Assert.Null(gradients[1]);
        Assert.Equal([4f], gradients[2]!.ToArray<float>());
    }

    [Fact]
    public void AtMost64ResultsAreReceived()
    {
        using TensorScope scope = new();
        Operator unbind = new("aten::unbind", "int");
        Tensor most = Tensor.Range(64);
        Tensor more = Tensor.Range(65);
        long before = Tensor.LiveCount;

        Assert.Equal(63, unbind.InvokeAll(most)[63]!.ToInt64());
        TorchException refused = Assert.Throws<TorchException>(() => unbind.InvokeAll(more));

        Assert.Contains("at most 64 tensors. Received: 65 from aten::unbind.int", refused.Message);
        Assert.Equal(before + 64, Tensor.LiveCount);
    }

    [Fact]
    public void AnOperatorThatReturnsNothingIsRun()
    {
        using TensorScope scope = new();
        Operator add = new("aten::_foreach_add_", "Scalar");
        Tensor[] tensors = [Tensor.Ones([1]), Tensor.Ones([2])];

        add.Run(tensors, 1);
        Assert.Empty(add.InvokeAll(tensors, 1));
        TorchException refused = Assert.Throws<TorchException>(() => add.Invoke(tensors, 1));

        Assert.Contains("it returned none. Use Run or InvokeAll", refused.Message);
        Assert.Equal([4f, 4f], tensors[1].ToArray<float>());
    }

    [Fact]
    public void AnOperatorThatReturnsANumberIsAnError()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([1]);

        Assert.Contains("which is not a tensor", Assert.Throws<TorchException>(() => new Operator("aten::equal").Invoke(x, x)).Message);
    }

    [Fact]
    public void TensorsInAListMayBeLeftOut()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From([1f, 2f, 3f, 4f], 2, 2);
        Tensor?[] indices = [null, Tensor.From([1L])];

        Assert.Equal([2f, 4f], new Operator("aten::index", "Tensor").Invoke(x, indices).ToArray<float>());
    }

    [Fact]
    public void AnIntegerStandsForAListAndForARealNumber()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From([1f, 2f, 3f, 4f], 2, 2);

        Assert.Equal([3f, 7f], new Operator("aten::sum", "dim_IntList").Invoke(x, 1).ToArray<float>());
        new Operator("aten::normal_").Run(x, 3, 0);
        Assert.Equal([3f, 3f, 3f, 3f], x.ToArray<float>());
    }

    [Fact]
    public void ATextChoosesHowAQuotientIsRounded()
    {
        using TensorScope scope = new();
        Operator divide = new("aten::div", "Tensor_mode");
        Tensor seven = Tensor.From([-7f]);
        Tensor two = Tensor.From([2f]);

        Assert.Equal(-4, divide.Invoke(seven, two, "floor").ToDouble());
        Assert.Equal(-3, divide.Invoke(seven, two, "trunc").ToDouble());
        Assert.Equal(-3.5, divide.Invoke(seven, two, Argument.None).ToDouble());
        Assert.Contains("but found 'größer'", Assert.Throws<TorchException>(() => divide.Invoke(seven, two, "größer")).Message);
    }

    [Fact]
    public void RealNumbersAndIntegersFillAListOfRealNumbers()
    {
        using TensorScope scope = new();
        Operator upsample = new("aten::upsample_nearest2d", "vec");
        Tensor image = Tensor.Ones([1, 1, 2, 2]);

        Assert.Equal([1, 1, 4, 6], upsample.Invoke(image, Argument.None, new[] { 2.0, 3.0 }).Shape);
        Assert.Equal([1, 1, 4, 6], upsample.Invoke(image, Argument.None, new[] { 2L, 3L }).Shape);
    }

    [Fact]
    public void NumbersFillAListOfScalars()
    {
        using TensorScope scope = new();
        Operator add = new("aten::_foreach_add", "ScalarList");
        Tensor[] tensors = [Tensor.Ones([1]), Tensor.From([1L])];

        Tensor?[] reals = add.InvokeAll(tensors, new[] { 0.5, 2.0 });
        Tensor?[] integers = add.InvokeAll(tensors, new[] { 1L, 2L });

        Assert.Equal(1.5, reals[0]!.ToDouble());
        Assert.Equal(DType.Float32, reals[1]!.DType);
        Assert.Equal(3, integers[1]!.ToInt64());
    }

    [Fact]
    public void DefaultsOfTheSchemaStandForWhatIsLeftOut()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From([1f, 2f, 3f, 4f], 2, 2);

        Assert.Equal([1f, 2f, 3f, 4f], new Operator("aten::flatten", "using_ints").Invoke(x).ToArray<float>());
    }

    [Fact]
    public void ALongListTakesTheHeap()
    {
        using TensorScope scope = new();
        Tensor[] ones = [.. Enumerable.Range(0, 1000).Select(_ => Tensor.Ones([1]))];

        Assert.Equal(1000, Tensor.Concatenate(ones).Sum().ToDouble());
    }

    [Fact]
    public void ThreadsMayShareAnOperator()
    {
        Operator relu = new("aten::relu");
        int right = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            using TensorScope scope = new();
            Tensor x = Tensor.Full([3], number);
            for (int i = 0; i < 200; i++)
            {
                x = relu.Invoke(x);
            }
            Interlocked.Add(ref right, x.ToArray<float>().All(value => value == number) ? 1 : 0);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(4, right);
    }
}
