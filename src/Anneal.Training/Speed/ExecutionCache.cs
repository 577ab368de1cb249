using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Anneal.Runs;
using Anneal.Training.Recipes;

namespace Anneal.Training.Speed;

/// <summary>Choices measured before, a small file for each kind of update, so that the next run like it begins at once and is computed alike.</summary>
/// <remarks>
/// It helps and nothing depends on it: a file that is damaged, unreadable or cannot be written is as good as none. A file is written beside
/// its place and renamed, so that processes that write at once leave one of theirs, whole. What was measured while others used the machine
/// holds for an hour, what was measured on a quiet one for thirty days.
/// </remarks>
/// <param name="folder">Where the files are; it is made when the first is written.</param>
/// <param name="time">Tells how old a measurement is.</param>
public sealed class ExecutionCache(string folder, TimeProvider time)
{
    /// <summary>The environment variable that names another folder for what Anneal keeps between runs.</summary>
    public const string FolderVariable = "ANNEAL_CACHE";

    /// <summary>Processes that want to run for each core, from which on a machine is busy.</summary>
    public const double BusyLoad = 0.5;

    static readonly TimeSpan QuietLife = TimeSpan.FromDays(30);
    static readonly TimeSpan BusyLife = TimeSpan.FromHours(1);

    // Others cannot have been measured in one go; more than a handful means that someone plays with the file.
    const int MostChoices = 16;

    /// <summary>Where the files are.</summary>
    public string Folder { get; } = folder;

    /// <summary>The user's: in <c>ANNEAL_CACHE</c>, else below <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>; null where there is no such place.</summary>
    public static ExecutionCache? OfUser(TimeProvider time) =>
        Place(Environment.GetEnvironmentVariable(FolderVariable), Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetEnvironmentVariable("HOME")) is { } place
            ? new ExecutionCache(Path.Combine(place, "speed"), time)
            : null;

    internal static string? Place(string? own, string? cache, string? home) =>
        own is { Length: > 0 } ? own
        // The base directory specification has relative paths ignored.
        : cache is { Length: > 0 } && Path.IsPathRooted(cache) ? Path.Combine(cache, "anneal")
        : home is { Length: > 0 } && Path.IsPathRooted(home) ? Path.Combine(home, ".cache", "anneal")
        : null;

    /// <summary>A choice that answers a question: made with at least as much left open, and with what the question fixes; null where there is none.</summary>
    internal (ExecutionSettings Settings, ExecutionEvidence Evidence)? Find(string key, AskedExecution asked)
    {
        KeptChoice? kept = Read(key).Where(choice => choice.Answers(asked) && IsFresh(choice)).MaxBy(choice => choice.Evidence.At);
        return kept is null ? null : (kept.Settings, kept.Evidence with { By = ExecutionEvidence.Kept });
    }

    /// <summary>Keeps a choice in place of those that it answers as well.</summary>
    internal void Keep(string key, AskedExecution asked, ExecutionSettings settings, ExecutionEvidence evidence)
    {
        KeptChoice kept = KeptChoice.Of(asked, settings, evidence);
        KeptChoices all = new() { Key = key, Choices = [kept, .. Read(key).Where(choice => choice.Asked != asked && IsFresh(choice)).Take(MostChoices - 1)] };
        string path = PathOf(key);
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(beside, JsonSerializer.Serialize(all, SpeedJson.Default.KeptChoices));
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the next run measures again.
        }
    }

    KeptChoice[] Read(string key)
    {
        try
        {
            string path = PathOf(key);
            return File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllText(path), SpeedJson.Default.KeptChoices) is { } all && all.Key == key
                ? [.. all.Choices.Where(choice => choice is { IsWhole: true })]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    bool IsFresh(KeptChoice choice)
    {
        TimeSpan age = time.GetUtcNow() - choice.Evidence.At!.Value;
        return age >= TimeSpan.Zero && age <= (choice.Evidence.Load >= BusyLoad ? BusyLife : QuietLife);
    }

    string PathOf(string key) => Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32] + ".json");
}

/// <summary>What was asked: a value that was fixed, or null where it was left open.</summary>
sealed record AskedExecution(string? Precision, string? Layout, int? Threads)
{
    internal static AskedExecution Of(Recipe recipe, int? threads) => new(
        recipe.Precision == Recipes.Precision.Auto ? null : new ExecutionSettings(recipe.Precision, Recipes.Layout.Contiguous, 1).PrecisionName,
        recipe.Layout == Recipes.Layout.Auto ? null : new ExecutionSettings(Recipes.Precision.Float32, recipe.Layout, 1).LayoutName,
        threads);
}

/// <summary>All choices for one kind of update.</summary>
sealed record KeptChoices
{
    /// <summary>What the choices are for: the machine, the library, the model, the size of its input and batch.</summary>
    public required string Key { get; init; }

    public required IReadOnlyList<KeptChoice> Choices { get; init; }
}

/// <summary>A choice as it is kept.</summary>
sealed record KeptChoice
{
    public required AskedExecution Asked { get; init; }

    public required string Precision { get; init; }

    public required string Layout { get; init; }

    public required int Threads { get; init; }

    public required ExecutionEvidence Evidence { get; init; }

    [JsonIgnore]
    internal bool IsWhole => Precision is "float32" or "bfloat16" && Layout is "contiguous" or "channels-last" && Threads is >= 1 and <= 1024 && Evidence.At is not null;

    [JsonIgnore]
    internal ExecutionSettings Settings => new(
        Precision == "bfloat16" ? Recipes.Precision.Bfloat16 : Recipes.Precision.Float32,
        Layout == "channels-last" ? Recipes.Layout.ChannelsLast : Recipes.Layout.Contiguous,
        Threads);

    internal static KeptChoice Of(AskedExecution asked, ExecutionSettings settings, ExecutionEvidence evidence) => new()
    {
        Asked = asked, Precision = settings.PrecisionName, Layout = settings.LayoutName, Threads = settings.Threads, Evidence = evidence,
    };

    // The fastest of many is also the fastest of those among them that have a value it has.
    internal bool Answers(AskedExecution other) =>
        (other.Precision is { } precision ? Precision == precision : Asked.Precision is null)
        && (other.Layout is { } layout ? Layout == layout : Asked.Layout is null)
        && (other.Threads is { } threads ? Threads == threads : Asked.Threads is null);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeptChoices))]
sealed partial class SpeedJson : JsonSerializerContext;
