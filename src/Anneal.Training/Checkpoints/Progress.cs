using System.Text.Json;
using System.Text.Json.Serialization;
using Anneal.Events;

namespace Anneal.Training.Checkpoints;

/// <summary>How far a run has come, apart from its tensors. Together with them it is all that a resume needs.</summary>
public sealed record Progress
{
    /// <summary>Optimizer updates done, skipped ones included.</summary>
    public long Step { get; set; }

    /// <summary>Updates that the recipe asked for.</summary>
    public long Steps { get; set; }

    /// <summary>Updates of the optimizer, which counts the ones it made.</summary>
    public long OptimizerSteps { get; set; }

    /// <summary>Seconds of training so far.</summary>
    public double Seconds { get; set; }

    /// <summary>Events that happened before this state; a resumed run cuts its log to so many.</summary>
    public long Events { get; set; }

    /// <summary>Sums since the last pass began.</summary>
    public RunningSums Epoch { get; set; } = new();

    /// <summary>Sums since the last logged step.</summary>
    public RunningSums Log { get; set; } = new();

    /// <summary>Steps skipped in a row up to now.</summary>
    public int SkippedInARow { get; set; }

    /// <summary>Steps skipped in all.</summary>
    public long SkippedInTotal { get; set; }

    /// <summary>Why this checkpoint was written: <c>last</c>, <c>best</c> or <c>every</c>, or several of them.</summary>
    public IReadOnlyList<string> Reasons { get; set; } = [];

    /// <summary>Updates of the weight average.</summary>
    public long AverageSteps { get; set; }

    /// <summary>What told that BatchNorm's running statistics do not fit the weights of this state; null where they do.</summary>
    public StatisticsRefresh? Statistics { get; set; }

    /// <summary>State of libtorch's CPU generator.</summary>
    public byte[] Generator { get; set; } = [];

    /// <summary>State of the device's generator; empty on the CPU.</summary>
    public byte[] DeviceGenerator { get; set; } = [];

    /// <summary>The state as it is now, unmoved by what comes.</summary>
    public Progress Copy() => this with { Epoch = Epoch with { }, Log = Log with { } };

    /// <summary>The state as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ProgressJson.Default.Progress);

    /// <summary>The state from JSON.</summary>
    /// <exception cref="FormatException">The text is not such a state.</exception>
    public static Progress FromJson(string json)
    {
        try
        {
            Progress progress = JsonSerializer.Deserialize(json, ProgressJson.Default.Progress)
                ?? throw new FormatException("A checkpoint's state must be a JSON object. Received: null.");
            return progress.Step >= 0 && progress.Step <= progress.Steps && progress.Events >= 0
                ? progress
                : throw new FormatException($"A checkpoint's step must lie in its run. Received: step {progress.Step} of {progress.Steps} after {progress.Events} events.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"A checkpoint's state must be JSON. {e.Message}", e);
        }
    }
}

/// <summary>Sums over training examples.</summary>
public sealed record RunningSums
{
    /// <summary>Sum of losses, each example's loss times its weight.</summary>
    public double Loss { get; set; }

    /// <summary>What the examples weigh; null in a state from before examples had weights, where each weighed 1.</summary>
    public double? Weight { get; set; }

    /// <summary>What the examples weigh: the mean loss is over it.</summary>
    [JsonIgnore]
    public double TotalWeight => Weight ?? Examples;

    /// <summary>Examples predicted right.</summary>
    public long Correct { get; set; }

    /// <summary>Examples seen.</summary>
    public long Examples { get; set; }

    /// <summary>Seconds of training when the sums began.</summary>
    public double Since { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Progress))]
sealed partial class ProgressJson : JsonSerializerContext;
