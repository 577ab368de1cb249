using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class PlateauTests
{
    static readonly RunLength Run = new(1000, 100, 1);

    public static TheoryData<string> Torch => new(Lines().Where(line => line.StartsWith('>')).Select(line => line[2..]));

    [Theory]
    [MemberData(nameof(Torch))]
    public void AgreesWithPyTorch(string text)
    {
        Schedule schedule = ScheduleText.Parse(text).Resolve(Run);
        foreach (string line in Lines().SkipWhile(line => line != $"> {text}").Skip(1).TakeWhile(line => !line.StartsWith('>')))
        {
            string[] numbers = line.Split(' ');
            schedule = schedule.Observe(0, Number(numbers[0]));
            Assert.Equal(1, schedule.At(0) / Number(numbers[1]), 1e-12);
        }
    }

    [Fact]
    public void LowersTheValueOnlyWhenPatienceIsUsedUp()
    {
        Plateau plateau = new(1, factor: 0.5, patience: 2);
        PlateauState state = plateau.State;
        double[] losses = [3, 3, 3, 3, 3, 3, 3];

        Assert.Equal([1, 1, 1, 0.5, 0.5, 0.5, 0.25], losses.Select(loss => (state = plateau.Next(state, loss)).Value));
    }

    [Theory]
    [InlineData("validation-loss", double.PositiveInfinity, -1)]
    [InlineData("validation-accuracy", double.NegativeInfinity, 1)]
    public void AnythingIsBetterThanAnInfiniteMeasurement(string metric, double first, int way)
    {
        Schedule schedule = ScheduleText.Parse($"plateau(0.1, patience=2, metric={metric})").Resolve(Run).Observe(0, first);
        for (int i = 1; i < 10; i++)
        {
            schedule = schedule.Observe(0, way * i + 10);
            Assert.Equal(0.1, schedule.At(0));
        }
    }

    [Fact]
    public void IgnoresWhatIsMeasuredDuringAWarmup()
    {
        Schedule schedule = ScheduleText.Parse("linear(from=0, to=1) for 200 then plateau(1, factor=0.5, patience=0)").Resolve(Run);

        Schedule during = schedule.Observe(199, 5).Observe(199, 5).Observe(199, 5);
        Assert.Equal(schedule, during);

        Schedule after = schedule.Observe(200, 5).Observe(300, 5);
        Assert.Equal((0.5, 0.5, 0.5), (after.At(100), after.At(200), after.At(900)));
        // The schedule it came from is as it was.
        Assert.Equal(1, schedule.At(900));
    }

    [Fact]
    public void GoesOnFromASavedState()
    {
        Schedule schedule = ScheduleText.Parse("linear(from=0, to=1) for 200 then plateau(1, factor=0.5, patience=1, cooldown=1)").Resolve(Run);
        double[] losses = [4, 3, 3, 3, 3, 3, 2, 2, 2];
        Schedule uninterrupted = losses.Aggregate(schedule, (now, loss) => now.Observe(500, loss));

        Schedule stopped = losses[..4].Aggregate(schedule, (now, loss) => now.Observe(500, loss));
        string saved = JsonSerializer.Serialize(stopped.Reactive!.State);
        Schedule resumed = losses[4..].Aggregate(schedule.With(JsonSerializer.Deserialize<PlateauState>(saved)!), (now, loss) => now.Observe(500, loss));

        Assert.Equal(uninterrupted, resumed);
        Assert.Equal(uninterrupted.Reactive!.State, resumed.Reactive!.State);
        Assert.NotEqual(1, resumed.At(500));
    }

    [Fact]
    public void IsTheOnlyScheduleWithAState()
    {
        Cosine cosine = new(1, 0, 100);

        Assert.Null(cosine.Reactive);
        Assert.Same(cosine, cosine.Observe(5, 1));
        Assert.Throws<InvalidOperationException>(() => cosine.With(new PlateauState { Value = 1 }));
    }

    [Fact]
    public void MustComeLastAndNeverEnds()
    {
        ScheduleFormatException error = Assert.Throws<ScheduleFormatException>(() => ScheduleText.Parse("plateau(1) for 2ep then constant(1)").Resolve(Run));

        Assert.Equal("'plateau' takes the rest of the run: it must be the last piece, without 'for'. Received: for 2ep.", error.Problem);
        Assert.Throws<InvalidOperationException>(() => new Plateau(1).For(10));
        Assert.Throws<InvalidOperationException>(() => new Plateau(1).Then(new Constant(1)));
    }

    [Theory]
    [InlineData("0", "value must be above 0. Received: value=0.")]
    [InlineData("1, factor=1", "factor must be above 0 and below 1. Received: factor=1.")]
    [InlineData("1, patience=-1", "patience must be at least 0. Received: patience=-1.")]
    [InlineData("1, patience=1.5", "patience must be a whole number. Received: patience=1.5.")]
    [InlineData("1, cooldown=-1", "cooldown must be at least 0. Received: cooldown=-1.")]
    [InlineData("1, threshold=-1", "threshold must be at least 0. Received: threshold=-1.")]
    [InlineData("1, floor=2", "floor must be at least 0 and at most the value. Received: floor=2.")]
    public void RejectsImpossibleValues(string values, string message)
    {
        ScheduleText text = ScheduleText.Parse($"plateau({values})");

        Assert.EndsWith(message, Assert.Throws<ScheduleFormatException>(() => text.Resolve(Run)).Problem);
    }

    static double Number(string text) => text switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    static string[] Lines([CallerFilePath] string here = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(here)!, "golden", "torch-1.13-plateau.txt"));
}
