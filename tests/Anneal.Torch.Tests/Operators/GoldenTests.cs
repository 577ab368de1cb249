using System.Reflection;

namespace Anneal.Torch.Tests.Operators;

public class GoldenTests
{
    static readonly Goldens Golden = Goldens.Read();

    // Keyed by the names in make_goldens.py.
    static readonly Dictionary<string, Func<Tensor[], Tensor>> Calls = new()
    {
        ["Full"] = _ => Tensor.Full([2, 3], 1.5),
        ["Full/Int64"] = _ => Tensor.Full([2, 3], 7, DType.Int64),
        ["Full/Boolean"] = _ => Tensor.Full([2], 1, DType.Boolean),
        ["Full/a single number"] = _ => Tensor.Full([], 2.25, DType.Float64),
        ["Zeros"] = _ => Tensor.Zeros([3], DType.Float16),
        ["Ones"] = _ => Tensor.Ones([3, 1], DType.BFloat16),
        ["ZerosLike"] = x => x[0].ZerosLike(),
        ["Range"] = _ => Tensor.Range(5),
        ["To/Int32"] = x => x[0].To(DType.Int32),
        ["To/Float64"] = x => x[0].To(DType.Float64),
        ["To/BFloat16"] = x => x[0].To(DType.BFloat16),
        ["To/device and Float16"] = x => x[0].To(Device.Cpu, DType.Float16),
        ["Clone"] = x => x[0].Clone(),
        ["Clone/channels last"] = x => x[0].Clone(MemoryFormat.ChannelsLast),
        ["Detach"] = x => x[0].Detach() * 2.0,
        ["CopyFrom"] = Changed(x => x[0].CopyFrom(x[1])),
        ["CopyFrom/another type"] = Changed(x => x[0].CopyFrom(x[1])),
        ["Fill"] = Changed(x => x[0].Fill(0.1)),
        ["Zero"] = Changed(x => x[0].Zero()),
        ["OneHot"] = x => x[0].OneHot(4),

        ["op_Addition"] = x => x[0] + x[1],
        ["op_Addition/number"] = x => x[0] + 1.5,
        ["op_Addition/Int64 and number"] = x => x[0] + 1.5,
        ["op_Subtraction"] = x => x[0] - x[1],
        ["op_Subtraction/number"] = x => x[0] - 1.5,
        ["op_UnaryNegation"] = x => -x[0],
        ["op_Multiply"] = x => x[0] * x[1],
        ["op_Multiply/number"] = x => x[0] * -2.5,
        ["op_Division"] = x => x[0] / x[1],
        ["op_Division/number"] = x => x[0] / 3.0,
        ["op_Division/Int64"] = x => x[0] / x[1],
        ["Relu"] = x => x[0].Relu(),
        ["ReluInPlace"] = x => (x[0] * 1.0).ReluInPlace(),
        ["Gelu"] = x => x[0].Gelu(),
        ["Silu"] = x => x[0].Silu(),
        ["Mish"] = x => x[0].Mish(),
        ["LeakyRelu"] = x => x[0].LeakyRelu(),
        ["LeakyRelu/slope 0.2"] = x => x[0].LeakyRelu(0.2),
        ["Sigmoid"] = x => x[0].Sigmoid(),
        ["Tanh"] = x => x[0].Tanh(),
        ["Exp"] = x => x[0].Exp(),
        ["Log"] = x => x[0].Log(),
        ["Log/of zero and below"] = x => x[0].Log(),
        ["Sqrt"] = x => x[0].Sqrt(),
        ["Abs"] = x => x[0].Abs(),
        ["Pow"] = x => x[0].Pow(2.5),
        ["Pow/3"] = x => x[0].Pow(3),
        ["Clamp"] = x => x[0].Clamp(-0.5, 0.75),
        ["Clamp/below"] = x => x[0].Clamp(minimum: 0.1),
        ["Clamp/above"] = x => x[0].Clamp(maximum: 0.1),
        ["ClampInPlace"] = Changed(x => x[0].ClampInPlace(-0.5, 0.75)),
        ["ClampInPlace/above"] = Changed(x => x[0].ClampInPlace(maximum: 0.1)),
        ["EqualTo"] = x => x[0].EqualTo(x[1]),
        ["EqualTo/number"] = x => x[0].EqualTo(2),
        ["LessThan"] = x => x[0].LessThan(0.25),
        ["GreaterThan"] = x => x[0].GreaterThan(0.25),
        ["IsFinite"] = x => x[0].IsFinite(),
        ["Where"] = x => Tensor.Where((x[0] - x[1]).GreaterThan(0), x[0], x[1]),
        ["Dropout/evaluation"] = x => x[0].Dropout(0.5, training: false),
        ["AddInPlace"] = Changed(x => x[0].AddInPlace(x[1])),
        ["AddInPlace/scale"] = Changed(x => x[0].AddInPlace(x[1], -0.5)),
        ["AddInPlace/Int64"] = Changed(x => x[0].AddInPlace(x[1])),
        ["AddInPlace/number"] = Changed(x => x[0].AddInPlace(0.5)),
        ["MultiplyInPlace"] = Changed(x => x[0].MultiplyInPlace(x[1])),
        ["MultiplyInPlace/number"] = Changed(x => x[0].MultiplyInPlace(0.5)),
        ["LerpInPlace"] = Changed(x => x[0].LerpInPlace(x[1], 0.3)),

        ["Sum"] = x => x[0].Sum(),
        ["Sum/Boolean"] = x => x[0].Sum(),
        ["Sum/dimensions"] = x => x[0].Sum([0, 2]),
        ["Sum/dimensions kept"] = x => x[0].Sum([1], keepDimensions: true),
        ["Mean"] = x => x[0].Mean(),
        ["Mean/dimensions"] = x => x[0].Mean([2, 3]),
        ["Mean/dimensions kept"] = x => x[0].Mean([0], keepDimensions: true),
        ["Max"] = x => x[0].Max(),
        ["Min"] = x => x[0].Min(),
        ["ArgMax"] = x => x[0].ArgMax(1),
        ["ArgMax/last"] = x => x[0].ArgMax(-1),
        ["StandardDeviation"] = x => x[0].StandardDeviation(),
        ["StandardDeviation/biased"] = x => x[0].StandardDeviation(unbiased: false),
        ["Norm"] = x => x[0].Norm(),
        ["All"] = x => x[0].All(),
        ["All/not"] = x => x[0].All(),
        ["Softmax"] = x => x[0].Softmax(1),
        ["Softmax/first"] = x => x[0].Softmax(0),
        ["LogSoftmax"] = x => x[0].LogSoftmax(-1),

        ["Reshape"] = x => x[0].Reshape(2, -1),
        ["Flatten"] = x => x[0].Flatten(),
        ["Flatten/from 1"] = x => x[0].Flatten(1),
        ["Flatten/1 to 2"] = x => x[0].Flatten(1, 2),
        ["Permute"] = x => x[0].Permute(0, 2, 3, 1),
        ["Unsqueeze"] = x => x[0].Unsqueeze(1),
        ["Squeeze"] = x => x[0].Squeeze(),
        ["Slice"] = x => x[0].Slice(1, 1, 3),
        ["Slice/step"] = x => x[0].Slice(0, 0, 3, 2),
        ["Select"] = x => x[0].Select(1, 2),
        ["Contiguous"] = x => x[0].Transpose().Contiguous(),
        ["Contiguous/channels last"] = x => x[0].Contiguous(MemoryFormat.ChannelsLast),
        ["Concatenate"] = x => Tensor.Concatenate(x),
        ["Concatenate/columns"] = x => Tensor.Concatenate(x, 1),
        ["Stack"] = x => Tensor.Stack(x),
        ["Stack/last"] = x => Tensor.Stack(x, -1),
        ["Expand"] = x => x[0].Expand(3, 4),
        ["Pad"] = x => x[0].Pad([1, 0, 0, 2]),
        ["Pad/value"] = x => x[0].Pad([2, 1], -1.5),

        ["IndexSelect"] = x => x[0].IndexSelect(0, x[1]),
        ["Gather"] = x => x[0].Gather(1, x[1]),

        ["MatMul"] = x => Tensor.MatMul(x[0], x[1]),
        ["MatMul/batches"] = x => Tensor.MatMul(x[0], x[1]),
        ["MatMul/vectors"] = x => Tensor.MatMul(x[0], x[1]),
        ["Linear"] = x => Tensor.Linear(x[0], x[1], x[2]),
        ["Linear/no bias"] = x => Tensor.Linear(x[0], x[1]),
        ["Transpose"] = x => x[0].Transpose(),

        ["Conv2d"] = x => Tensor.Conv2d(x[0], x[1], x[2]),
        ["Conv2d/no bias, stride 2, padding 1"] = x => Tensor.Conv2d(x[0], x[1], stride: 2, padding: 1),
        ["Conv2d/groups and dilation"] = x => Tensor.Conv2d(x[0], x[1], x[2], padding: 2, dilation: 2, groups: 2),
        ["MaxPool2d"] = x => x[0].MaxPool2d(2, 2),
        ["MaxPool2d/overlapping, padding 1"] = x => x[0].MaxPool2d(3, 2, 1),
        ["AvgPool2d"] = x => x[0].AvgPool2d(2, 2),
        ["AvgPool2d/padding 1"] = x => x[0].AvgPool2d(3, 1, 1),
        ["AdaptiveAvgPool2d"] = x => x[0].AdaptiveAvgPool2d(1, 1),
        ["AdaptiveAvgPool2d/2 by 3"] = x => x[0].AdaptiveAvgPool2d(2, 3),
        ["GlobalMaxPool2d"] = x => x[0].GlobalMaxPool2d(),
        ["BatchNorm"] = x => Tensor.BatchNorm(x[0], x[1], x[2], Tensor.Zeros([4]), Tensor.Ones([4]), true, 0.1, 1e-5),
        ["BatchNorm/evaluation"] = x => Tensor.BatchNorm(x[0], x[1], x[2], Tensor.Zeros([4]), Tensor.Full([4], 2), false, 0.1, 1e-3),
        ["BatchNorm/without weights and buffers"] = x => Tensor.BatchNorm(x[0], null, null, null, null, true, 0.1, 1e-5),
        ["BatchNorm/updates the buffers"] = x =>
        {
            Tensor.BatchNorm(x[0], null, null, x[1], x[2], true, 0.1, 1e-5);
            return Tensor.Stack([x[1], x[2]]);
        },

        ["CrossEntropy"] = x => Tensor.CrossEntropy(x[0], x[1]),
        ["CrossEntropy/smoothing 0.1"] = x => Tensor.CrossEntropy(x[0], x[1], smoothing: 0.1),
        ["CrossEntropy/probabilities"] = x => Tensor.CrossEntropy(x[0], x[1]),
        ["CrossEntropy/class weights"] = x => Tensor.CrossEntropy(x[0], x[1], Tensor.From([1f, 2f, 0.5f, 3f])),
    };

    // Not operators with a value of their own, or random; each has tests elsewhere.
    static readonly string[] TestedElsewhere =
    [
        "From", "FromBytes", "ToArray", "CopyTo", "CopyBytesTo", "LoadBytes", "ToDouble", "ToInt64", "Size", "Alias", "Backward", "Dispose",
        "Empty", "EmptyLike", "FillNormal", "FillUniform", "FillBernoulli", "BatchNormRelu", "LinearRelu", "CountRight",
    ];

    public static TheoryData<string> Names => [.. Golden.Cases.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ComputesWhatPyTorchComputes(string name)
    {
        using TensorScope scope = new();
        GoldenCase golden = Golden.Cases.Single(golden => golden.Name == name);
        Tensor[] inputs = [.. golden.Inputs.Select(input => input.ToTensor())];

        golden.Output.AssertEqualTo(Calls[name](inputs));
    }

    public static TheoryData<string> DifferentiableNames => [.. Golden.Cases.Where(golden => golden.Gradients is not null).Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(DifferentiableNames))]
    public void PassesTheGradientsBackThatPyTorchPasses(string name)
    {
        using TensorScope scope = new();
        GoldenCase golden = Golden.Cases.Single(golden => golden.Name == name);
        Tensor[] inputs = [.. golden.Inputs.Select(input => input.ToTensor())];
        foreach (Tensor input in inputs.Where(input => input.DType.IsFloatingPoint()))
        {
            input.RequiresGradient = true;
        }

        Calls[name](inputs).Backward(golden.Seed!.ToTensor());

        foreach ((Tensor input, GoldenTensor? expected) in inputs.Zip(golden.Gradients!))
        {
            Assert.Equal(expected is null, input.Gradient is null);
            expected?.AssertEqualTo(input.Gradient!);
        }
    }

    [Fact]
    public void ThereIsACaseForEveryPublicMethodOfATensor()
    {
        IEnumerable<string> methods = typeof(Tensor)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
            .Where(method => method.Name != nameof(ToString))
            .Select(method => method.Name)
            .Distinct();

        Assert.Empty(methods.Except(Golden.Cases.Select(golden => golden.Method)).Except(TestedElsewhere));
    }

    static Func<Tensor[], Tensor> Changed(Action<Tensor[]> change) => inputs =>
    {
        change(inputs);
        return inputs[0];
    };
}
