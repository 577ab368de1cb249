using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Anneal.Training.Tests.Models;

/// <summary>What make_goldens.py wrote.</summary>
static class Goldens
{
    public static ILookup<string, string> Torchvision { get; } = File.ReadLines(At("torchvision.txt")).ToLookup(
        line => line[..line.IndexOf(' ', StringComparison.Ordinal)], line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

    public static JsonElement Numbers { get; } = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(At("goldens.json")));

    public static double[] Array(this JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    static string At(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
