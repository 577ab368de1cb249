namespace Anneal.Torch;

// Matrix products.
public sealed partial class Tensor
{
    static readonly Operator MatMulOp = new("aten::matmul");
    static readonly Operator LinearOp = new("aten::linear");
    static readonly Operator TransposeOp = new("aten::t");

    /// <summary>Matrix product; leading dimensions are batches and broadcast.</summary>
    public static Tensor MatMul(Tensor left, Tensor right) => MatMulOp.Invoke(left, right);

    /// <summary>x · weightᵀ + bias: the weight has shape [outputs, inputs].</summary>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias = null) => LinearOp.Invoke(input, weight, bias);

    /// <summary>A matrix with rows and columns exchanged.</summary>
    public Tensor Transpose() => TransposeOp.Invoke(this);
}
