namespace Anneal.Torch;

// New tensors, copies, and other types.
public sealed partial class Tensor
{
    static readonly Operator EmptyOp = new("aten::empty", "memory_format");
    static readonly Operator FullOp = new("aten::full");
    static readonly Operator ZerosLikeOp = new("aten::zeros_like");
    static readonly Operator EmptyLikeOp = new("aten::empty_like");
    static readonly Operator ArangeOp = new("aten::arange");
    static readonly Operator ToOp = new("aten::to", "dtype");
    static readonly Operator ToDeviceOp = new("aten::to", "device");
    static readonly Operator CloneOp = new("aten::clone");
    static readonly Operator DetachOp = new("aten::detach");
    static readonly Operator CopyOp = new("aten::copy_");
    static readonly Operator FillOp = new("aten::fill_", "Scalar");
    static readonly Operator ZeroOp = new("aten::zero_");
    static readonly Operator OneHotOp = new("aten::one_hot");

    /// <summary>A tensor whose elements are not yet set.</summary>
    public static Tensor Empty(long[] shape, DType type = DType.Float32, Device? device = null) =>
        EmptyOp.Invoke(shape, type, Argument.None, device ?? Device.Cpu);

    /// <summary>A tensor whose elements are all one number.</summary>
    public static Tensor Full(long[] shape, double value, DType type = DType.Float32, Device? device = null) =>
        FullOp.Invoke(shape, value, type, Argument.None, device ?? Device.Cpu);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(long[] shape, DType type = DType.Float32, Device? device = null) => Full(shape, 0, type, device);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(long[] shape, DType type = DType.Float32, Device? device = null) => Full(shape, 1, type, device);

    /// <summary>Zeros of the same shape, type, device and memory order.</summary>
    public Tensor ZerosLike() => ZerosLikeOp.Invoke(this);

    /// <summary>Elements not yet set, of the same shape, type, device and memory order.</summary>
    public Tensor EmptyLike() => EmptyLikeOp.Invoke(this);

    /// <summary>The integers from 0 up to an end.</summary>
    public static Tensor Range(long end, Device? device = null) =>
        ArangeOp.Invoke(end, DType.Int64, Argument.None, device ?? Device.Cpu);

    /// <summary>The elements as another type; itself where they are of it.</summary>
    public Tensor To(DType type) => ToOp.Invoke(this, type);

    /// <summary>The elements on another device, in a type; itself where they are there.</summary>
    public Tensor To(Device device, DType? type = null) => ToDeviceOp.Invoke(this, device, type ?? DType);

    /// <summary>A copy in a memory order.</summary>
    public Tensor Clone(MemoryFormat format = MemoryFormat.Preserve) => CloneOp.Invoke(this, format);

    /// <summary>The same elements, unknown to autograd.</summary>
    public Tensor Detach() => DetachOp.Invoke(this);

    /// <summary>Overwrites the elements with another tensor's, converted and broadcast.</summary>
    public void CopyFrom(Tensor source) => CopyOp.Run(this, source);

    /// <summary>Sets all elements to a number.</summary>
    public void Fill(double value) => FillOp.Run(this, value);

    /// <summary>Sets all elements to zero.</summary>
    public void Zero() => ZeroOp.Run(this);

    /// <summary>Class indices [n] as rows of zeros with a one [n, classes].</summary>
    public Tensor OneHot(int classes) => OneHotOp.Invoke(this, classes);
}
