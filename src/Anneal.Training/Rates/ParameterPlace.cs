using Anneal.Training.Modules;

namespace Anneal.Training.Rates;

/// <summary>Where a parameter lies in its model.</summary>
/// <param name="Path">Its path, such as <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Stage">Its stage, counted from 0 at the input. A stage is one of the parts that the model itself is made of.</param>
/// <param name="Stages">Stages of the model.</param>
/// <param name="Layer">Its layer, counted from 0 at the input. A layer is a part of a chain: a residual block is one, and so is a convolution or a linear layer that stands alone.</param>
/// <param name="Layers">Layers of the model.</param>
/// <remarks>A normalization that stands alone belongs to the part before it.</remarks>
public readonly record struct ParameterPlace(string Path, ParameterRole Role, int Stage, int Stages, int Layer, int Layers)
{
    /// <summary>The place of each parameter, in the model's order.</summary>
    public static IReadOnlyList<ParameterPlace> Of(Module model)
    {
        Dictionary<Parameter, int> stages = Number([model, .. model.Children.Select(child => child.Value)]);
        Dictionary<Parameter, int> layers = Number([model, .. model.Children.SelectMany(child => Chain(child.Value))]);
        (int stageCount, int layerCount) = (Count(stages), Count(layers));
        return
        [
            .. model.Parameters().Select(named => new ParameterPlace(
                named.Key, named.Value.Role, stages[named.Value], stageCount, layers[named.Value], layerCount)),
        ];
    }

    static IEnumerable<Module> Chain(Module part) =>
        part is Sequential ? part.Children.SelectMany(child => Chain(child.Value)) : [part];

    // The first of the parts is the model, of which only its own parameters count.
    static Dictionary<Parameter, int> Number(Module[] parts)
    {
        Dictionary<Parameter, int> numbers = [];
        int number = -1;
        foreach (Module part in parts)
        {
            Parameter[] parameters = [.. (part == parts[0] ? part.OwnParameters : part.Parameters()).Select(named => named.Value)];
            if (parameters.Length > 0 && (number < 0 || parameters.Any(parameter => parameter.Role == ParameterRole.Weight)))
            {
                number++;
            }
            foreach (Parameter parameter in parameters)
            {
                numbers[parameter] = number;
            }
        }
        return numbers;
    }

    static int Count(Dictionary<Parameter, int> numbers) => numbers.Count == 0 ? 0 : numbers.Values.Max() + 1;
}
