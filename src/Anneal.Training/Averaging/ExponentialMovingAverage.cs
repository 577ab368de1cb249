using Anneal.Torch;
using Anneal.Training.Modules;

namespace Anneal.Training.Averaging;

/// <summary>An average in which older weights count less and less: a ← d·a + (1 − d)·w after each update.</summary>
/// <remarks>
/// Polyak and Juditsky 1992; Tarvainen and Valpola, "Mean teachers are better role models", 2017, section 2. The decay grows from
/// 0 as 1 − (1 + s/γ)^−p with the updates s, so that the first weights are soon forgotten (the warmup of timm).
/// </remarks>
public sealed record ExponentialMovingAverage : IWeightAverage
{
    /// <summary>d, 0 to below 1; the longest memory, reached after the warmup.</summary>
    public double Decay
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentException($"Decay must be at least 0 and below 1. Received: {value}.");
    } = 0.999;

    /// <summary>Updates after which a weight counts half as much, above 0: another way to say the decay, which it replaces; null for none.</summary>
    public double? HalfLife
    {
        get;
        init => field = value is null or > 0 and < double.PositiveInfinity ? value : throw new ArgumentException($"A half-life must be above 0. Received: {value}.");
    }

    /// <summary>Whether the decay grows from 0.</summary>
    public bool Warmup { get; init; } = true;

    /// <summary>γ, the updates after which the warmup's decay is 1 − 2^−p; above 0.</summary>
    public double WarmupScale
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentException($"The warmup's scale must be above 0. Received: {value}.");
    } = 1;

    /// <summary>p, above 0: 2/3 for long trainings, 3/4 for shorter ones.</summary>
    public double WarmupPower
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentException($"The warmup's power must be above 0. Received: {value}.");
    } = 2.0 / 3;

    /// <summary>The decay of an update.</summary>
    /// <param name="updates">Updates made before it.</param>
    public double DecayAt(long updates)
    {
        double longest = HalfLife is { } half ? Math.Pow(0.5, 1 / half) : Decay;
        return Warmup ? Math.Min(longest, 1 - Math.Pow(1 + (updates / WarmupScale), -WarmupPower)) : longest;
    }

    /// <inheritdoc/>
    public IBoundAverage Bind(Module model) => new Bound(this, model);

    sealed class Bound : IBoundAverage
    {
        static readonly Operator EmaUpdate = new("anneal::ema_update");

        readonly ExponentialMovingAverage recipe;
        readonly CurrentTensors model;
        readonly KeyValuePair<string, Tensor>[] averages;
        readonly TensorList averageList;

        internal Bound(ExponentialMovingAverage recipe, Module model)
        {
            this.recipe = recipe;
            this.model = new CurrentTensors(
            [
                .. model.Parameters().Select(named => (Func<Tensor>)(() => named.Value.Value)),
                .. model.Buffers().Select(named => (Func<Tensor>)(() => named.Value.Value)),
            ]);
            using GradientMode.Restore unrecorded = GradientMode.Off();
            averages = [.. model.State().Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone())))];
            averageList = new TensorList([.. averages.Select(named => named.Value)]);
        }

        public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors => averages;

        public long Updates { get; set; }

        public void Update()
        {
            model.Follow();
            EmaUpdate.Run(averageList, model.List, 1 - recipe.DecayAt(Updates));
            Updates++;
        }

        public void Exchange()
        {
            using GradientMode.Restore unrecorded = GradientMode.Off();
            for (int i = 0; i < averages.Length; i++)
            {
                using Tensor before = model[i].Clone();
                model[i].CopyFrom(averages[i].Value);
                averages[i].Value.CopyFrom(before);
            }
        }

        public void Dispose()
        {
            averageList.Dispose();
            model.Dispose();
            foreach ((_, Tensor average) in averages)
            {
                average.Dispose();
            }
        }
    }
}
