using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Anneal.Search;

// One record, one line. A kill can cut off the last line and no other.
static class JsonLines
{
    public static string Write<T>(T record, JsonTypeInfo<T> type) => JsonSerializer.Serialize(record, type);

    public static IReadOnlyList<T> ReadAll<T>(TextReader reader, JsonTypeInfo<T> type, string kind) where T : class
    {
        List<T> records = [];
        int number = 1;
        for (string? line = reader.ReadLine(); line is not null; number++)
        {
            string? next = reader.ReadLine();
            try
            {
                records.Add(JsonSerializer.Deserialize(line, type) ?? throw new JsonException("The line is null."));
            }
            catch (JsonException) when (next is null)
            {
                break;
            }
            catch (JsonException e)
            {
                throw new FormatException($"Each line of a {kind} must be one whole JSON object. Received in line {number}: {(line.Length <= 80 ? line : line[..80] + "...")} ({e.Message})", e);
            }
            line = next;
        }
        return records;
    }
}
