using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anneal.Events;

/// <summary>Events as lines of JSON: one event, one line.</summary>
public static class EventLines
{
    /// <summary>One line without its line break. Numbers that JSON has no form for are written as the strings "NaN", "Infinity", "-Infinity".</summary>
    public static string Write(TrainingEvent happened) => JsonSerializer.Serialize(happened, EventJson.Default.TrainingEvent);

    /// <summary>The event a line holds.</summary>
    /// <exception cref="FormatException">The line is not one whole event.</exception>
    public static TrainingEvent Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EventJson.Default.TrainingEvent)
                ?? throw new FormatException("An event line must be a JSON object. Received: null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new FormatException($"An event line must be one JSON object with a known \"event\". Received: {Shorten(line)} ({e.Message})", e);
        }
    }

    /// <summary>All whole events of a log, in order. A last line that was cut off by a kill is left out.</summary>
    /// <exception cref="FormatException">A line other than the last is not an event.</exception>
    public static IReadOnlyList<TrainingEvent> ReadAll(TextReader reader)
    {
        List<TrainingEvent> events = [];
        for (string? line = reader.ReadLine(); line is not null;)
        {
            string? next = reader.ReadLine();
            try
            {
                events.Add(Read(line));
            }
            catch (FormatException) when (next is null)
            {
                break;
            }
            line = next;
        }
        return events;
    }

    static string Shorten(string line) => line.Length <= 80 ? line : line[..80] + "...";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TrainingEvent))]
sealed partial class EventJson : JsonSerializerContext;
