using System.Runtime.CompilerServices;
using System.Text;

namespace Anneal.Reports.Markup;

/// <summary>A piece of page that is safe to place between tags: whatever text went into it is escaped.</summary>
/// <remarks>
/// The only way to make one from text of unknown origin is <see cref="Of"/>, which escapes every hole of its
/// interpolated string. What is written here is also well-formed XML, so that tests can read it with a strict parser.
/// </remarks>
readonly record struct Html
{
    readonly string? markup;

    Html(string markup) => this.markup = markup;

    public static Html None => default;

    public bool IsNone => string.IsNullOrEmpty(markup);

    /// <summary>The interpolated string as markup, its holes escaped unless they are <see cref="Html"/> themselves.</summary>
    public static Html Of(Format format) => new(format.Text);

    /// <summary>Markup that comes from this assembly, such as an embedded style sheet.</summary>
    public static Html Trusted(string markup) => new(markup);

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.markup)));

    public override string ToString() => markup ?? "";

    /// <summary>
    /// Text as it may stand between tags and inside quoted attributes. Characters that XML forbids, and those that
    /// reorder the text around them, become U+FFFD: a file's text must not change how the rest of the page reads.
    /// </summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        StringBuilder escaped = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsSurrogate(c))
            {
                if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]))
                {
                    escaped.Append(c).Append(text[++i]);
                }
                else
                {
                    escaped.Append('\uFFFD');
                }

                continue;
            }
            _ = c switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\r' => escaped,
                '\n' or '\t' => escaped.Append(c),
                < ' ' or (>= '\u007F' and <= '\u009F') => escaped.Append('\uFFFD'),
                (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => escaped.Append('\uFFFD'),
                '\uFFFE' or '\uFFFF' => escaped.Append('\uFFFD'),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    /// <summary>What the compiler fills in for an interpolated string given to <see cref="Of"/>.</summary>
    /// <remarks>It takes no floating-point holes: how many digits a number shows is always decided by name.</remarks>
    [InterpolatedStringHandler]
    public readonly ref struct Format(int literalLength, int holes)
    {
        readonly StringBuilder text = new(literalLength + 16 * holes);

        public string Text => text.ToString();

        public void AppendLiteral(string literal) => text.Append(literal);

        public void AppendFormatted(Html part) => text.Append(part.markup);

        public void AppendFormatted(IEnumerable<Html> parts)
        {
            foreach (Html part in parts)
            {
                text.Append(part.markup);
            }
        }

        public void AppendFormatted(string? value) => text.Append(Escape(value));

        public void AppendFormatted(long value) => text.Append(value);
    }
}
