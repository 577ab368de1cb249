using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Anneal.Tests;

/// <summary>Expected values made by another implementation; the script that made them lies beside them.</summary>
static class GoldenFile
{
    /// <summary>The JSON file of that name in the folder of the test that asks for it.</summary>
    public static JsonElement Read(string name, [CallerFilePath] string test = "")
    {
        using FileStream stream = File.OpenRead(Path.Combine(Path.GetDirectoryName(test)!, name));
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    public static double[] Doubles(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetDouble())];

    public static float[] Floats(this JsonElement element) => [.. element.EnumerateArray().Select(e => (float)e.GetDouble())];

    public static long[] Longs(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetInt64())];

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
