using System.Globalization;
using Anneal.Curves;
using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Statistics;
using Anneal.Stopping;

namespace Anneal.Tests;

/// <summary>Texts are English and numbers invariant, whatever the culture of the program that uses the library.</summary>
public sealed class CultureTests : IDisposable
{
    readonly CultureInfo before = CultureInfo.CurrentCulture;

    // As German writes numbers. A culture by name would be invariant in these tests (InvariantGlobalization).
    public CultureTests() => CultureInfo.CurrentCulture = WithCommas();

    public void Dispose() => CultureInfo.CurrentCulture = before;

    [Fact]
    public void TheTestsCultureWritesCommas() => Assert.Equal("0,5", 0.5.ToString());

    [Fact]
    public void DoctorsTextsHavePoints()
    {
        CurveHistory rising = new()
        {
            Classes = 10,
            ValidationExamples = 12_345,
            TrainingLoss = [.. Enumerable.Range(1, 10).Select(x => new CurvePoint(x, 1.5 / x))],
            TrainingAccuracy = [.. Enumerable.Range(1, 10).Select(x => new CurvePoint(x, 0.5 + 0.02 * x))],
            ValidationAccuracy = [.. Enumerable.Range(1, 10).Select(x => new CurvePoint(x, 0.5 + 0.02 * x))],
        };
        foreach (Diagnosis found in Doctor.Examine(rising).Concat(Doctor.Examine(new CurveHistory { Outcome = "diverged" })))
        {
            Assert.DoesNotMatch("[0-9],[0-9](?![0-9]{2})", found.Evidence);
            Assert.Matches("[0-9]\\.[0-9]", found.Evidence);
            Assert.Equal("duration × 1.5", new RecipeChange("duration", ChangeKind.Multiply, 1.5).ToString());
        }
    }

    [Fact]
    public void ErrorsHavePoints()
    {
        Assert.Contains("1.5", Assert.Throws<ArgumentException>(() => new ExponentialAverage(1.5)).Message);
        Assert.Contains("1.5", Assert.Throws<ArgumentException>(() => PairedBootstrap.Difference([1, 2], [1, 2], 0, 1.5)).Message);
        Assert.Contains("-1.5", Assert.Throws<ArgumentException>(() => new MaximumSeconds { Seconds = -1.5 }).Message);
    }

    [Fact]
    public void SchedulesAndDurationsReadAndWritePoints()
    {
        Assert.Equal("0.5ep", Duration.Epochs(0.5).ToString());
        Assert.Equal("constant(0.05) for 0.5run then cosine(from=0.05, to=0)", ScheduleText.Parse("constant(0.05) for 0.5run then cosine(from=0.05, to=0)").ToString());
    }

    [Fact]
    public void EveryInterpolatedStringOfTheLibraryIsInvariant() =>
        Assert.NotNull(typeof(Doctor).Assembly.GetType("System.Runtime.CompilerServices.DefaultInterpolatedStringHandler"));

    static CultureInfo WithCommas()
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.PercentDecimalSeparator = ",";
        return culture;
    }
}
