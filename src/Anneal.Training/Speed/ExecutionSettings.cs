using Anneal.Training.Recipes;

namespace Anneal.Training.Speed;

/// <summary>How updates are computed: a run's speed depends on it, and the last bits of its result.</summary>
/// <param name="Precision">Float32 or bfloat16.</param>
/// <param name="Layout">Contiguous or channels last.</param>
/// <param name="Threads">Threads inside one operator, at least 1.</param>
public sealed record ExecutionSettings(Precision Precision, Layout Layout, int Threads)
{
    /// <summary><c>float32</c> or <c>bfloat16</c>.</summary>
    public string PrecisionName => Precision == Precision.Bfloat16 ? "bfloat16" : "float32";

    /// <summary><c>contiguous</c> or <c>channels-last</c>.</summary>
    public string LayoutName => Layout == Layout.ChannelsLast ? "channels-last" : "contiguous";

    /// <summary>The settings as a person reads them, such as <c>bfloat16, channels-last, 2 threads</c>.</summary>
    public override string ToString() => $"{PrecisionName}, {LayoutName}, {Threads} {(Threads == 1 ? "thread" : "threads")}";
}
