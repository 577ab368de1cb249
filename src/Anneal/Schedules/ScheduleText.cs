using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Anneal.Durations;
using Anneal.Text;

namespace Anneal.Schedules;

/// <summary>A schedule as it is written in recipes, on the command line and in reports.</summary>
/// <remarks>
/// <code>
/// schedule := piece { "then" piece }
/// piece    := name "(" [ arg { "," arg } ] ")" [ "for" duration ]      arg := [ name "=" ] value
/// </code>
/// A piece ends after its <c>for</c> and the next one begins at its own step 0; only the last may leave it out, and then
/// takes the rest of the run. After a last piece with a <c>for</c> the value it came to is held. A number alone is a
/// constant. Two texts are equal where they mean the same: defaults written or not, any order of named values.
/// </remarks>
public sealed record ScheduleText
{
    // Above this a double no longer holds every whole number.
    const double LongestSchedule = 1L << 53;

    readonly string source;
    readonly string canonical;
    readonly IReadOnlyList<ParsedPiece> parsedPieces;

    ScheduleText(string source, IReadOnlyList<ParsedPiece> parsed)
    {
        (this.source, parsedPieces) = (source, parsed);
        Pieces = [.. parsed.Select(piece => piece.Piece)];
        canonical = string.Join(" then ", parsed.Select(Print));
    }

    /// <summary>Every kind of piece of this library.</summary>
    public static IReadOnlyList<ScheduleForm> Forms { get; } =
    [
        Constant.Form,
        LinearRamp.Form,
        Exponential.Form,
        Polynomial.Form,
        Cosine.Form,
        StepDecay.Form,
        MultiStepDecay.Form,
        InverseSquareRoot.Form,
        Noam.Form,
        WarmRestarts.Form,
        Triangular.Form,
        Triangular2.Form,
        ExponentialRange.Form,
        OneCycle.Form,
        OneCycleMomentum.Form,
        BurnIn.Form,
        SpecAugmentPhases.Form,
        Trapezoid.Form,
        Snapshot.Form,
        Plateau.Form,
    ];

    /// <summary>The pieces in their order; at least one.</summary>
    public IReadOnlyList<SchedulePiece> Pieces { get; }

    /// <summary>The value where it is the same at every step of every run; null for other schedules.</summary>
    public double? ConstantValue => parsedPieces is [{ Form: var form, Piece.Arguments: [{ Value: var value }] }] && form == Constant.Form
        ? double.Parse(value, CultureInfo.InvariantCulture)
        : null;

    /// <summary>Reads a schedule made of this library's pieces.</summary>
    /// <exception cref="ScheduleFormatException">The text is not a schedule; the message points at the character.</exception>
    public static ScheduleText Parse(string text) => Parse(text, Forms);

    /// <summary>Reads a schedule made of the given kinds of pieces.</summary>
    /// <param name="text">The text.</param>
    /// <param name="forms">The kinds that exist, such as <see cref="Forms"/> with one's own.</param>
    /// <exception cref="ScheduleFormatException">The text is not a schedule; the message points at the character.</exception>
    public static ScheduleText Parse(string text, IReadOnlyList<ScheduleForm> forms)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(forms);
        return NumberText.TryParse(text.AsSpan().Trim(), out double value)
            ? value
            : new ScheduleText(text, new ScheduleReader(text, forms).Read());
    }

    /// <summary>Reads a schedule; false where the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ScheduleText? schedule)
    {
        schedule = null;
        if (text is null)
        {
            return false;
        }

        try
        {
            schedule = Parse(text);
            return true;
        }
        catch (ScheduleFormatException)
        {
            return false;
        }
    }

    /// <summary>Reads a schedule as <see cref="Parse(string)"/> does.</summary>
    public static implicit operator ScheduleText(string text) => Parse(text);

    /// <summary>The constant of that value.</summary>
    public static implicit operator ScheduleText(double value)
    {
        Require.Finite(value, "value");
        string number = NumberText.Format(value);
        SchedulePiece piece = new("constant", [new ScheduleArgument("value", number)], null);
        return new ScheduleText(number, [new ParsedPiece(Constant.Form, piece, 0, [0])]);
    }

    /// <summary>The schedule in a run of that length.</summary>
    /// <exception cref="ScheduleFormatException">A value is out of its range, or the pieces do not fit the run.</exception>
    public Schedule Resolve(RunLength length)
    {
        // Each border is rounded from where it exactly lies: rounding the lengths would add up.
        List<(Schedule, long)> schedules = [];
        double begin = 0;
        for (int i = 0; i < parsedPieces.Count; i++)
        {
            ParsedPiece parsed = parsedPieces[i];
            double end = EndOf(parsed, begin, length);
            long steps = Duration.Nearest(end) - Duration.Nearest(begin);
            // A share that comes to no step is left out, unless nothing else is there.
            if (steps > 0 || (schedules.Count == 0 && i == parsedPieces.Count - 1))
            {
                schedules.Add((Build(parsed, begin, end, length), steps));
            }

            begin = end;
        }

        return Joined.Of(schedules);
    }

    /// <summary>The canonical form: defaults left out, units written, values in the order of the form.</summary>
    public override string ToString() => canonical;

    /// <inheritdoc/>
    public bool Equals(ScheduleText? other) => other is not null && canonical == other.canonical;

    /// <inheritdoc/>
    public override int GetHashCode() => canonical.GetHashCode(StringComparison.Ordinal);

    static string Print(ParsedPiece parsed)
    {
        (ScheduleForm? form, SchedulePiece? piece) = (parsed.Form, parsed.Piece);
        IEnumerable<string> arguments = piece.Arguments.Select(argument =>
            form.Parameters.Any(parameter => parameter.Name == argument.Name && parameter.IsLeading)
                ? argument.Value
                : $"{argument.Name}={argument.Value}");
        string end = piece.Length is Duration length ? $" for {length}" : "";
        return $"{piece.Name}({string.Join(", ", arguments)}){end}";
    }

    double EndOf(ParsedPiece parsed, double begin, RunLength run)
    {
        if (parsed.Piece.Length is not Duration length)
        {
            // What is left may be a part of a step, which is rounded away; nothing is left where the pieces before take all.
            return begin < run.Steps * (1 - 1e-12)
                ? run.Steps
                : throw Refuse(
                    $"The pieces before '{parsed.Piece.Name}' must leave it at least 1 step. " +
                    $"Received: {Duration.Nearest(begin)} steps before it in a run of {run.Steps}.",
                    parsed.Position);
        }

        try
        {
            double end = begin + length.InSteps(run);
            return end <= LongestSchedule
                ? end
                : throw new OverflowException($"All pieces together must be at most 2^53 steps. Received: {NumberText.Format(end)} to the end of '{parsed.Piece.Name}'.");
        }
        catch (OverflowException exception)
        {
            throw Refuse($"In '{parsed.Piece.Name}': {exception.Message}", parsed.Position, exception);
        }
    }

    Schedule Build(ParsedPiece parsed, double begin, double end, RunLength run)
    {
        (ScheduleForm? form, SchedulePiece? piece) = (parsed.Form, parsed.Piece);
        try
        {
            long steps = Duration.Nearest(end) - Duration.Nearest(begin);
            long atLeastOne = end > begin ? Math.Max(1, steps) : steps;
            Schedule schedule = form.Build(new ScheduleArguments(form, piece, run, begin, end, atLeastOne));
            if (schedule.Reactive is not null && piece.Length is not null)
            {
                throw Refuse($"'{piece.Name}' takes the rest of the run: it must be the last piece, without 'for'. Received: for {piece.Length}.", parsed.Position);
            }

            return piece.Length is null ? schedule : schedule.For(atLeastOne);
        }
        catch (ScheduleValueException exception)
        {
            throw Refuse($"In '{piece.Name}': {exception.Message}", PositionOf(parsed, exception.Parameter), exception);
        }
        catch (OverflowException exception)
        {
            throw Refuse($"In '{piece.Name}': {exception.Message}", parsed.Position, exception);
        }
    }

    static int PositionOf(ParsedPiece parsed, string parameter)
    {
        for (int i = 0; i < parsed.Piece.Arguments.Count; i++)
        {
            if (parsed.Piece.Arguments[i].Name == parameter)
            {
                return parsed.ArgumentPositions[i];
            }
        }

        return parsed.Position;
    }

    ScheduleFormatException Refuse(string problem, int position, Exception? inner = null) => new(problem, source, position, inner);
}
