namespace Anneal.Training.Optimizers;

/// <summary>Scheduled values as a step receives them: present and in range, or an error that names them.</summary>
static class StepValues
{
    internal static double AtLeastZero(IReadOnlyDictionary<string, double> values, string name) =>
        Read(values, name) is >= 0 and < double.PositiveInfinity and double value
            ? value
            : throw new ArgumentException($"{name} must be at least 0. Received: {values[name]}.");

    internal static double Share(IReadOnlyDictionary<string, double> values, string name) =>
        Read(values, name) is >= 0 and < 1 and double value
            ? value
            : throw new ArgumentException($"{name} must be at least 0 and below 1. Received: {values[name]}.");

    static double Read(IReadOnlyDictionary<string, double> values, string name) =>
        values.TryGetValue(name, out double value)
            ? value
            : throw new ArgumentException($"A step must be given '{name}'. Received: {string.Join(", ", values.Keys)}.");
}
