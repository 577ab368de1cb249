using System.Globalization;
using System.Reflection;
using System.Text;
using Anneal.Schedules;
using Anneal.Text;

namespace Anneal.Training.Recipes;

/// <summary>From the records of a recipe to YAML that reads back as the same values.</summary>
sealed class RecipeWriter(Catalog catalog)
{
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
        foreach (PropertyInfo property in RecipeShape.Properties(record.GetType()))
        {
            WriteValue(text, RecipeShape.Kebab(property.Name), property.GetValue(record), property.PropertyType, depth);
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
        else if (RecipeShape.Element(type) is { } element)
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
        else if (RecipeShape.IsRecord(type))
        {
            Line(text, depth, key, null);
            WriteRecord(text, value, depth + 1, name: null);
        }
        else
        {
            if (value is ScheduleText schedule)
            {
                RequireKnown(schedule);
            }
            Line(text, depth, key, Scalar(value));
        }
    }

    void RequireKnown(ScheduleText schedule)
    {
        if (schedule.Pieces.FirstOrDefault(piece => catalog.Schedules.All(form => form.Name != piece.Name)) is { } unknown)
        {
            throw new RecipeException(
                $"A recipe file can only name what is registered. Received: the schedule '{unknown.Name}', which is not; register its form in the catalog.");
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
        Enum kind => RecipeShape.Kebab(kind.ToString()),
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
}
