namespace Anneal.Torch;

// Many elements to one.
public sealed partial class Tensor
{
    static readonly Operator SumOp = new("aten::sum");
    static readonly Operator SumDimOp = new("aten::sum", "dim_IntList");
    static readonly Operator MeanOp = new("aten::mean");
    static readonly Operator MeanDimOp = new("aten::mean", "dim");
    static readonly Operator MaxOp = new("aten::max");
    static readonly Operator MinOp = new("aten::min");
    static readonly Operator ArgMaxOp = new("aten::argmax");
    static readonly Operator StdOp = new("aten::std");
    static readonly Operator NormOp = new("aten::linalg_vector_norm");
    static readonly Operator AllOp = new("aten::all");
    static readonly Operator SoftmaxOp = new("aten::softmax", "int");
    static readonly Operator LogSoftmaxOp = new("aten::log_softmax", "int");

    /// <summary>Sum of all elements.</summary>
    public Tensor Sum() => SumOp.Invoke(this);

    /// <summary>Sum over some dimensions.</summary>
    public Tensor Sum(long[] dimensions, bool keepDimensions = false) => SumDimOp.Invoke(this, dimensions, keepDimensions);

    /// <summary>Mean of all elements.</summary>
    public Tensor Mean() => MeanOp.Invoke(this);

    /// <summary>Mean over some dimensions.</summary>
    public Tensor Mean(long[] dimensions, bool keepDimensions = false) => MeanDimOp.Invoke(this, dimensions, keepDimensions);

    /// <summary>The largest element.</summary>
    public Tensor Max() => MaxOp.Invoke(this);

    /// <summary>The smallest element.</summary>
    public Tensor Min() => MinOp.Invoke(this);

    /// <summary>Where the largest element lies along a dimension.</summary>
    public Tensor ArgMax(int dimension) => ArgMaxOp.Invoke(this, dimension);

    /// <summary>Standard deviation of all elements; unbiased divides by n − 1.</summary>
    public Tensor StandardDeviation(bool unbiased = true) => StdOp.Invoke(this, unbiased);

    /// <summary>Euclidean norm of all elements.</summary>
    public Tensor Norm() => NormOp.Invoke(this, 2.0);

    /// <summary>Whether all elements are true or not zero.</summary>
    public Tensor All() => AllOp.Invoke(this);

    /// <summary>eˣ over its sum along a dimension.</summary>
    public Tensor Softmax(int dimension) => SoftmaxOp.Invoke(this, dimension);

    /// <summary>Logarithm of the softmax along a dimension, computed without overflow.</summary>
    public Tensor LogSoftmax(int dimension) => LogSoftmaxOp.Invoke(this, dimension);
}
