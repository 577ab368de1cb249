using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Text;

namespace Anneal.Training.Recipes;

/// <summary>Between a tree of text and the records of a recipe: a record's properties are the keys, in kebab-case and in their order.</summary>
/// <remarks>Only types that a recipe's properties have, or that the catalog names, are ever made.</remarks>
sealed class RecipeBinder(Catalog catalog)
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
        if (Element(type) is { } element)
        {
            return BindList(node, element, path);
        }
        if (node is RecipeMap map && IsRecord(type))
        {
            return BindRecord(map, type, path, name: null);
        }
        return node is RecipeScalar scalar
            ? BindScalar(scalar, type, path)
            : throw Wrong(node, path, $"{Describe(type)} is one value", "a list or a map");
    }

    RecipeNode Read(RecipeArgument given, Type type, string path)
    {
        try
        {
            return given.As(catalog.IsSeam(type) || Element(type) is not null || IsRecord(type));
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
            ?? throw new RecipeException($"{At(node, path)}: no {Word(seam)} named '{RecipeNode.Short(name)}'.{Meant(name, catalog.Names(seam))} Known: {string.Join(", ", catalog.Names(seam))}.");
        return BindRecord(map, type, path, name);
    }

    object BindRecord(RecipeMap map, Type type, string path, string? name)
    {
        PropertyInfo[] properties = Properties(type);
        object made = Activator.CreateInstance(type)!;
        foreach ((string key, RecipeNode value) in map.Entries)
        {
            if (name is not null && key == "name")
            {
                continue;
            }
            string[] keys = [.. properties.Select(property => Kebab(property.Name))];
            PropertyInfo property = properties.FirstOrDefault(property => Kebab(property.Name) == key)
                ?? throw new RecipeException(
                    $"{At(value, path)}: no value named '{RecipeNode.Short(key)}' here.{(type == typeof(Recipe) ? OtherNames.Meant(key) : null) ?? Meant(key, keys)} " +
                    (keys.Length == 0 ? "It has none." : $"Known: {string.Join(", ", keys)}."));
            string inner = path.Length == 0 ? key : $"{path}.{key}";
            if (value is RecipeScalar { IsQuoted: false, Text: "" or "null" or "none" or "~" } or RecipeArgument { IsNothing: true } && IsOptional(property))
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
                .Select(property => Kebab(property.Name))
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

    static object BindScalar(RecipeScalar scalar, Type type, string path)
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
                return ScheduleText.Parse(text);
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
            string[] names = [.. Enum.GetNames(type).Select(Kebab)];
            int place = Array.IndexOf(names, text);
            return place >= 0
                ? Enum.Parse(type, Enum.GetNames(type)[place])
                : throw new RecipeException($"{At(scalar, path)}: must be one of {string.Join(", ", names)}. Received: {RecipeNode.Short(text)}.{Meant(text, names)}");
        }
        throw Wrong(scalar, path, $"it must be {Describe(type)}", text);
    }

    /// <summary>Writes a record with all its values as YAML.</summary>
    internal string Write(object record)
    {
        StringBuilder text = new();
        WriteRecord(text, record, 0, name: null);
        return text.ToString();
    }

    void WriteRecord(StringBuilder text, object record, int depth, string? name)
    {
        if (name is not null)
        {
            Line(text, depth, "name", name);
        }
        foreach (PropertyInfo property in Properties(record.GetType()))
        {
            WriteValue(text, Kebab(property.Name), property.GetValue(record), property.PropertyType, depth);
        }
    }

    void WriteValue(StringBuilder text, string key, object? value, Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null)
        {
            Line(text, depth, key, "none");
        }
        else if (catalog.IsSeam(type))
        {
            Line(text, depth, key, null);
            WriteRecord(text, value, depth + 1, NameOf(type, value));
        }
        else if (Element(type) is { } element)
        {
            Array items = ((System.Collections.IEnumerable)value).Cast<object>().ToArray();
            if (items.Length == 0 || !catalog.IsSeam(element))
            {
                Line(text, depth, key, $"[{string.Join(", ", items.Cast<object>().Select(item => Scalar(item, inList: true)))}]");
                return;
            }
            Line(text, depth, key, null);
            foreach (object item in items)
            {
                StringBuilder inner = new();
                WriteRecord(inner, item, depth + 2, NameOf(element, item));
                // The first line of an item carries its dash.
                int dash = (depth + 1) * 2;
                inner[dash] = '-';
                text.Append(inner);
            }
        }
        else if (IsRecord(type))
        {
            Line(text, depth, key, null);
            WriteRecord(text, value, depth + 1, name: null);
        }
        else
        {
            Line(text, depth, key, Scalar(value));
        }
    }

    string NameOf(Type seam, object technique) => catalog.NameOf(seam, technique.GetType())
        ?? throw new RecipeException($"A recipe file can only name what is registered. Received: {technique.GetType().Name}, which is not; register it in the catalog.");

    static void Line(StringBuilder text, int depth, string key, string? value)
    {
        text.Append(' ', depth * 2).Append(key).Append(':');
        if (value is not null)
        {
            text.Append(' ').Append(value);
        }
        text.Append('\n');
    }

    static string Scalar(object value, bool inList = false) => value switch
    {
        bool truth => truth ? "true" : "false",
        double real => NumberText.Format(real),
        Enum kind => Kebab(kind.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quoted(value.ToString() ?? "", inList),
    };

    // Plain where YAML reads it back as the same text.
    static string Quoted(string text, bool inList)
    {
        bool plain = text.Length > 0
            && text is not ("none" or "null" or "~")
            && (char.IsAsciiLetterOrDigit(text[0]) || text[0] is '/' or '.' or '_')
            && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal)
            && !text.EndsWith(':') && !text.EndsWith(' ')
            && !(inList && text.AsSpan().ContainsAny(",[]{}"))
            && text.All(c => c is >= ' ' and < '\x7f' || char.IsLetter(c));
        // YAML has no way to write one, and a replacement character would name another file.
        if (!plain && HasHalfACharacter(text))
        {
            throw new RecipeException($"A text in a recipe must be whole Unicode characters. Received one with half a surrogate pair: {RecipeNode.Short(text)}.");
        }
        return plain ? text : $"\"{string.Concat(text.EnumerateRunes().Select(Escaped))}\"";
    }

    static bool HasHalfACharacter(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out _, out int read) != System.Buffers.OperationStatus.Done)
            {
                return true;
            }
            i += read;
        }
        return false;
    }

    static string Escaped(Rune rune) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        >= ' ' and < '\x7f' => rune.ToString(),
        <= 0xFFFF => $"\\u{rune.Value:x4}",
        _ => $"\\U{rune.Value:x8}",
    };

    static PropertyInfo[] Properties(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .OrderBy(property => property.DeclaringType == type ? 0 : 1)];

    static bool IsOptional(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    static bool IsRecord(Type type) =>
        type.IsClass && type != typeof(string) && type != typeof(ScheduleText) && type.GetConstructor(Type.EmptyTypes) is not null;

    static Type? Element(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    static string Kebab(string name)
    {
        StringBuilder text = new();
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0)
            {
                text.Append('-');
            }
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }

    static string Word(Type seam) => Kebab(seam.IsInterface ? seam.Name[1..] : seam.Name).Replace('-', ' ');

    static string Describe(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(double) ? "a number"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(ulong) ? "a whole number of at least 0"
        : type == typeof(ScheduleText) ? "a schedule"
        : type == typeof(Duration) ? "a duration such as 8ep"
        : IsRecord(type) ? $"a map with values such as {Kebab(Properties(type)[0].Name)}"
        : "a value";

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
