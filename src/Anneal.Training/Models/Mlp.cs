using Anneal.Training.Modules;
using Anneal.Training.Recipes;

namespace Anneal.Training.Models;

/// <summary>Fully connected layers: inputs → hidden → ... → classes.</summary>
public sealed record Mlp : Model
{
    /// <summary>Width of each hidden layer, each at least 1.</summary>
    public IReadOnlyList<int> Hidden
    {
        get;
        init => field = ValueList.From(value).All(width => width >= 1)
            ? ValueList.From(value)
            : throw new ArgumentException($"Hidden layers must be at least 1 wide. Received: {string.Join(", ", value)}.");
    } = ValueList.Of<int>([128]);

    /// <summary>The function after each hidden layer.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;

    /// <summary>Share of hidden units dropped in training, 0 to below 1.</summary>
    public double Dropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentException($"Dropout must be at least 0 and below 1. Received: {value}.");
    }

    /// <inheritdoc/>
    public override Module Build(ImageShape input, int classes)
    {
        List<Module> parts = [new Flatten()];
        int width = input.Count;
        foreach (int hidden in Hidden)
        {
            parts.Add(new Linear(width, hidden));
            parts.Add(new Activation(Activation));
            if (Dropout > 0)
            {
                parts.Add(new Dropout(Dropout));
            }
            width = hidden;
        }
        parts.Add(new Linear(width, classes));
        return new Sequential(parts);
    }
}
