using Anneal.Events;
using Anneal.Schedules;
using Anneal.Stopping;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Data;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Regularization;

namespace Anneal.Training.Tests.Samples;

/// <summary>Techniques as a user's program would bring them.</summary>
sealed record OwnModel : Model
{
    public override Module Build(ImageShape input, int classes) => new OwnModule(input.Count, classes);
}

sealed class OwnModule : Module
{
    readonly Linear linear;
    readonly Parameter shift;

    public OwnModule(int inputs, int classes)
    {
        linear = Add("linear", new Linear(inputs, classes, bias: false));
        shift = AddParameter("shift", ParameterRole.Bias, Tensor.Ones([classes]));
    }

    protected override Tensor Compute(Tensor input) => linear.Forward(input.Flatten(1)) + shift.Value;
}

/// <summary>Cross-entropy that can be spoiled at chosen steps by a schedule: 1 makes the loss not a number, 2 only its gradient.</summary>
sealed record SpoiledLoss : ILoss
{
    public ScheduleText Spoiled { get; init; } = 0;

    public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [KeyValuePair.Create("spoiled", Spoiled)];

    public LossValue Compute(LossContext context)
    {
        Tensor logits = context.Logits;
        Tensor loss = Tensor.CrossEntropy(logits, context.Targets, null, 0);
        return context.Values["spoiled"] switch
        {
            1 => loss * double.NaN,
            // 0, where the square root is infinitely steep.
            2 => loss + (logits - logits.Detach()).Abs().Sqrt().Sum(),
            _ => loss,
        };
    }
}

/// <summary>Calls out with each batch and leaves it alone.</summary>
sealed class OnBatch(Action<Batch, BatchContext> act, params KeyValuePair<string, ScheduleText>[] schedules) : IBatchTransform
{
    public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => schedules;

    public Batch Apply(Batch batch, BatchContext context)
    {
        act(batch, context);
        return batch;
    }
}

/// <summary>Calls out before each update and leaves the gradients alone, or scales them.</summary>
sealed class OnUpdate(Action act, double factor = 1) : IGradientTransform
{
    public double Apply(IReadOnlyList<Tensor> parameters, double norm)
    {
        act();
        return factor;
    }
}

/// <summary>Stops where it is told to.</summary>
sealed class StopWhere(Func<IReadOnlyList<TrainingEvent>, bool> condition) : IStopRule
{
    public StopReason? Decide(IReadOnlyList<TrainingEvent> history) => condition(history) ? StopReason.Stopped("Told to.") : null;
}

/// <summary>An average that is always zero, or that cannot be made.</summary>
sealed class ZeroAverage(bool broken = false) : IWeightAverage
{
    public IBoundAverage Bind(Module model) => broken ? throw new InvalidOperationException("Broken.") : new Bound(model);

    sealed class Bound(Module model) : IBoundAverage
    {
        bool exchanged;

        public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors { get; } =
            [.. model.State().Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.ZerosLike())))];

        public long Updates { get; set; }

        public void Update() => Updates++;

        public void Exchange()
        {
            using GradientMode.Restore unrecorded = GradientMode.Off();
            foreach (((_, Tensor own), (_, Tensor average)) in model.State().Zip(Tensors))
            {
                using Tensor before = own.Clone();
                own.CopyFrom(average);
                average.CopyFrom(before);
            }
            exchanged = !exchanged;
        }

        public void Dispose()
        {
            Assert.False(exchanged);
            foreach ((_, Tensor tensor) in Tensors)
            {
                tensor.Dispose();
            }
        }
    }
}

/// <summary>A clock that moves on by a second each time it is read.</summary>
sealed class CountingTime : TimeProvider
{
    long reads;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => reads++;
}
