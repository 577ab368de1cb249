using System.Globalization;
using System.Runtime.CompilerServices;
using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

/// <summary>Every schedule against independent oracles; the scripts that wrote the tables stand beside them.</summary>
public class GoldenTests
{
    const double Tolerance = 1e-12;

    public static TheoryData<string> ClosedForms => Texts("closed-forms.txt");

    public static TheoryData<string> Torch => Texts("torch-1.13.txt");

    [Theory]
    [MemberData(nameof(ClosedForms))]
    public void AgreesWithThePapersFormula(string block)
    {
        (Schedule? schedule, List<(long Step, double Value)>? values) = Read("closed-forms.txt", block);
        foreach ((long step, double expected) in values)
        {
            double actual = schedule.At(step);
            Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), $"At {step}: {actual:R} instead of {expected:R}.");
        }
    }

    // PyTorch's recursive and 1 + cos formulas carry the rounding of the largest value along into the small ones.
    [Theory]
    [MemberData(nameof(Torch))]
    public void AgreesWithPyTorch(string block)
    {
        (Schedule? schedule, List<(long Step, double Value)>? values) = Read("torch-1.13.txt", block);
        double largest = values.Max(pair => pair.Value);
        foreach ((long step, double expected) in values)
        {
            double actual = schedule.At(step);
            Assert.True(Math.Abs(actual - expected) <= Tolerance * largest, $"At {step}: {actual:R} instead of {expected:R}.");
        }
    }

    [Fact]
    public void CoversEverySchedule()
    {
        string[] covered = [.. ClosedForms.SelectMany(row => ScheduleText.Parse(row.Data.Split(" | ")[0]).Pieces).Select(piece => piece.Name)];

        // The reactive one has tables of its own.
        Assert.Superset(ScheduleText.Forms.Select(form => form.Name).Where(name => name != "plateau").ToHashSet(), covered.ToHashSet());
    }

    static TheoryData<string> Texts(string file) => new(Lines(file).Where(line => line.StartsWith('>')).Select(line => line[2..]));

    static (Schedule Schedule, List<(long Step, double Value)> Values) Read(string file, string block)
    {
        string[] parts = block.Split(" | ");
        RunLength run = new(long.Parse(parts[1]), long.Parse(parts[2]), BatchSize: 64);
        List<(long, double)> values = [];
        foreach (string line in Lines(file).SkipWhile(line => line != $"> {block}").Skip(1).TakeWhile(line => !line.StartsWith('>')))
        {
            int blank = line.IndexOf(' ');
            values.Add((long.Parse(line[..blank]), double.Parse(line[(blank + 1)..], CultureInfo.InvariantCulture)));
        }

        return (ScheduleText.Parse(parts[0]).Resolve(run), values);
    }

    static string[] Lines(string file, [CallerFilePath] string here = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(here)!, "golden", file));
}
