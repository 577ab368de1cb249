using Anneal.Schedules;
using Anneal.Text;
using Anneal.Torch;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Training.Losses;

/// <summary>Softmax cross-entropy with class indices or probabilities as targets.</summary>
public sealed record CrossEntropy : ILoss
{
    const int Sum = 2;
    const int NothingIgnored = -100;

    static readonly Operator CrossEntropyOp = new("aten::cross_entropy_loss");

    /// <summary>α, the share of the target that is spread evenly over all classes, 0 to 1. See <see cref="LabelSmoothing"/>.</summary>
    public ScheduleText Smoothing { get; init => field = StepValues.ShareOrOne(value, "label-smoothing"); } = 0;

    /// <summary>A weight of at least 0 for each class; null for equal weights.</summary>
    /// <remarks>
    /// With index targets the mean is over the weights of all examples of an update, those of accumulated passes together;
    /// with probabilities, over the examples. An update whose examples all have weight 0 changes nothing.
    /// </remarks>
    public IReadOnlyList<double>? ClassWeights
    {
        get;
        init => field = value is null || (value.All(weight => weight >= 0 && double.IsFinite(weight)) && value.Any(weight => weight > 0))
            ? value is null ? null : ValueList.From(value)
            : throw new ArgumentException($"Class weights must be at least 0, and one of them above. Received: {string.Join(", ", value.Select(NumberText.Format))}.");
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [KeyValuePair.Create("label-smoothing", Smoothing)];

    /// <inheritdoc/>
    public void Check(IReadOnlyDictionary<string, double> values) => SmoothingOf(values);

    static double SmoothingOf(IReadOnlyDictionary<string, double> values) => StepValues.ShareOrOne(values, "label-smoothing");

    /// <inheritdoc/>
    public LossValue Compute(LossContext context)
    {
        (Tensor logits, Tensor targets) = (context.Logits, context.Targets);
        double smoothing = SmoothingOf(context.Values);
        if (ClassWeights is null)
        {
            return Tensor.CrossEntropy(logits, targets, null, smoothing);
        }
        long classes = logits.Size(1);
        if (ClassWeights.Count != classes)
        {
            throw new ArgumentException($"There must be a weight for each class. Received: {ClassWeights.Count} weights for {classes} classes.");
        }
        Tensor weights = Tensor.From([.. ClassWeights.Select(weight => (float)weight)]).To(logits.Device, logits.DType);
        // The mean is not asked for: over a batch whose weights are all 0 there is none.
        Tensor sum = CrossEntropyOp.Invoke(logits, targets, weights, Sum, NothingIgnored, smoothing);
        return targets.Rank == 1
            ? LossValue.OfSum(sum, weights.IndexSelect(0, targets).Sum())
            : LossValue.OfSum(sum, targets.Size(0));
    }
}
