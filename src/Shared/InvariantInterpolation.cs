using System.Globalization;
using System.Text;

namespace System.Runtime.CompilerServices;

/// <summary>What the compiler makes of every <c>$"..."</c> in this assembly: numbers and dates as the invariant culture writes them.</summary>
/// <remarks>
/// The runtime's type of this name formats by the culture of the moment, so that a log, an error or a recipe would read
/// "0,5" in one country and "0.5" in another. The compiler takes the type of the assembly it compiles before the runtime's
/// (C# 10, "Improved Interpolated Strings"); thus no interpolation can be forgotten. A text for a culture says so:
/// <c>string.Create(culture, $"...")</c> takes the runtime's type by its parameter.
/// </remarks>
[InterpolatedStringHandler]
ref struct DefaultInterpolatedStringHandler
{
    readonly StringBuilder text;
    StringBuilder.AppendInterpolatedStringHandler handler;

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        text = new StringBuilder(literalLength + 8 * formattedCount);
        handler = new StringBuilder.AppendInterpolatedStringHandler(literalLength, formattedCount, text, CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string value) => handler.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => handler.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => handler.AppendFormatted(value, format);

    public void AppendFormatted<T>(T value, int alignment) => handler.AppendFormatted(value, alignment);

    public void AppendFormatted<T>(T value, int alignment, string? format) => handler.AppendFormatted(value, alignment, format);

    public void AppendFormatted(ReadOnlySpan<char> value) => handler.AppendFormatted(value);

    public void AppendFormatted(ReadOnlySpan<char> value, int alignment, string? format = null) => handler.AppendFormatted(value, alignment, format);

    public void AppendFormatted(string? value) => handler.AppendFormatted(value);

    public void AppendFormatted(string? value, int alignment, string? format = null) => handler.AppendFormatted(value, alignment, format);

    public void AppendFormatted(object? value, int alignment = 0, string? format = null) => handler.AppendFormatted(value, alignment, format);

    public string ToStringAndClear() => text.ToString();
}
