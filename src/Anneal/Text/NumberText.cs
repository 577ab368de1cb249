using System.Globalization;

namespace Anneal.Text;

/// <summary>How numbers are written in every text form: the shortest digits that read back as the same number.</summary>
public static class NumberText
{
    /// <summary>Prints a number: <c>0.1</c>, <c>250000</c>, <c>1e-7</c>.</summary>
    /// <param name="value">Finite.</param>
    public static string Format(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        if (exponentAt < 0)
        {
            return text;
        }

        int exponent = int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, exponentAt)}e{exponent}");
    }

    /// <summary>A number with three digits: a rate that was drawn or measured means no more than that, and stays readable.</summary>
    public static double Rounded(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>How many characters of the text, from its start, are a number; 0 where it does not start with one.</summary>
    /// <remarks>The <c>e</c> of <c>30ep</c> is no exponent: one needs a digit.</remarks>
    public static int Length(ReadOnlySpan<char> text)
    {
        int at = Sign(text, 0);
        int whole = Digits(text, at);
        int end = whole;
        if (end < text.Length && text[end] == '.')
        {
            end = Digits(text, end + 1);
        }

        bool hasDigits = whole > at || end > whole + 1;
        if (!hasDigits)
        {
            return 0;
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            int exponent = Sign(text, end + 1);
            int exponentEnd = Digits(text, exponent);
            if (exponentEnd > exponent)
            {
                end = exponentEnd;
            }
        }

        return end;
    }

    /// <summary>Reads a text that is a number and nothing else.</summary>
    /// <returns>False where it is not one, or is too large to be finite.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        return text.Length > 0
            && Length(text) == text.Length
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    static int Sign(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] is '+' or '-' ? at + 1 : at;

    static int Digits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at;
    }
}
