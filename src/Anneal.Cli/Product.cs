namespace Anneal.Cli;

/// <summary>What this program is.</summary>
static class Product
{
    internal static string Version { get; } = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
