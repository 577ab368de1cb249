using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>Parts applied one after the other, named 0, 1, 2 and on, or as given.</summary>
public sealed class Sequential : Module
{
    /// <summary>Parts named by their place.</summary>
    public Sequential(params IEnumerable<Module> parts)
    {
        foreach (Module part in parts)
        {
            Add(Children.Count.ToString(), part);
        }
    }

    /// <summary>Parts with names.</summary>
    public Sequential(params ReadOnlySpan<(string Name, Module Part)> parts)
    {
        foreach ((string name, Module part) in parts)
        {
            Add(name, part);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor output = input;
        foreach ((_, Module part) in Children)
        {
            output = part.Forward(output);
        }
        return output;
    }
}
