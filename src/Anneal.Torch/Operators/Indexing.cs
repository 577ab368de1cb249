namespace Anneal.Torch;

// Elements chosen by index.
public sealed partial class Tensor
{
    static readonly Operator IndexSelectOp = new("aten::index_select");
    static readonly Operator GatherOp = new("aten::gather");

    /// <summary>Rows, in the order of indices [n] (Int64), along a dimension.</summary>
    public Tensor IndexSelect(int dimension, Tensor indices) => IndexSelectOp.Invoke(this, dimension, indices);

    /// <summary>One element for each index along a dimension.</summary>
    public Tensor Gather(int dimension, Tensor indices) => GatherOp.Invoke(this, dimension, indices);
}
