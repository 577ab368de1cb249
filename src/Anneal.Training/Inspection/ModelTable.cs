using System.Globalization;
using System.Text;
using Anneal.Torch;
using Anneal.Training.Models;
using Anneal.Training.Modules;

namespace Anneal.Training.Inspection;

/// <summary>A model layer by layer: output shape, parameters, multiply–adds for one example.</summary>
public sealed record ModelTable
{
    /// <summary>The layers that compute, in the order they do.</summary>
    public required IReadOnlyList<ModelTableRow> Rows { get; init; }

    /// <summary>Trainable numbers of the whole model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply–adds of one example's forward pass.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Runs one blank image through a model and notes what each layer makes of it. The model stays as it was.</summary>
    public static ModelTable Of(Module model, ImageShape input)
    {
        List<ModelTableRow> rows = [];
        Dictionary<Module, string> paths = model.Modules().ToDictionary(part => part.Value, part => part.Key);
        bool training = model.Mode;
        model.Train(false);
        model.Observe((part, given, made) =>
        {
            if (part.Children.Count == 0)
            {
                rows.Add(new ModelTableRow
                {
                    Layer = paths[part],
                    Kind = part.GetType().Name,
                    Output = made.Shape[1..],
                    Parameters = part.OwnParameters.Sum(own => own.Value.Value.Count),
                    MultiplyAdds = part.MultiplyAdds(given.Shape, made.Shape),
                });
            }
        });
        try
        {
            using TensorScope scope = new();
            using (GradientMode.Off())
            {
                Device device = model.Parameters().First().Value.Value.Device;
                model.Forward(Tensor.Zeros([1, input.Channels, input.Height, input.Width], device: device));
            }
        }
        finally
        {
            model.Observe(null);
            model.Train(training);
        }
        return new ModelTable
        {
            Rows = rows,
            Parameters = model.Parameters().Sum(named => named.Value.Value.Count),
            MultiplyAdds = rows.Sum(row => row.MultiplyAdds),
        };
    }

    /// <summary>The table as text with aligned columns.</summary>
    public override string ToString()
    {
        List<string[]> cells = [["layer", "kind", "output", "parameters", "multiply–adds"]];
        cells.AddRange(Rows.Select(row => new[]
        {
            row.Layer, row.Kind, string.Join("×", row.Output), Number(row.Parameters), Number(row.MultiplyAdds),
        }));
        cells.Add(["total", "", "", Number(Parameters), Number(MultiplyAdds)]);
        int[] widths = [.. Enumerable.Range(0, 5).Select(column => cells.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in cells)
        {
            for (int column = 0; column < 5; column++)
            {
                text.Append(column < 3 ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]));
                text.Append(column < 4 ? "  " : "\n");
            }
        }
        return text.ToString();
    }

    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}

/// <summary>One layer of a model.</summary>
public sealed record ModelTableRow
{
    /// <summary>Its path in the model.</summary>
    public required string Layer { get; init; }

    /// <summary>The kind of layer, such as <c>Conv2d</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Shape of the output of one example.</summary>
    public required IReadOnlyList<long> Output { get; init; }

    /// <summary>Trainable numbers.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply–adds of one example.</summary>
    public required long MultiplyAdds { get; init; }
}
