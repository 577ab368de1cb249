using Anneal.Curves;
using Anneal.Events;

namespace Anneal.Tests.Curves;

/// <summary>The doctor on runs as they were reported, and the rules behind them: the number of validation examples, the schedule, the scale.</summary>
public class DoctorOfRealRunsTests
{
    // Width-8 resnet9 on Fashion-MNIST, one-cycle with a peak of 0.166, averaged weights, 25 epochs: the evaluations at
    // epochs 11 to 14 collapse and come back, while the training goes on.
    static readonly double[] Collapsing =
    [
        0.742, 0.801, 0.836, 0.851, 0.862, 0.870, 0.876, 0.880, 0.884, 0.887, 0.888, 0.719, 0.515, 0.818, 0.886, 0.895,
        0.901, 0.907, 0.912, 0.917, 0.922, 0.926, 0.929, 0.931, 0.932,
    ];

    [Fact]
    public void NamesAnEvaluationThatCollapsesWhileTheTrainingGoesOn()
    {
        CurveHistory history = Run(25, Collapsing, x => Math.Min(0.94, 0.80 + 0.0055 * x), OneCycle, 6000);
        Diagnosis dip = Doctor.Examine(history).Single(d => d.Name == "validation-dip");
        Assert.Equal(
            "Validation accuracy fell from 88.8 % after 11.0 epochs to 51.5 % after 13.0 and came back to 93.2 %, while training accuracy went from 86.1 % to 87.2 %.",
            dip.Evidence);
        Assert.Contains("running statistics", dip.Proposal);
        // It is over, and the rate came down by itself.
        Assert.Null(dip.ProposedChange);
        Assert.DoesNotContain("still-rising", Names(history));
    }

    [Fact]
    public void LowersTheRateWhereTheEvaluationDoesNotComeBack()
    {
        double[] ended = Collapsing[..13];
        Diagnosis dip = Doctor.Examine(Run(13, ended, x => Math.Min(0.94, 0.80 + 0.0055 * x), _ => 0.1, 6000))[0];
        Assert.Equal("validation-dip", dip.Name);
        Assert.Equal("learning-rate × 0.5", dip.ProposedChange!.ToString());
    }

    [Fact]
    public void CallsNoDipWhatTheTrainingWentThroughToo() =>
        Assert.DoesNotContain("validation-dip", Names(Run(25, Collapsing, x => x is 12 or 13 ? 0.55 : Math.Min(0.94, 0.80 + 0.0055 * x), OneCycle, 6000)));

    [Theory]
    [InlineData(6000, true)]
    [InlineData(60, false)]
    public void CallsADipOnlyWhatIsMoreThanChance(long examples, bool found)
    {
        double[] accuracy = [.. Collapsing];
        (accuracy[11], accuracy[12]) = (0.80, 0.72);
        Assert.Equal(found, Names(Run(25, accuracy, x => Math.Min(0.94, 0.80 + 0.0055 * x), OneCycle, examples)).Contains("validation-dip"));
    }

    // A convnet on scikit-learn's digits: 141 validation examples, one wrong, a training loss of 0.003.
    static readonly double[] Digits =
        [0.716, 0.943, 0.957, 0.929, 0.957, 0.972, 0.979, 0.979, 0.986, 0.986, 0.986, 0.986, 0.986, 0.986, 0.986, 0.986, 0.986, 0.993, 0.993, 0.993];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CallsOneExampleOfAHundredAndFortyNoRiseAndATinyLossNotNoisy(bool constant)
    {
        CurveHistory history = Run(20, Digits, x => x < 8 ? 0.9 + 0.0125 * x : 1, constant ? _ => 0.1 : OneCycle, 141) with
        {
            TrainingLoss = Curve(20, x => x < 8 ? 0.5 / x : x % 2 == 0 ? 0.003 : 0.0042),
            ValidationLoss = Curve(20, x => x < 8 ? 0.6 / x : x % 2 == 0 ? 0.021 : 0.030),
        };
        Diagnosis healthy = Doctor.Examine(history).Single();
        Assert.Equal("healthy", healthy.Name);
        Assert.Contains("141 validation examples", healthy.Evidence);
    }

    [Theory]
    [InlineData(141, false)]
    [InlineData(300, false)]
    [InlineData(20_000, true)]
    public void CallsAGainARiseOnlyBeyondTheErrorOfItsExamples(long examples, bool found) =>
        Assert.Equal(found, Names(Run(20, [.. Enumerable.Range(1, 20).Select(x => 0.85 + 0.0015 * x)], x => 0.95 + 0.002 * x, _ => 0.1, examples)).Contains("still-rising"));

    [Theory]
    [InlineData(60)]
    [InlineData(141)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public void CallsNothingATrendThatIsWithinTheErrorOfItsExamples(long examples)
    {
        // Twenty evaluations of one and the same network, each on other examples, which is more than a run's chance: it
        // measures the same ones each time. Each of the signs may be wrong once in forty times.
        Random random = new(1);
        List<string> alarms = [];
        for (int repeat = 0; repeat < 100; repeat++)
        {
            double[] accuracy = [.. Enumerable.Range(0, 20).Select(_ => Enumerable.Range(0, (int)examples).Count(_ => random.NextDouble() < 0.9) / (double)examples)];
            alarms.AddRange(Names(Run(20, accuracy, x => 0.91 + 0.001 * x, _ => 0.1, examples)).Where(name => name is not ("healthy" or "underfit")));
        }
        Assert.True(alarms.Count <= 10, string.Join(", ", alarms.CountBy(name => name)));
    }

    [Fact]
    public void CallsAShortOneCycleRunThatHasNotLearnedItsOwnExamplesUndertrained()
    {
        // resnet9 on Fashion-MNIST, six epochs; twelve came to 85 %.
        CurveHistory history = Run(6, [0.561, 0.703, 0.752, 0.789, 0.812, 0.820], x => new[] { 0.41, 0.66, 0.733, 0.772, 0.80, 0.815 }[(int)x - 1], x => OneCycleOf(6, x), 6000);
        Diagnosis found = Doctor.Examine(history).Single();
        Assert.Equal("undertrained", found.Name);
        Assert.Equal("duration × 2", found.ProposedChange!.ToString());
    }

    [Fact]
    public void LeavesAnAnnealedRunAloneThatIsBestAtItsEnd()
    {
        // Two points in the last third, and best at the end: how one-cycle and cosine end.
        double[] accuracy = [.. Enumerable.Range(1, 20).Select(x => x < 14 ? 0.90 + 0.001 * x : 0.913 + 0.003 * (x - 13))];
        Func<double, double> trained = x => x < 14 ? 0.90 + 0.0015 * x : 0.921 + 0.005 * (x - 13);
        Assert.Equal(["healthy"], Names(Run(20, accuracy, trained, OneCycle20, 10_000)));
        Assert.Equal(["healthy"], Names(Run(20, accuracy, trained, x => 0.05 * (1 + Math.Cos(Math.PI * x / 20)), 10_000)));
        Assert.Equal(["healthy"], Names(Run(20, accuracy, trained, x => 0.1 * (1 - x / 20), 10_000)));
        Assert.Equal(["still-rising"], Names(Run(20, accuracy, trained, _ => 0.1, 10_000)));
    }

    [Fact]
    public void SaysNothingOfLengthBeforeARunHasComeToItsEnd()
    {
        double[] accuracy = [.. Enumerable.Range(1, 10).Select(x => 0.80 + 0.01 * x)];
        CurveHistory half = Run(10, accuracy, x => 0.80 + 0.011 * x, _ => 0.1, 10_000) with { PlannedEpochs = 20, Outcome = "interrupted" };
        Diagnosis healthy = Doctor.Examine(half).Single();
        Assert.Equal("healthy", healthy.Name);
        Assert.EndsWith("; after 10.0 of 20.0 epochs no curve asks for a change.", healthy.Evidence);
        Assert.Equal(["still-rising"], Names(half with { Outcome = "completed" }));
    }

    [Fact]
    public void LeavesTheNoiseOfAHighRateAloneWhereTheRateComesDown()
    {
        double[] accuracy = [.. Enumerable.Range(1, 20).Select(x => x < 17 ? 0.88 + (x % 2 == 0 ? 0.03 : -0.03) : 0.93 + 0.002 * (x - 17))];
        Assert.DoesNotContain("noisy", Names(Run(20, accuracy, x => 0.9 + 0.0025 * x, OneCycle20, 10_000)));
        Assert.Contains("noisy", Names(Run(20, accuracy, x => 0.9 + 0.0025 * x, _ => 0.1, 10_000)));
    }

    [Fact]
    public void ShowsEachAccuracyWithItsOwnGap()
    {
        double[] accuracy = [.. Enumerable.Range(1, 20).Select(x => x == 12 ? 0.945 : x < 12 ? 0.80 + 0.01 * x : 0.94)];
        Diagnosis healthy = Doctor.Examine(Run(20, accuracy, x => x < 12 ? 0.80 + 0.011 * x : 0.93 + 0.0025 * (x - 12), OneCycle20, 10_000)).Single();
        Assert.Contains(
            "validation accuracy came to 94.0 % (training accuracy 1.0 points above it) on 10,000 validation examples, " +
            "and was 94.5 % at best after 12.0 epochs (training accuracy 1.5 points below it)", healthy.Evidence);
        Assert.Equal((0.94, 0.945, 0.01), (healthy.Numbers["validation-accuracy"], healthy.Numbers["best-validation-accuracy"], Math.Round(healthy.Numbers["gap"], 9)));
    }

    [Fact]
    public void SaysSoWhereTheNumberOfExamplesIsUnknown()
    {
        CurveHistory unknown = Run(20, Digits, x => x < 8 ? 0.9 + 0.0125 * x : 1, OneCycle20, 0);
        Assert.Contains("an unknown number of validation examples (1,000 assumed)", Doctor.Examine(unknown).Single().Evidence);
    }

    [Fact]
    public void KnowsTheExamplesTheScheduleAndTheFloorOfALog()
    {
        TrainingEvent[] events =
        [
            new RunStarted { Step = 0, Seconds = 0, Model = "mlp", Parameters = 10, Steps = 200, StepsPerEpoch = 10, TrainingExamples = 1259, ValidationExamples = 141, Classes = 10, Seed = 1 },
            new StepEnded
            {
                Step = 5, Seconds = 0, Epoch = 0, Loss = 1, GradientNorm = 1, ExamplesPerSecond = 1,
                Values = new Dictionary<string, double> { ["learning-rate"] = 0.1, ["label-smoothing"] = 0.1 },
            },
            new Evaluated { Step = 10, Seconds = 0, Split = "validation", Loss = 1, Accuracy = 0.5, Examples = 141, Epochs = 1 },
        ];
        CurveHistory history = CurveHistory.From(events);
        Assert.Equal((141, 20.0), (history.ValidationExamples, history.PlannedEpochs));
        // −0.91 ln 0.91 − 9 · 0.01 ln 0.01
        Assert.Equal(0.500288, history.LossFloor, 1e-6);
        Assert.Equal(141, CurveHistory.From(events.Skip(1)).ValidationExamples);
    }

    [Fact]
    public void CallsALossAtTheFloorOfSmoothedLabelsNoPlateau()
    {
        // 0.53 → 0.515 above a floor of 0.5 is half of what was left.
        CurveHistory smoothed = Run(20, [.. Enumerable.Repeat(0.9, 20)], _ => 0.94, _ => 0.1, 10_000) with
        {
            TrainingLoss = Curve(20, x => x < 14 ? 0.53 + 0.05 * (14 - x) : 0.53 - 0.00133 * (x - 14)),
            StepLoss = [],
        };
        Assert.Contains("plateau", Names(smoothed));
        Assert.DoesNotContain("plateau", Names(smoothed with { LossFloor = 0.5 }));
    }

    [Fact]
    public void SeesThatNothingOfWhatIsLearnedHelpsWithOthers()
    {
        CurveHistory shuffled = Run(20, [.. Enumerable.Range(1, 20).Select(x => x % 2 == 0 ? 0.09 : 0.12)], x => 0.1 + 0.02 * x, _ => 0.1, 280) with { LearningRate = [] };
        Diagnosis found = Doctor.Examine(shuffled).Single();
        Assert.Equal("no-generalization", found.Name);
        Assert.Contains("guessing among 10 classes gives 10.0 %", found.Evidence);
    }

    [Fact]
    public void SeesARateThatIsFarTooHighInALossAboveThatOfGuessing()
    {
        CurveHistory thrown = new() { Classes = 10, StepLoss = [.. Enumerable.Range(1, 40).Select(i => new CurvePoint(i / 10.0, i % 2 == 0 ? 2.349916321973301760e18 : 2.5e18))] };
        Diagnosis found = Doctor.Examine(thrown).Single();
        Assert.Equal("diverging", found.Name);
        Assert.Contains("to 2.42e18 after", found.Evidence);
        CurveHistory hovering = new() { Classes = 10, StepLoss = [.. Enumerable.Range(1, 40).Select(i => new CurvePoint(i / 10.0, i % 2 == 0 ? 2.34 : 2.37))] };
        Assert.Equal(("flat-start", "learning-rate × 0.1"), (Doctor.Examine(hovering)[0].Name, Doctor.Examine(hovering)[0].ProposedChange!.ToString()));
    }

    static string[] Names(CurveHistory history) => [.. Doctor.Examine(history).Select(d => d.Name)];

    static double OneCycle(double epochs) => OneCycleOf(25, epochs);

    static double OneCycle20(double epochs) => OneCycleOf(20, epochs);

    static double OneCycleOf(double length, double epochs) =>
        epochs < 0.3 * length ? 0.007 + 0.159 * epochs / (0.3 * length) : 0.083 * (1 + Math.Cos(Math.PI * (epochs - 0.3 * length) / (0.7 * length)));

    static IReadOnlyList<CurvePoint> Curve(int epochs, Func<int, double> value) => [.. Enumerable.Range(1, epochs).Select(x => new CurvePoint(x, value(x)))];

    static CurveHistory Run(int epochs, double[] accuracy, Func<double, double> trained, Func<double, double> rate, long examples) => new()
    {
        Classes = 10,
        ValidationExamples = examples,
        Outcome = "completed",
        TrainingLoss = Curve(epochs, x => 2 * Math.Exp(-0.1 * x)),
        TrainingAccuracy = Curve(epochs, x => trained(x)),
        ValidationAccuracy = Curve(epochs, x => accuracy[x - 1]),
        StepLoss = [.. Enumerable.Range(1, 10 * epochs).Select(s => new CurvePoint(s / 10.0, 2 * Math.Exp(-0.01 * s)))],
        LearningRate = [.. Enumerable.Range(1, 10 * epochs).Select(s => new CurvePoint(s / 10.0, rate(s / 10.0)))],
    };
}
