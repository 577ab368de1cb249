namespace Anneal.Events;

/// <summary>An optimizer update was made. Written every few steps, as the recipe's logging interval says.</summary>
public sealed record StepEnded : TrainingEvent
{
    /// <summary>Passes over the data begun before this one, counted from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean training loss since the last <see cref="StepEnded"/>, with smoothing and mixing as trained.</summary>
    public required double Loss { get; init; }

    /// <summary>Euclidean norm of all gradients before clipping, at this step.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Training examples processed per second since the last <see cref="StepEnded"/>.</summary>
    public required double ExamplesPerSecond { get; init; }

    /// <summary>Every scheduled value at this step, by name: <c>learning-rate</c>, <c>momentum</c>, <c>smoothing</c>, ...</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }
}
