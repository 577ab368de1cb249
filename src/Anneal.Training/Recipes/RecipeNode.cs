using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Anneal.Training.Recipes;

/// <summary>A recipe's text as a tree: what was written, and on which line.</summary>
/// <remarks>Anchors, aliases and tags are refused: a recipe is plain data, and none of them can make it larger than its text.</remarks>
abstract class RecipeNode
{
    const int DeepestNesting = 16;

    internal int Line { get; init; }

    /// <summary>Reads a whole document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="numbered">Whether its lines are worth naming: those of a file are, that of a <c>--set</c> is not.</param>
    internal static RecipeNode Read(string text, bool numbered = true)
    {
        try
        {
            Parser parser = new(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                throw new RecipeException("A recipe must have at least a model. Received: an empty text.");
            }
            RecipeNode root = Read(parser, 0, numbered);
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<StreamEnd>(out _) ? root : throw new RecipeException("A recipe must be one YAML document. Received: several.");
        }
        catch (YamlException e)
        {
            throw new RecipeException($"{At(numbered ? (int)e.Start.Line : 0)}It must be YAML. {e.Message}", e);
        }
        // What the parser throws where a text ends inside brackets or quotes behind a comment.
        catch (InvalidOperationException e)
        {
            throw new RecipeException("It must be YAML. Received: a text that ends too early; something in brackets or quotes is not closed.", e);
        }
        // The parser's own answer to some texts that are no YAML, such as a control character in a list.
        catch (ArgumentException e)
        {
            throw new RecipeException("It must be YAML. Received: a text that the YAML parser cannot read.", e);
        }
    }

    static RecipeNode Read(Parser parser, int depth, bool numbered)
    {
        ParsingEvent current = parser.Current ?? throw new RecipeException("The recipe ends too early.");
        int line = numbered ? (int)current.Start.Line : 0;
        if (depth > DeepestNesting)
        {
            throw new RecipeException($"{At(line)}A recipe must nest at most {DeepestNesting} deep.");
        }
        if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
        {
            throw new RecipeException($"{At(line)}A recipe must have no anchors, aliases or tags.");
        }
        if (current is Scalar)
        {
            Scalar scalar = parser.Consume<Scalar>();
            return new RecipeScalar(scalar.Value) { Line = line, IsQuoted = scalar.Style is not ScalarStyle.Plain };
        }
        if (parser.TryConsume<SequenceStart>(out _))
        {
            RecipeList list = new() { Line = line };
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Items.Add(Read(parser, depth + 1, numbered));
            }
            return list;
        }
        parser.Consume<MappingStart>();
        RecipeMap map = new() { Line = line };
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            int keyLine = numbered ? (int)parser.Current!.Start.Line : 0;
            string key = Read(parser, depth + 1, numbered) is RecipeScalar named
                ? named.Text
                : throw new RecipeException($"{At(keyLine)}A key must be a word.");
            if (map.Find(key) is not null)
            {
                throw new RecipeException($"{At(keyLine)}'{Short(key)}' must be given once. Received: it twice.");
            }
            map.Put(key, Read(parser, depth + 1, numbered));
        }
        return map;
    }

    /// <summary>A text as messages show it.</summary>
    internal static string Short(string text) => text.Length <= 80 ? text : $"{text[..80]}...";

    static string At(int line) => line > 0 ? $"Line {line}: " : "";

    /// <summary>Puts a value at a path such as <c>optimizer.momentum</c>, making what is missing on the way.</summary>
    internal static void Set(RecipeMap root, string path, RecipeNode value)
    {
        string[] names = path.Split('.');
        RecipeMap map = root;
        for (int i = 0; i < names.Length - 1; i++)
        {
            RecipeNode? next = map.Find(names[i]);
            next = next is RecipeArgument given ? given.As(isStructured: true) : next;
            if (next is RecipeList)
            {
                throw new RecipeException($"'{names[i]}' is a list, which is set as a whole, such as {names[i]}=[a, b]. Received: {path}.");
            }
            // `model: resnet9` is short for `model: {name: resnet9}`.
            RecipeMap inner = next as RecipeMap ?? new RecipeMap { Line = next?.Line ?? 0 };
            if (next is RecipeScalar { Text.Length: > 0 } name)
            {
                inner.Put("name", name);
            }
            map.Put(names[i], inner);
            map = inner;
        }
        map.Put(names[^1], value);
    }
}

/// <summary>A word, number or text.</summary>
sealed class RecipeScalar(string text) : RecipeNode
{
    internal string Text { get; } = text;

    internal bool IsQuoted { get; init; }
}

/// <summary>A whole argument of the command line, or of <see cref="RecipeText.With"/>: what it is depends on the value it is given for.</summary>
/// <remarks>
/// A text is taken as it stands. YAML would cut <c>/data/a #2</c> at its <c>#</c>, and read quotes, anchors and tags into
/// others: only lists and maps, which a text cannot be, are read as YAML.
/// </remarks>
sealed class RecipeArgument(string text) : RecipeNode
{
    internal bool IsNothing => text.Trim() is "" or "null" or "none" or "~";

    /// <summary>What it is for a property of one value, or for one that has parts.</summary>
    /// <exception cref="RecipeException">It has brackets or lines, and is no YAML.</exception>
    internal RecipeNode As(bool isStructured)
    {
        string trimmed = text.Trim();
        return isStructured && HasParts(trimmed) ? Read(trimmed, numbered: false) : new RecipeScalar(isStructured ? trimmed : text);
    }

    static bool HasParts(string text) =>
        text.StartsWith('{') || text.StartsWith('[') || text.StartsWith("- ", StringComparison.Ordinal)
        || text.Contains(": ", StringComparison.Ordinal) || text.Contains('\n');
}

/// <summary>Values one after the other.</summary>
sealed class RecipeList : RecipeNode
{
    internal List<RecipeNode> Items { get; } = [];
}

/// <summary>Values by key.</summary>
sealed class RecipeMap : RecipeNode
{
    readonly List<KeyValuePair<string, RecipeNode>> entries = [];
    // A text of a million characters may have a quarter of a million keys.
    readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    internal IReadOnlyList<KeyValuePair<string, RecipeNode>> Entries => entries;

    internal RecipeNode? Find(string key) => places.TryGetValue(key, out int place) ? entries[place].Value : null;

    internal void Put(string key, RecipeNode value)
    {
        if (places.TryGetValue(key, out int place))
        {
            entries[place] = KeyValuePair.Create(key, value);
        }
        else
        {
            places.Add(key, entries.Count);
            entries.Add(KeyValuePair.Create(key, value));
        }
    }
}
