namespace Anneal.Torch;

// Element by element; operands of different shapes broadcast.
public sealed partial class Tensor
{
    static readonly Operator AddOp = new("aten::add", "Tensor");
    static readonly Operator AddNumberOp = new("aten::add", "Scalar");
    static readonly Operator SubOp = new("aten::sub", "Tensor");
    static readonly Operator SubNumberOp = new("aten::sub", "Scalar");
    static readonly Operator MulOp = new("aten::mul", "Tensor");
    static readonly Operator MulNumberOp = new("aten::mul", "Scalar");
    static readonly Operator DivOp = new("aten::div", "Tensor");
    static readonly Operator DivNumberOp = new("aten::div", "Scalar");
    static readonly Operator NegOp = new("aten::neg");
    static readonly Operator ReluOp = new("aten::relu");
    static readonly Operator ReluInPlaceOp = new("aten::relu_");
    static readonly Operator GeluOp = new("aten::gelu");
    static readonly Operator SiluOp = new("aten::silu");
    static readonly Operator MishOp = new("aten::mish");
    static readonly Operator LeakyReluOp = new("aten::leaky_relu");
    static readonly Operator SigmoidOp = new("aten::sigmoid");
    static readonly Operator TanhOp = new("aten::tanh");
    static readonly Operator ExpOp = new("aten::exp");
    static readonly Operator LogOp = new("aten::log");
    static readonly Operator SqrtOp = new("aten::sqrt");
    static readonly Operator AbsOp = new("aten::abs");
    static readonly Operator PowOp = new("aten::pow", "Tensor_Scalar");
    static readonly Operator ClampOp = new("aten::clamp");
    static readonly Operator EqualOp = new("aten::eq", "Tensor");
    static readonly Operator EqualNumberOp = new("aten::eq", "Scalar");
    static readonly Operator LessOp = new("aten::lt", "Scalar");
    static readonly Operator GreaterOp = new("aten::gt", "Scalar");
    static readonly Operator IsFiniteOp = new("aten::isfinite");
    static readonly Operator WhereOp = new("aten::where", "self");
    static readonly Operator DropoutOp = new("aten::dropout");
    static readonly Operator AddInPlaceOp = new("aten::add_", "Tensor");
    static readonly Operator AddNumberInPlaceOp = new("aten::add_", "Scalar");
    static readonly Operator MulInPlaceOp = new("aten::mul_", "Tensor");
    static readonly Operator MulNumberInPlaceOp = new("aten::mul_", "Scalar");
    static readonly Operator DivNumberInPlaceOp = new("aten::div_", "Scalar");
    static readonly Operator LerpInPlaceOp = new("aten::lerp_", "Scalar");
    static readonly Operator ClampInPlaceOp = new("aten::clamp_");

    /// <summary>Sum, element by element.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => AddOp.Invoke(left, right);

    /// <summary>Adds a number to each element.</summary>
    public static Tensor operator +(Tensor left, double right) => AddNumberOp.Invoke(left, right);

    /// <summary>Difference, element by element.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => SubOp.Invoke(left, right);

    /// <summary>Subtracts a number from each element.</summary>
    public static Tensor operator -(Tensor left, double right) => SubNumberOp.Invoke(left, right);

    /// <summary>Each element with the opposite sign.</summary>
    public static Tensor operator -(Tensor operand) => NegOp.Invoke(operand);

    /// <summary>Product, element by element.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => MulOp.Invoke(left, right);

    /// <summary>Multiplies each element by a number.</summary>
    public static Tensor operator *(Tensor left, double right) => MulNumberOp.Invoke(left, right);

    /// <summary>Quotient, element by element.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => DivOp.Invoke(left, right);

    /// <summary>Divides each element by a number.</summary>
    public static Tensor operator /(Tensor left, double right) => DivNumberOp.Invoke(left, right);

    /// <summary>max(0, x).</summary>
    public Tensor Relu() => ReluOp.Invoke(this);

    /// <summary>max(0, x), in place.</summary>
    public Tensor ReluInPlace() => ReluInPlaceOp.Invoke(this);

    /// <summary>x · Φ(x), with the Gaussian distribution function (Hendrycks and Gimpel 2016).</summary>
    public Tensor Gelu() => GeluOp.Invoke(this);

    /// <summary>x · sigmoid(x), also called Swish (Ramachandran et al. 2017).</summary>
    public Tensor Silu() => SiluOp.Invoke(this);

    /// <summary>x · tanh(log(1 + eˣ)) (Misra 2019).</summary>
    public Tensor Mish() => MishOp.Invoke(this);

    /// <summary>x where positive, slope · x elsewhere.</summary>
    public Tensor LeakyRelu(double slope = 0.01) => LeakyReluOp.Invoke(this, slope);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public Tensor Sigmoid() => SigmoidOp.Invoke(this);

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor Tanh() => TanhOp.Invoke(this);

    /// <summary>eˣ.</summary>
    public Tensor Exp() => ExpOp.Invoke(this);

    /// <summary>Natural logarithm.</summary>
    public Tensor Log() => LogOp.Invoke(this);

    /// <summary>Square root.</summary>
    public Tensor Sqrt() => SqrtOp.Invoke(this);

    /// <summary>Absolute value.</summary>
    public Tensor Abs() => AbsOp.Invoke(this);

    /// <summary>Each element to a power.</summary>
    public Tensor Pow(double exponent) => PowOp.Invoke(this, exponent);

    /// <summary>Each element held between two bounds; null leaves a side open.</summary>
    public Tensor Clamp(double? minimum = null, double? maximum = null) =>
        ClampOp.Invoke(this, minimum is { } lower ? lower : Argument.None, maximum is { } upper ? upper : Argument.None);

    /// <summary>Each element held between two bounds, in place; null leaves a side open.</summary>
    public void ClampInPlace(double? minimum = null, double? maximum = null) =>
        ClampInPlaceOp.Run(this, minimum is { } lower ? lower : Argument.None, maximum is { } upper ? upper : Argument.None);

    /// <summary>True where elements are equal.</summary>
    public Tensor EqualTo(Tensor other) => EqualOp.Invoke(this, other);

    /// <summary>True where an element equals a number.</summary>
    public Tensor EqualTo(double number) => EqualNumberOp.Invoke(this, number);

    /// <summary>True where an element is less than a number.</summary>
    public Tensor LessThan(double number) => LessOp.Invoke(this, number);

    /// <summary>True where an element is greater than a number.</summary>
    public Tensor GreaterThan(double number) => GreaterOp.Invoke(this, number);

    /// <summary>True where an element is neither infinite nor NaN.</summary>
    public Tensor IsFinite() => IsFiniteOp.Invoke(this);

    /// <summary>Elements of one tensor where a condition holds, of another elsewhere.</summary>
    public static Tensor Where(Tensor condition, Tensor then, Tensor otherwise) => WhereOp.Invoke(condition, then, otherwise);

    /// <summary>Zeros each element with a probability and scales the others so that the mean stays (Srivastava et al. 2014, section 4).</summary>
    /// <param name="probability">The share of elements set to zero, 0 to 1.</param>
    /// <param name="training">Whether any are; otherwise the tensor stays as it is.</param>
    public Tensor Dropout(double probability, bool training)
    {
        if (!training || probability is not (> 0 and < 1))
        {
            return DropoutOp.Invoke(this, probability, training);
        }
        // What libtorch does on the CPU, to the bit; its own operator cannot be told which generator to draw from.
        using Tensor kept = EmptyLike();
        kept.FillBernoulli(1 - probability);
        DivNumberInPlaceOp.Run(kept, 1 - probability);
        return this * kept;
    }

    /// <summary>Adds scale · other, in place.</summary>
    public void AddInPlace(Tensor other, double scale = 1)
    {
        // A scale that is a real number is refused for integers, so none is passed where it says nothing.
        if (scale == 1)
        {
            AddInPlaceOp.Run(this, other);
        }
        else
        {
            AddInPlaceOp.Run(this, other, scale);
        }
    }

    /// <summary>Adds a number to each element, in place.</summary>
    public void AddInPlace(double number) => AddNumberInPlaceOp.Run(this, number);

    /// <summary>Adds a whole number to each element, in place; also to integers.</summary>
    public void AddInPlace(long number) => AddNumberInPlaceOp.Run(this, number);

    /// <summary>Multiplies by another tensor, in place.</summary>
    public void MultiplyInPlace(Tensor other) => MulInPlaceOp.Run(this, other);

    /// <summary>Multiplies by a number, in place.</summary>
    public void MultiplyInPlace(double number) => MulNumberInPlaceOp.Run(this, number);

    /// <summary>Moves by a share of the way towards another tensor, in place: x + weight · (end − x).</summary>
    public void LerpInPlace(Tensor end, double weight) => LerpInPlaceOp.Run(this, end, weight);
}
