namespace Anneal.Torch;

// Matrix products.
public sealed partial class Tensor
{
    static readonly Operator MatMulOp = new("aten::matmul");
    static readonly Operator LinearOp = new("anneal::linear");
    static readonly Operator TransposeOp = new("aten::t");

    /// <summary>Matrix product; leading dimensions are batches and broadcast.</summary>
    public static Tensor MatMul(Tensor left, Tensor right) => MatMulOp.Invoke(left, right);

    /// <summary>x · weightᵀ + bias: the weight has shape [outputs, inputs].</summary>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias = null) => LinearOp.Invoke(input, weight, bias, false);

    /// <summary>max(0, x · weightᵀ + bias) as one operation.</summary>
    public static Tensor LinearRelu(Tensor input, Tensor weight, Tensor? bias = null) => LinearOp.Invoke(input, weight, bias, true);

    /// <summary>A matrix with rows and columns exchanged.</summary>
    public Tensor Transpose() => TransposeOp.Invoke(this);
}
