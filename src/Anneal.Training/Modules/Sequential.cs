using System.Globalization;
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
            Add(Children.Count.ToString(CultureInfo.InvariantCulture), part);
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
        for (int i = 0; i < Children.Count; i++)
        {
            if (!IsObserved && Children[i].Value is Linear linear
                && i + 1 < Children.Count && Children[i + 1].Value is Activation { Kind: ActivationKind.Relu })
            {
                output = linear.ForwardRelu(output);
                i++;
            }
            else
            {
                output = Children[i].Value.Forward(output);
            }
        }
        return output;
    }
}
