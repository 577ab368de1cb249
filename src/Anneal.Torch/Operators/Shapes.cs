namespace Anneal.Torch;

// Other views of the same elements, and joins.
public sealed partial class Tensor
{
    static readonly Operator ReshapeOp = new("aten::reshape");
    static readonly Operator FlattenOp = new("aten::flatten", "using_ints");
    static readonly Operator PermuteOp = new("aten::permute");
    static readonly Operator UnsqueezeOp = new("aten::unsqueeze");
    static readonly Operator SqueezeOp = new("aten::squeeze");
    static readonly Operator SliceOp = new("aten::slice", "Tensor");
    static readonly Operator SelectOp = new("aten::select", "int");
    static readonly Operator ContiguousOp = new("aten::contiguous");
    static readonly Operator CatOp = new("aten::cat");
    static readonly Operator StackOp = new("aten::stack");
    static readonly Operator ExpandOp = new("aten::expand");
    static readonly Operator PadOp = new("aten::constant_pad_nd");

    /// <summary>The same elements in another shape; one size may be -1.</summary>
    public Tensor Reshape(params long[] shape) => ReshapeOp.Invoke(this, shape);

    /// <summary>Dimensions from a first to a last one as one.</summary>
    public Tensor Flatten(int first = 0, int last = -1) => FlattenOp.Invoke(this, first, last);

    /// <summary>Dimensions in another order.</summary>
    public Tensor Permute(params long[] order) => PermuteOp.Invoke(this, order);

    /// <summary>With a dimension of size 1 put in.</summary>
    public Tensor Unsqueeze(int dimension) => UnsqueezeOp.Invoke(this, dimension);

    /// <summary>Without dimensions of size 1.</summary>
    public Tensor Squeeze() => SqueezeOp.Invoke(this);

    /// <summary>A view of the elements from a start up to an end along a dimension.</summary>
    public Tensor Slice(int dimension, long start, long end, long step = 1) => SliceOp.Invoke(this, dimension, start, end, step);

    /// <summary>A view of one place along a dimension, which goes away.</summary>
    public Tensor Select(int dimension, long index) => SelectOp.Invoke(this, dimension, index);

    /// <summary>The same elements without gaps in a memory order: itself where they already are.</summary>
    public Tensor Contiguous(MemoryFormat format = MemoryFormat.Contiguous) => ContiguousOp.Invoke(this, format);

    /// <summary>Tensors one after the other along a dimension.</summary>
    public static Tensor Concatenate(Tensor[] tensors, int dimension = 0) => CatOp.Invoke(tensors, dimension);

    /// <summary>Tensors of one shape side by side along a new dimension.</summary>
    public static Tensor Stack(Tensor[] tensors, int dimension = 0) => StackOp.Invoke(tensors, dimension);

    /// <summary>A view in which dimensions of size 1 are repeated.</summary>
    public Tensor Expand(params long[] shape) => ExpandOp.Invoke(this, shape);

    /// <summary>With a border of one value; the widths go from the last dimension to the first, before and after.</summary>
    public Tensor Pad(long[] widths, double value = 0) => PadOp.Invoke(this, widths, value);
}
