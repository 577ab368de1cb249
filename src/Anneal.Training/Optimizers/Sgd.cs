using Anneal.Schedules;
using Anneal.Torch;

namespace Anneal.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum: v ← μ·v + g, w ← w − rate·v.</summary>
/// <remarks>
/// Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning", 2013, section 2,
/// with the rate outside the velocity as in PyTorch.
/// </remarks>
public sealed record Sgd : Optimizer
{
    /// <summary>μ, the share of the velocity that stays from one step to the next: 0 to below 1.</summary>
    public ScheduleText Momentum { get; init => field = StepValues.Share(value, "momentum"); } = 0.9;

    /// <summary>Whether the step looks ahead: w ← w − rate·(g + μ·v).</summary>
    public bool Nesterov { get; init; }

    /// <summary>λ, at least 0: λ·w is added to the gradient, or taken from the weights where it is decoupled.</summary>
    public ScheduleText WeightDecay { get; init => field = StepValues.AtLeastZero(value, "weight-decay"); } = 0;

    /// <summary>Whether the weights decay by rate·λ·w apart from the gradient (Loshchilov and Hutter 2019, algorithm 1).</summary>
    public bool Decoupled { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules =>
        [KeyValuePair.Create("momentum", Momentum), KeyValuePair.Create("weight-decay", WeightDecay)];

    /// <inheritdoc/>
    public override IOptimizer Bind(IReadOnlyList<ParameterGroup> groups) => new Bound(this, groups);

    /// <inheritdoc/>
    public override void Check(IReadOnlyDictionary<string, double> values) => Read(values);

    static (double Rate, double Momentum, double Decay) Read(IReadOnlyDictionary<string, double> values) =>
        (StepValues.AtLeastZero(values, "learning-rate"), StepValues.Share(values, "momentum"), StepValues.AtLeastZero(values, "weight-decay"));

    sealed class Bound(Sgd recipe, IReadOnlyList<ParameterGroup> groups) : IOptimizer
    {
        static readonly Operator SgdStep = new("anneal::sgd_step");

        readonly OptimizerState state = new(groups, "momentum");

        public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors => state.Tensors;

        public long Steps { get; set; }

        public void Step(IReadOnlyDictionary<string, double> values, double gradientScale)
        {
            (double rate, double momentum, double decay) = Read(values);
            foreach (GroupState group in state.Follow())
            {
                SgdStep.Run(
                    group.Parameters, group[0], rate * group.Group.RateFactor, momentum, recipe.Nesterov,
                    decay * group.Group.DecayFactor, recipe.Decoupled, gradientScale);
            }
            Steps++;
        }

        public void Dispose() => state.Dispose();
    }
}
