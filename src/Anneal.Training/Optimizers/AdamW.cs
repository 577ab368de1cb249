using Anneal.Schedules;
using Anneal.Torch;

namespace Anneal.Training.Optimizers;

/// <summary>Adam with weight decay apart from the gradient: steps in units of each weight's own gradient size.</summary>
/// <remarks>
/// Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1;
/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.
/// </remarks>
public sealed record AdamW : Optimizer
{
    /// <summary>β₁, the share of the mean gradient that stays from one step to the next: 0 to below 1.</summary>
    public ScheduleText Beta1 { get; init => field = StepValues.Share(value, "beta1"); } = 0.9;

    /// <summary>β₂, the share of the mean squared gradient that stays from one step to the next: 0 to below 1.</summary>
    public ScheduleText Beta2 { get; init => field = StepValues.Share(value, "beta2"); } = 0.999;

    /// <summary>Added to the root of the mean square: above 0.</summary>
    public double Epsilon
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentException($"Epsilon must be above 0. Received: {value}.");
    } = 1e-8;

    /// <summary>λ, at least 0: the weights lose rate·λ·w at each step, or the gradient gains λ·w where decay is coupled.</summary>
    public ScheduleText WeightDecay { get; init => field = StepValues.AtLeastZero(value, "weight-decay"); } = 0.01;

    /// <summary>Whether the weights decay apart from the gradient; false is Adam with an L2 penalty.</summary>
    public bool Decoupled { get; init; } = true;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules =>
        [KeyValuePair.Create("beta1", Beta1), KeyValuePair.Create("beta2", Beta2), KeyValuePair.Create("weight-decay", WeightDecay)];

    /// <inheritdoc/>
    public override IOptimizer Bind(IReadOnlyList<ParameterGroup> groups) => new Bound(this, groups);

    /// <inheritdoc/>
    public override void Check(IReadOnlyDictionary<string, double> values) => Read(values);

    static (double Rate, double Beta1, double Beta2, double Decay) Read(IReadOnlyDictionary<string, double> values) =>
        (StepValues.AtLeastZero(values, "learning-rate"), StepValues.Share(values, "beta1"), StepValues.Share(values, "beta2"), StepValues.AtLeastZero(values, "weight-decay"));

    sealed class Bound(AdamW recipe, IReadOnlyList<ParameterGroup> groups) : IOptimizer
    {
        static readonly Operator AdamWStep = new("anneal::adamw_step");

        readonly OptimizerState state = new(groups, "mean", "square");

        public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors => state.Tensors;

        public long Steps { get; set; }

        public void Step(IReadOnlyDictionary<string, double> values, double gradientScale)
        {
            (double rate, double beta1, double beta2, double decay) = Read(values);
            // The bias correction counts from 1.
            long step = Steps + 1;
            foreach (GroupState group in state.Follow())
            {
                AdamWStep.Run(
                    group.Parameters, group[0], group[1], step, rate * group.Group.RateFactor, beta1, beta2, recipe.Epsilon,
                    decay * group.Group.DecayFactor, recipe.Decoupled, gradientScale);
            }
            Steps = step;
        }

        public void Dispose() => state.Dispose();
    }
}
