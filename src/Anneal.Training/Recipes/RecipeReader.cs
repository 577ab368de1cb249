using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Text;

namespace Anneal.Training.Recipes;

/// <summary>From a tree of text to the records of a recipe: a record's properties are the keys, in kebab-case.</summary>
/// <remarks>Only types that a recipe's properties have, or that the catalog names, are ever made.</remarks>
sealed class RecipeReader(Catalog catalog)
{
    internal object Bind(RecipeNode node, Type type, string path, object? before = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Bind(node, inner, path, before);
        }
        if (node is RecipeArgument given)
        {
            node = Read(given, type, path);
        }
        if (catalog.IsSeam(type))
        {
            return BindTechnique(node, type, path, before);
        }
        if (RecipeShape.Element(type) is { } element)
        {
            return BindList(node, element, path);
        }
        if (node is RecipeMap map && RecipeShape.IsRecord(type))
        {
            return BindRecord(map, type, path, name: null);
        }
        return node is RecipeScalar scalar
            ? BindScalar(scalar, type, path)
            : throw Wrong(node, path, $"{RecipeShape.Describe(type)} is one value", "a list or a map");
    }

    RecipeNode Read(RecipeArgument given, Type type, string path)
    {
        try
        {
            return given.As(catalog.IsSeam(type) || RecipeShape.Element(type) is not null || RecipeShape.IsRecord(type));
        }
        catch (RecipeException e)
        {
            throw new RecipeException($"{path}: {e.Message}", e);
        }
    }

    object BindTechnique(RecipeNode node, Type seam, string path, object? before)
    {
        if (node is RecipeList)
        {
            throw Wrong(node, path, $"this needs one name: {string.Join(", ", catalog.Names(seam))}", "a list");
        }
        RecipeMap map = node as RecipeMap ?? new RecipeMap { Line = node.Line };
        string name = node is RecipeScalar word
            ? word.Text
            : (map.Find("name") as RecipeScalar)?.Text
                // Values without a name are those of the technique that is used where none is named.
                ?? (before is null ? null : catalog.NameOf(seam, before.GetType()))
                ?? throw Wrong(node, path, $"this needs a name: {string.Join(", ", catalog.Names(seam))}", "none");
        Type type = catalog.Find(seam, name)
            ?? throw new RecipeException($"{At(node, path)}: no {RecipeShape.Word(seam)} named '{RecipeNode.Short(name)}'.{Meant(name, catalog.Names(seam))} Known: {string.Join(", ", catalog.Names(seam))}.");
        return BindRecord(map, type, path, name);
    }

    object BindRecord(RecipeMap map, Type type, string path, string? name)
    {
        PropertyInfo[] properties = RecipeShape.Properties(type);
        object made = Activator.CreateInstance(type)!;
        foreach ((string key, RecipeNode value) in map.Entries)
        {
            if (name is not null && key == "name")
            {
                continue;
            }
            string[] keys = [.. properties.Select(property => RecipeShape.Kebab(property.Name))];
            PropertyInfo property = properties.FirstOrDefault(property => RecipeShape.Kebab(property.Name) == key)
                ?? throw new RecipeException(
                    $"{At(value, path)}: no value named '{RecipeNode.Short(key)}' here.{(type == typeof(Recipe) ? OtherNames.Meant(key) : null) ?? Meant(key, keys)} " +
                    (keys.Length == 0 ? "It has none." : $"Known: {string.Join(", ", keys)}."));
            string inner = path.Length == 0 ? key : $"{path}.{key}";
            if (value is RecipeScalar { IsQuoted: false, Text: "" or "null" or "none" or "~" } or RecipeArgument { IsNothing: true } && RecipeShape.IsOptional(property))
            {
                property.SetValue(made, null);
                continue;
            }
            object bound = Bind(value, property.PropertyType, inner, property.GetValue(made));
            try
            {
                property.SetValue(made, bound);
            }
            catch (TargetInvocationException e) when (e.InnerException is ArgumentException refused)
            {
                throw new RecipeException($"{At(value, inner)}: {refused.Message}", refused);
            }
        }
        string[] missing =
        [
            .. properties
                .Where(property => property.IsDefined(typeof(RequiredMemberAttribute)))
                .Select(property => RecipeShape.Kebab(property.Name))
                .Where(key => map.Find(key) is null),
        ];
        if (missing.Length > 0)
        {
            throw new RecipeException($"{At(map, path)}: {name ?? "this"} needs {string.Join(", ", missing)}. Received: {Received(map, name)}.");
        }
        return made;
    }

    static string Received(RecipeMap map, string? name)
    {
        string[] keys = [.. map.Entries.Select(entry => entry.Key).Where(key => name is null || key != "name")];
        return keys.Length == 0 ? "no values" : string.Join(", ", keys);
    }

    Array BindList(RecipeNode node, Type element, string path)
    {
        List<RecipeNode> items = node switch
        {
            RecipeList list => list.Items,
            RecipeScalar { Text: "" or "none", IsQuoted: false } => [],
            _ => [node],
        };
        Array bound = Array.CreateInstance(element, items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            bound.SetValue(Bind(items[i], element, $"{path}[{i}]"), i);
        }
        return bound;
    }

    object BindScalar(RecipeScalar scalar, Type type, string path)
    {
        if (type == typeof(string))
        {
            return scalar.Text;
        }
        string text = scalar.Text.Trim();
        try
        {
            if (type == typeof(ScheduleText))
            {
                return ScheduleText.Parse(text, catalog.Schedules);
            }
            if (type == typeof(Duration))
            {
                // In a schedule a plain number counts steps. Here it is what a newcomer writes who means epochs.
                if (text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '.') && text.Any(c => c is >= '1' and <= '9'))
                {
                    throw new FormatException($"A length needs its unit: {text}ep for passes over the data, {text}st for updates. Received: {text}.");
                }
                return Duration.Parse(text);
            }
        }
        catch (FormatException e)
        {
            throw new RecipeException($"{At(scalar, path)}: {e.Message}", e);
        }
        if (type == typeof(bool) && text is "true" or "false")
        {
            return text == "true";
        }
        if (type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real))
        {
            return real;
        }
        if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int small))
        {
            return small;
        }
        if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long large))
        {
            return large;
        }
        if (type == typeof(ulong) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned))
        {
            return unsigned;
        }
        if (type.IsEnum)
        {
            string[] names = [.. Enum.GetNames(type).Select(RecipeShape.Kebab)];
            int place = Array.IndexOf(names, text);
            return place >= 0
                ? Enum.Parse(type, Enum.GetNames(type)[place])
                : throw new RecipeException($"{At(scalar, path)}: must be one of {string.Join(", ", names)}. Received: {RecipeNode.Short(text)}.{Meant(text, names)}");
        }
        throw Wrong(scalar, path, $"it must be {RecipeShape.Describe(type)}", text);
    }

    static string Meant(string received, IEnumerable<string> known) =>
        // What is much longer than any name is no misspelt one.
        received.Length <= 80 && Suggestion.Closest(received, known) is { } closest ? $" Did you mean '{closest}'?" : "";

    static string At(RecipeNode node, string path) =>
        (node.Line > 0, path.Length > 0) switch
        {
            (true, true) => $"Line {node.Line}, {path}",
            (true, false) => $"Line {node.Line}",
            (false, true) => path,
            _ => "The recipe",
        };

    static RecipeException Wrong(RecipeNode node, string path, string rule, string received) =>
        new($"{At(node, path)}: {rule}. Received: {RecipeNode.Short(received)}.");
}
