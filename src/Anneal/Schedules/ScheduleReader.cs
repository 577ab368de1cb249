using Anneal.Durations;
using Anneal.Text;

namespace Anneal.Schedules;

/// <summary>A piece as read, with the places that messages point at.</summary>
/// <param name="Form">Its kind.</param>
/// <param name="Piece">What was read.</param>
/// <param name="Position">Where its name begins.</param>
/// <param name="ArgumentPositions">Where the value of each argument begins.</param>
sealed record ParsedPiece(ScheduleForm Form, SchedulePiece Piece, int Position, IReadOnlyList<int> ArgumentPositions);

/// <summary>Reads the grammar of <see cref="ScheduleText"/>, left to right.</summary>
sealed class ScheduleReader(string text, IReadOnlyList<ScheduleForm> forms)
{
    int place;

    public IReadOnlyList<ParsedPiece> Read()
    {
        List<ParsedPiece> pieces = [];
        while (true)
        {
            ParsedPiece piece = ReadPiece();
            pieces.Add(piece);
            int at = Blanks();
            if (at == text.Length)
            {
                return pieces;
            }

            string word = Token();
            if (word != "then")
            {
                string expected = piece.Piece.Length is null ? "'for', 'then' or the end" : "'then' or the end";
                throw Refuse($"After a piece comes {expected}. Received: '{Shown(word, at)}'.", at);
            }

            if (piece.Piece.Length is null)
            {
                throw Refuse($"Only the last piece may leave out its duration: write 'for' and a duration, such as 5ep, after {piece.Piece.Name}(...).", at);
            }
        }
    }

    ParsedPiece ReadPiece()
    {
        int at = Blanks();
        string name = Token();
        if (name.Length == 0)
        {
            throw Refuse("A schedule begins with a name, such as cosine(from=0.1, to=0).", at);
        }

        ScheduleForm form = forms.FirstOrDefault(form => form.Name == name) ?? throw Refuse(Unknown($"No schedule named '{name}'.", name, forms.Select(form => form.Name)), at);
        Expect('(', $"'{name}'");
        Dictionary<string, (string Text, int At)> values = ReadArguments(form);
        Blanks();
        Duration? length = null;
        int before = place;
        if (Token() == "for")
        {
            length = ReadDuration("After 'for' comes");
        }
        else
        {
            place = before;
        }

        List<(ScheduleArgument Argument, int At)> given =
        [
            .. form.Parameters
                .Where(parameter => values.TryGetValue(parameter.Name, out (string Text, int At) value) && value.Text != parameter.Default)
                .Select(parameter => (new ScheduleArgument(parameter.Name, values[parameter.Name].Text), values[parameter.Name].At)),
        ];
        SchedulePiece piece = new(name, [.. given.Select(one => one.Argument)], length);
        return new ParsedPiece(form, piece, at, [.. given.Select(one => one.At)]);
    }

    Dictionary<string, (string Text, int At)> ReadArguments(ScheduleForm form)
    {
        Dictionary<string, (string, int)> values = [];
        string? firstNamed = null;
        Blanks();
        while (!Peek(')'))
        {
            int at = Blanks();
            ScheduleParameter parameter = ReadParameter(form, values.Count, ref firstNamed);
            int valueAt = Blanks();
            if (!values.TryAdd(parameter.Name, (ReadValue(parameter), valueAt)))
            {
                throw Refuse($"'{parameter.Name}' is given twice.", at);
            }

            int end = Blanks();
            if (Peek(','))
            {
                place++;
                Blanks();
                if (Peek(')'))
                {
                    throw Refuse("After ',' comes another value.", place);
                }
            }
            else if (!Peek(')'))
            {
                throw Refuse($"After a value comes ',' or ')'. Received: '{Shown(Token(), end)}'.", end);
            }
        }

        foreach (ScheduleParameter parameter in form.Parameters)
        {
            if (!parameter.IsOptional && !values.ContainsKey(parameter.Name))
            {
                throw Refuse($"'{form.Name}' needs '{parameter.Name}'. Its parameters: {Signature(form)}.", place);
            }
        }

        place++;
        return values;
    }

    ScheduleParameter ReadParameter(ScheduleForm form, int index, ref string? firstNamed)
    {
        int at = place;
        string name = Token();
        Blanks();
        if (name.Length > 0 && Peek('='))
        {
            place++;
            firstNamed ??= name;
            return form.Parameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw Refuse(Unknown($"'{form.Name}' has no parameter '{name}'.", name, form.Parameters.Select(parameter => parameter.Name)), at);
        }

        place = at;
        if (firstNamed is not null)
        {
            throw Refuse($"A value without a name comes before the named ones. Received: one after '{firstNamed}'.", at);
        }

        return index < form.Parameters.Count
            ? form.Parameters[index]
            : throw Refuse($"'{form.Name}' has {form.Parameters.Count} parameters: {Signature(form)}. Received: more.", at);
    }

    string ReadValue(ScheduleParameter parameter) => parameter.Kind switch
    {
        ScheduleParameterKind.Number => ReadNumber(parameter),
        ScheduleParameterKind.Duration => ReadDuration($"'{parameter.Name}' must be").ToString(),
        ScheduleParameterKind.DurationList => ReadDurations(parameter),
        _ => ReadChoice(parameter),
    };

    string ReadNumber(ScheduleParameter parameter)
    {
        int at = place;
        string token = Token();
        return NumberText.TryParse(token, out double value)
            // -0 is 0 here, and prints like it.
            ? NumberText.Format(value + 0.0)
            : throw Refuse($"'{parameter.Name}' must be a number. Received: '{Shown(token, at)}'.", at);
    }

    Duration ReadDuration(string rule)
    {
        int at = Blanks();
        string token = Token();
        try
        {
            return Duration.Parse(token);
        }
        catch (FormatException exception)
        {
            string problem = NumberText.Length(token) > 0
                ? exception.Message
                : $"{rule} a duration, such as 30ep, 500st, 0.3run or 20000samples. Received: '{Shown(token, at)}'.";
            throw Refuse(problem, at);
        }
    }

    string ReadDurations(ScheduleParameter parameter)
    {
        List<Duration> durations = [];
        Expect('[', $"'{parameter.Name}='");
        do
        {
            durations.Add(ReadDuration($"'{parameter.Name}' must hold"));
            int at = Blanks();
            if (!Peek(',') && !Peek(']'))
            {
                throw Refuse($"After a duration in a list comes ',' or ']'. Received: '{Shown(Token(), at)}'.", at);
            }
        }
        while (text[place++] == ',');

        return $"[{string.Join(", ", durations)}]";
    }

    string ReadChoice(ScheduleParameter parameter)
    {
        int at = place;
        string token = Token();
        return parameter.Choices.Contains(token)
            ? token
            : throw Refuse(Unknown($"'{parameter.Name}' cannot be '{Shown(token, at)}'.", token, parameter.Choices), at);
    }

    void Expect(char wanted, string after)
    {
        int at = Blanks();
        if (!Peek(wanted))
        {
            throw Refuse($"After {after} comes '{wanted}'. Received: '{Shown(Token(), at)}'.", at);
        }

        place++;
    }

    bool Peek(char c) => place < text.Length && text[place] == c;

    int Blanks()
    {
        while (place < text.Length && char.IsWhiteSpace(text[place]))
        {
            place++;
        }

        return place;
    }

    /// <summary>Everything up to a blank or a sign of the grammar; empty at one.</summary>
    string Token()
    {
        int begin = place;
        while (place < text.Length && !char.IsWhiteSpace(text[place]) && !"()[],=".Contains(text[place], StringComparison.Ordinal))
        {
            place++;
        }

        return text[begin..place];
    }

    string Shown(string token, int at) => token.Length > 0 ? token : at < text.Length ? text[at].ToString() : "the end";

    static string Unknown(string problem, string received, IEnumerable<string> known)
    {
        string[] names = [.. known];
        string meant = Suggestion.Closest(received, names) is string closest ? $" Did you mean '{closest}'?" : "";
        return $"{problem}{meant} Known: {string.Join(", ", names)}.";
    }

    static string Signature(ScheduleForm form) => string.Join(", ", form.Parameters.Select(parameter => (parameter.Default, parameter.IsOptional) switch
    {
        (string value, _) => $"{parameter.Name}={value}",
        (null, true) => $"[{parameter.Name}]",
        _ => parameter.Name,
    }));

    ScheduleFormatException Refuse(string problem, int position) => new(problem, text, position);
}
