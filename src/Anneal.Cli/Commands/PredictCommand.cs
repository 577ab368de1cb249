using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Anneal.Metrics;
using Anneal.Training.Data;
using Anneal.Training.Data.Idx;
using Anneal.Training.Evaluation;
using Anneal.Training.Models;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal predict</c>: the probabilities that a trained model gives images.</summary>
static class PredictCommand
{
    internal static Command Create()
    {
        Argument<string> images = new("images") { HelpName = "images", Description = "An index into the test examples, from 0, or an IDX file of images." };
        Option<int?> top = new("--top", "-k") { HelpName = "count", Description = "Only so many classes, the most probable first. Default: all, in label order." };
        Option<bool> json = new("--json") { Description = "Write a line of JSON for each image. Default: CSV." };
        Command command = new("predict", "Print the probabilities that a trained model gives images.") { images, top, json };
        ModelOptions options = new(command);
        command.SetAction(parsed =>
        {
            int? count = parsed.GetValue(top);
            if (count < 1)
            {
                throw new UsageException($"--top must be at least 1. Received: {count}.");
            }
            using TrainedModel model = options.Load(parsed);
            string wanted = parsed.GetRequiredValue(images);
            if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && !File.Exists(wanted))
            {
                using Dataset data = Dataset.Open(model.Recipe.Data);
                if (index >= data.Test.Count)
                {
                    throw new UsageException($"An index must be below the number of test examples, {data.Test.Count}. Received: {index}.");
                }
                Predict(model, data.Test, [index], count, parsed.GetValue(json));
            }
            else
            {
                using Examples examples = Read(wanted, model.Shape);
                Predict(model, examples, null, count, parsed.GetValue(json));
            }
            return ExitCode.Ok;
        });
        return command;
    }

    static Examples Read(string path, ImageShape shape)
    {
        if (!File.Exists(path))
        {
            string why = Directory.Exists(path) ? $"'{path}' is a folder." : $"There is no file '{path}'.";
            throw new FileNotFoundException($"Images must be an index into the test examples, from 0, or an IDX file. {why}");
        }
        IdxFile file = IdxFile.Read(path);
        // One image, many grey ones, or many with channels.
        int[] trailing = file.Shape.Length switch { 2 => [1, .. file.Shape], 3 => [1, .. file.Shape[1..]], 4 => [.. file.Shape[1..]], _ => [] };
        if (file.Type != IdxType.U8 || !trailing.SequenceEqual([shape.Channels, shape.Height, shape.Width]))
        {
            throw new Torch.Serialization.InvalidFileException(path, $"Images must be bytes of the size that the model takes, {shape}. Received: {file.Type} of shape [{string.Join(", ", file.Shape)}].");
        }
        byte[] pixels = file.ToArray();
        return new Examples(pixels, new byte[pixels.Length / shape.Count], shape);
    }

    static void Predict(TrainedModel model, Examples examples, int[]? indices, int? top, bool json)
    {
        int classes = model.Classes.Count;
        double[] probabilities = Probabilities.Softmax(model.Logits(examples, indices), classes, model.Temperature);
        if (!json)
        {
            Console.Out.WriteLine(top is null ? string.Join(',', model.Classes.Select(Field).Prepend("image")) : "image,rank,class,probability");
        }
        for (int row = 0; row < probabilities.Length / classes; row++)
        {
            int image = indices?[row] ?? row;
            ArraySegment<double> given = new(probabilities, row * classes, classes);
            IEnumerable<int> order = Enumerable.Range(0, classes);
            if (top is { } count)
            {
                order = order.OrderByDescending(label => given[label]).Take(count);
            }
            if (json)
            {
                Console.Out.WriteLine(JsonLine(model.Classes, image, given, order));
            }
            else if (top is null)
            {
                Console.Out.WriteLine(string.Join(',', order.Select(label => Number(given[label])).Prepend(image.ToString(CultureInfo.InvariantCulture))));
            }
            else
            {
                foreach ((int rank, int label) in order.Index())
                {
                    Console.Out.WriteLine($"{image},{rank + 1},{Field(model.Classes[label])},{Number(given[label])}");
                }
            }
        }
    }

    static string JsonLine(IReadOnlyList<string> classes, int image, ArraySegment<double> given, IEnumerable<int> order)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("image", image);
            writer.WriteStartArray("classes");
            foreach (int label in order)
            {
                writer.WriteStartObject();
                writer.WriteNumber("label", label);
                writer.WriteString("class", classes[label]);
                writer.WriteNumber("probability", given[label]);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    static string Field(string text) => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
