using Anneal.Durations;
using Anneal.Randomness;
using Anneal.Schedules;
using Anneal.Text;

namespace Anneal.Tests.Schedules;

/// <summary>Properties over random texts; every text follows from its number, so a failure repeats.</summary>
public class ScheduleTextPropertyTests
{
    [Fact]
    public void ReadingWhatWasPrintedGivesTheSameSchedule()
    {
        for (int i = 0; i < 3000; i++)
        {
            RandomStream random = new(20, "schedule-texts", 0, i);
            string text = RandomText(ref random);

            ScheduleText read = ScheduleText.Parse(text);
            string printed = read.ToString();
            ScheduleText again = ScheduleText.Parse(printed);

            Assert.Equal(read, again);
            Assert.Equal(printed, again.ToString());
            Assert.Equal(read.Pieces.Select(Flat), again.Pieces.Select(Flat));
        }
    }

    [Fact]
    public void AnyDamageIsEitherReadOrRefusedWithACaretInsideTheText()
    {
        const string signs = "()[],=. \tx0-e";
        for (int i = 0; i < 3000; i++)
        {
            RandomStream random = new(21, "damaged-texts", 0, i);
            string text = RandomText(ref random);
            int at = random.NextInt(text.Length);
            char sign = signs[random.NextInt(signs.Length)];
            string damaged = random.NextInt(3) switch
            {
                0 => text.Remove(at, 1),
                1 => text.Insert(at, sign.ToString()),
                _ => text[..at],
            };

            Exception? error = Record.Exception(() => ScheduleText.Parse(damaged));

            if (error is not null)
            {
                Assert.InRange(Assert.IsType<ScheduleFormatException>(error).Position, 0, damaged.Length);
            }
        }
    }

    static string Flat(SchedulePiece piece) => $"{piece.Name} {string.Join(' ', piece.Arguments)} {piece.Length}";

    static string RandomText(ref RandomStream random)
    {
        int count = 1 + random.NextInt(3);
        List<string> pieces = [];
        for (int i = 0; i < count; i++)
        {
            bool isEnded = i < count - 1 || random.NextInt(2) == 0;
            string end = isEnded ? $"{Blank(ref random)}for {RandomDuration(ref random)}" : "";
            pieces.Add(RandomPiece(ref random) + end);
        }

        return string.Join(" then ", pieces);
    }

    static string RandomPiece(ref RandomStream random)
    {
        ScheduleForm form = ScheduleText.Forms[random.NextInt(ScheduleText.Forms.Count)];
        ScheduleParameter[] parameters = form.Parameters.ToArray();
        int positional = random.NextInt(2);
        random.Shuffle(parameters.AsSpan(positional));
        List<string> values = [];
        for (int i = 0; i < parameters.Length; i++)
        {
            bool isPositional = i < positional;
            if (parameters[i].IsOptional && !isPositional && random.NextInt(2) == 0)
            {
                continue;
            }

            string name = isPositional ? "" : $"{parameters[i].Name}{Blank(ref random)}={Blank(ref random)}";
            values.Add(name + RandomValue(ref random, parameters[i]));
        }

        return $"{form.Name}{Blank(ref random)}({Blank(ref random)}{string.Join($"{Blank(ref random)},", values)})";
    }

    static string RandomValue(ref RandomStream random, ScheduleParameter parameter)
    {
        if (parameter.Default is string value && random.NextInt(4) == 0)
        {
            return value;
        }

        switch (parameter.Kind)
        {
            case ScheduleParameterKind.Number:
                return RandomNumber(ref random);
            case ScheduleParameterKind.Duration:
                return RandomDuration(ref random);
            case ScheduleParameterKind.DurationList:
                string[] items = new string[1 + random.NextInt(3)];
                for (int i = 0; i < items.Length; i++)
                {
                    items[i] = RandomDuration(ref random);
                }

                return $"[{string.Join(", ", items)}]";
            default:
                return parameter.Choices[random.NextInt(parameter.Choices.Count)];
        }
    }

    static string RandomNumber(ref RandomStream random)
    {
        double value = random.NextInt(4) switch
        {
            0 => random.NextInt(1000),
            1 => -random.NextDouble(),
            // Any finite bit pattern.
            2 => BitConverter.UInt64BitsToDouble(random.NextUInt64()),
            _ => random.NextLogUniform(1e-9, 10),
        };
        return double.IsFinite(value) ? NumberText.Format(value) : "0";
    }

    static string RandomDuration(ref RandomStream random) => random.NextInt(5) switch
    {
        0 => Duration.Steps(random.NextInt(int.MaxValue)).ToString(),
        1 => random.NextInt(100_000).ToString(),
        2 => Duration.Epochs(random.NextLogUniform(1e-3, 1e3)).ToString(),
        3 => Duration.RunFraction(random.NextDouble()).ToString(),
        _ => Duration.Samples((long)(random.NextUInt64() >> 11)).ToString(),
    };

    static string Blank(ref RandomStream random) => random.NextInt(3) switch { 0 => "", 1 => " ", _ => "\n\t" };
}
