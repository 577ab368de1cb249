using System.Globalization;
using System.Text;
using Anneal.Torch.Serialization;

namespace Anneal.Training.Data.Idx;

/// <summary>The classes that the labels of a folder mean: how many, what they are called, and the label of the first.</summary>
/// <param name="First">The label of the first class: 0, or 1 where no example of either split is labelled 0, as in EMNIST's letters.</param>
/// <param name="Names">Class names in label order: the known ones, those of EMNIST's mapping file, or the labels themselves.</param>
public sealed record IdxClasses(int First, IReadOnlyList<string> Names)
{
    /// <summary>Reads off what labels mean.</summary>
    /// <param name="nameOrFolder">What the recipe calls the data.</param>
    /// <param name="files">Its files.</param>
    /// <param name="training">Labels of the training examples, as they are in the file; at least one.</param>
    /// <param name="test">Labels of the test examples, as they are in the file.</param>
    /// <exception cref="InvalidFileException">There are fewer than two classes, or a mapping file does not fit.</exception>
    public static IdxClasses Of(string nameOrFolder, IdxFolder files, IReadOnlyList<byte> training, IReadOnlyList<byte> test)
    {
        if (KnownDataset.Named(nameOrFolder) is { } known)
        {
            return new IdxClasses(0, known.Classes);
        }
        // A class that no example has could only be predicted wrongly. From 2 on it is more likely that some are missing.
        int first = training.Min() == 1 && !test.Contains((byte)0) ? 1 : 0;
        int last = training.Max();
        if (last == first)
        {
            throw new InvalidFileException(files.TrainingLabels, $"A data set must have at least two classes. Received: labels that are all {first}.");
        }
        return new IdxClasses(first, files.Mapping is { } mapping
            ? Mapped(mapping, first, last)
            : [.. Enumerable.Range(first, last - first + 1).Select(label => label.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>Labels counted from 0.</summary>
    public byte[] FromZero(IReadOnlyList<byte> labels) => [.. labels.Select(label => (byte)(label - First))];

    // A line a label: the label, then the code of each character that it stands for, such as "1 65 97" for A and a.
    static string[] Mapped(string path, int first, int last)
    {
        Dictionary<int, string> names = [];
        foreach (string line in File.ReadLines(path).Where(line => line.Trim().Length > 0))
        {
            int[] numbers = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
            names[numbers[0]] = numbers.Length > 1 && numbers.All(number => number >= 0) && numbers[1..].All(Rune.IsValid)
                ? string.Concat(numbers[1..].Select(code => new Rune(code)))
                : throw new InvalidFileException(path, $"A line of a mapping must be a label and the codes of its characters. Received: '{line}'.");
        }
        return [.. Enumerable.Range(first, last - first + 1).Select(label => names.GetValueOrDefault(label)
            ?? throw new InvalidFileException(path, $"A mapping must have a line for each label, {first} to {last}. Missing: {label}."))];
    }
}
