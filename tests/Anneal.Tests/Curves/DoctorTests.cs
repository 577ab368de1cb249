using Anneal.Curves;

namespace Anneal.Tests.Curves;

/// <summary>Curves made so that one sign is in them, and curves that miss it by little.</summary>
public class DoctorTests
{
    const int Epochs = 20;
    const int StepsPerEpoch = 20;

    [Fact]
    public void FindsNothingInACurveThatFallsAndSettles() => Assert.Equal(["healthy"], Names(Run()));

    [Fact]
    public void SaysWhatItSawInAHealthyRun()
    {
        Diagnosis healthy = Doctor.Examine(Run()).Single();
        Assert.Equal("The training loss fell from 1.683 to 0.253, validation accuracy came to 94.0 % (training accuracy 3.0 points above it) on 10,000 validation examples; no curve asks for a change.", healthy.Evidence);
        Assert.Equal(0.03, healthy.Numbers["gap"], 1e-4);
        Assert.Null(healthy.ProposedChange);
    }

    [Theory]
    [InlineData(0.26, true)]
    [InlineData(0.24, false)]
    public void CallsALossThatGivesBackAQuarterDiverging(double share, bool diverging)
    {
        CurveHistory history = Run(trainingLoss: x => x <= 10 ? 0.3 : 0.3 + share * Math.Log(10) * (x - 10) / 10);
        Assert.Equal(diverging, Names(history).SequenceEqual(["diverging"]));
        if (diverging)
        {
            Diagnosis found = Doctor.Examine(history)[0];
            Assert.Equal("learning-rate × 0.33", found.ProposedChange!.ToString());
            Assert.Equal(0.3, found.Numbers["lowest-loss"], 1e-12);
        }
    }

    [Fact]
    public void SeesADivergenceInsideTheFirstEpoch()
    {
        CurveHistory history = new() { Classes = 10, StepLoss = [.. Enumerable.Range(0, 30).Select(i => new CurvePoint(i / 100.0, i < 10 ? 2.3 : 2.3 + 0.3 * (i - 10)))] };
        Assert.Equal(["diverging"], Names(history));
    }

    [Fact]
    public void DoesNotTakeASingleHardBatchForADivergence()
    {
        CurveHistory history = Run() with { StepLoss = [.. Enumerable.Range(1, 400).Select(i => new CurvePoint(i / 20.0, i == 400 ? 5 : 0.3))] };
        Assert.DoesNotContain("diverging", Names(history));
    }

    [Fact]
    public void CallsALossThatIsNoNumberDiverging()
    {
        Assert.Equal(["diverging"], Names(Run(trainingLoss: x => x < 15 ? 0.5 : double.NaN)));
        Assert.Equal(["diverging"], Names(new CurveHistory { Outcome = "diverged" }));
    }

    [Theory]
    [InlineData(3.0, true)]
    [InlineData(1.5, false)]
    public void CallsALongFlatStretchBeforeASuddenDropAFlatStart(double flat, bool found)
    {
        CurveHistory history = Run(stepLoss: x => x < flat ? 2.3 : 0.25 + 2.05 * Math.Exp(-(x - flat) / 0.5));
        Assert.Equal(found ? ["flat-start"] : ["healthy"], Names(history));
    }

    [Fact]
    public void DoesNotTakeASlowDescentForAFlatStart() =>
        Assert.Equal(["healthy"], Names(Run(stepLoss: x => 2.3 * Math.Exp(-x / 45))));

    [Fact]
    public void DoesNotBlameTheInitializationForAWarmup() =>
        Assert.Equal(["healthy"], Names(Run(
            stepLoss: x => x < 3 ? 2.3 : 0.25 + 2.05 * Math.Exp(-(x - 3) / 0.5),
            rate: x => x < 2.5 ? 0.001 : 0.1 * Math.Max(0.01, 1 - x / 20))));

    [Theory]
    [InlineData(0.04, true)]
    [InlineData(0.06, false)]
    public void CallsALossThatNeverMovesAFlatStart(double fall, bool found)
    {
        CurveHistory history = Run(stepLoss: x => x < 1 ? 2.3 : 2.3 * (1 - fall));
        Assert.Equal(found, Names(history).SequenceEqual(["flat-start"]));
        if (found)
        {
            Assert.Equal("learning-rate × 3", Doctor.Examine(history)[0].ProposedChange!.ToString());
        }
    }

    [Theory]
    [InlineData(0.018, 0.6, true)]
    [InlineData(0.022, 0.6, false)]
    [InlineData(0.018, 0.4, false)]
    public void CallsAFlatLossAtAHighRateAPlateau(double fall, double rateShare, bool found)
    {
        CurveHistory history = Run(
            trainingLoss: x => x < 14 ? 0.5 + (14 - x) * 0.1 : 0.5 * (1 - fall * (x - 14) / 6),
            rate: x => x < 14 ? 0.1 : 0.1 * rateShare);
        Assert.Equal(found, Names(history).Contains("plateau"));
        if (found)
        {
            Diagnosis plateau = Doctor.Examine(history).Single(d => d.Name == "plateau");
            Assert.Equal(fall, plateau.Numbers["improvement"], 1e-9);
            Assert.Equal("From epoch 14.0 to 20.0 the training loss changed by -1.8 %, from 0.500 to 0.491, at a rate of 60 % of its highest or more.", plateau.Evidence);
        }
    }

    [Fact]
    public void LeavesAFlatLossAloneWhereEverythingIsLearned() =>
        Assert.DoesNotContain("plateau", Names(Run(trainingLoss: _ => 0.01, trainingAccuracy: _ => 0.99, rate: _ => 0.1)));

    [Theory]
    [InlineData(10, 0.05, true)]
    [InlineData(16, 0.05, false)]
    [InlineData(10, 0.01, false)]
    public void CallsACutWhileTheLossFellWellTooEarly(int cut, double speed, bool found)
    {
        CurveHistory history = Run(
            trainingLoss: x => x <= cut ? 2 * Math.Exp(-speed * x) : 1.8 * Math.Exp(-speed * cut) - 0.0005 * x,
            rate: x => x <= cut ? 0.1 : 0.01);
        Assert.Equal(found, Names(history).Contains("decayed-too-early"));
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.3, false)]
    public void CallsACutTooEarlyOnlyWhereTheLossHardlyFellAfterwards(double share, bool found)
    {
        CurveHistory history = Run(
            trainingLoss: x => 2 * Math.Exp(-0.05 * (x <= 10 ? x : 10 + share * (x - 10))),
            rate: x => x <= 10 ? 0.1 : 0.01);
        Assert.Equal(found, Names(history).Contains("decayed-too-early"));
    }

    [Theory]
    [InlineData(0.06, 0.03, true)]
    [InlineData(0.045, 0.0, false)]
    [InlineData(0.06, 0.045, false)]
    public void CallsAGapThatGrowsOverfitting(double gap, double middleGap, bool found)
    {
        CurveHistory history = Run(
            trainingAccuracy: x => 0.88 + (x <= 10 ? middleGap : x >= 19 ? gap : middleGap + (gap - middleGap) * (x - 10) / 9),
            validationAccuracy: _ => 0.88);
        Assert.Equal(found, Names(history).Contains("overfit"));
        if (found)
        {
            Diagnosis overfit = Doctor.Examine(history).Single(d => d.Name == "overfit");
            Assert.Equal("Training accuracy is 6.0 points above validation accuracy at the end; after about 9.0 epochs it was 3.0 points. Chance explains 0.7 points on 10,000 validation examples.", overfit.Evidence);
            Assert.Equal("optimizer.weight-decay × 3", overfit.ProposedChange!.ToString());
            Assert.Equal("loss.smoothing = 0.1", overfit.Alternatives[0].ToString());
        }
    }

    [Theory]
    [InlineData(1.12, true)]
    [InlineData(1.08, false)]
    public void CallsAValidationLossThatRisesOverfitting(double ratio, bool found) =>
        Assert.Equal(found, Names(Run(validationLoss: x => x <= 10 ? 0.2 + (10 - x) * 0.05 : x < 19 ? 0.2 : 0.2 * ratio)).Contains("overfit"));

    [Theory]
    [InlineData(0.01, 0.005, true)]
    [InlineData(0.03, 0.005, false)]
    [InlineData(0.01, 0.017, false)]
    [InlineData(-0.05, 0.005, true)]
    public void CallsNoGapAndNoGrowthUnderfitting(double gap, double growth, bool found)
    {
        CurveHistory history = Run(
            trainingAccuracy: x => 0.85 + growth * Math.Max(0, x - 14) / 6,
            validationAccuracy: x => 0.85 + growth - gap);
        Assert.Equal(found, Names(history).Contains("underfit"));
        if (found)
        {
            Assert.Equal("model.width × 1.5", Doctor.Examine(history).Single(d => d.Name == "underfit").ProposedChange!.ToString());
        }
    }

    [Fact]
    public void BlamesAHighRateBeforeASmallModel()
    {
        string[] names = Names(Run(trainingLoss: x => x < 10 ? 0.6 + (10 - x) * 0.1 : 0.6, trainingAccuracy: _ => 0.8, validationAccuracy: _ => 0.8, rate: _ => 0.1));
        Assert.Equal(["plateau"], names);
    }

    [Theory]
    [InlineData(0.008, 20, true)]
    [InlineData(0.0045, 20, false)]
    [InlineData(0.02, 17, false)]
    public void CallsAnAccuracyThatWasBestAtItsEndStillRising(double gain, int best, bool found)
    {
        CurveHistory history = Run(validationAccuracy: x => 0.93 + gain * Math.Max(0, x - 14) / 6 - (x > best ? 0.001 : 0), rate: Constant);
        history = best == 20 ? history : history with { ValidationAccuracy = [.. history.ValidationAccuracy.Select(p => p.Epochs == best ? p with { Value = 0.96 } : p)] };
        Assert.Equal(found, Names(history).Contains("still-rising"));
        if (found)
        {
            Assert.Equal("duration × 1.5", Doctor.Examine(history).Single(d => d.Name == "still-rising").ProposedChange!.ToString());
        }
    }

    [Fact]
    public void DoesNotTakeNoiseForARise()
    {
        // A line through the last seven points rises by 0.6 points, with jumps of 1.2 on it.
        double[] jumps = [0, 0.012, 0, 0.012, 0, 0.012, 0.013];
        CurveHistory history = Run(validationAccuracy: x => 0.93 + (x < 14 ? 0 : jumps[(int)x - 14]), rate: Constant);
        Assert.DoesNotContain("still-rising", Names(history));
    }

    [Theory]
    [InlineData(0.012, true)]
    [InlineData(0.008, false)]
    public void CallsAnAccuracyThatJumpsNoisy(double noise, bool found)
    {
        // Up and down by a: each second difference is 4a, so the spread found is 4a / 0.6745 / √6.
        double a = noise * 0.6745 * Math.Sqrt(6) / 4;
        CurveHistory history = Run(validationAccuracy: x => 0.94 + ((int)x % 2 == 0 ? a : -a), rate: Constant);
        Assert.Equal(found, Names(history).Contains("noisy"));
        if (found)
        {
            Assert.Equal(noise, Doctor.Examine(history).Single(d => d.Name == "noisy").Numbers["accuracy-noise"], 1e-9);
        }
    }

    [Theory]
    [InlineData(0.11, true)]
    [InlineData(0.09, false)]
    public void CallsALossThatJumpsNoisy(double share, bool found)
    {
        double a = share * 0.6745 * Math.Sqrt(6) / 4;
        // An even number of points, so that the mean of the second half is 0.3 but for one.
        CurveHistory history = Run(trainingLoss: x => x < 10 ? 1 : 0.3 * (1 + ((int)x % 2 == 0 ? a : -a)), trainingAccuracy: _ => 0.96, rate: Constant);
        Assert.Equal(found, Names(history).Contains("noisy"));
    }

    [Fact]
    public void DoesNotTakeASingleJumpForNoise() =>
        Assert.Equal(["healthy"], Names(Run(validationAccuracy: x => x <= 12 ? 0.88 : 0.94)));

    [Theory]
    [InlineData(3, "too-short")]
    [InlineData(4, "healthy")]
    public void DoesNotReadTrendsFromTooFewEpochs(int epochs, string name) =>
        Assert.Equal([name], Names(Run(epochs: epochs, trainingAccuracy: _ => 0.96, validationAccuracy: _ => 0.93)));

    [Fact]
    public void ReadsARunThatNobodyEvaluated() =>
        Assert.Equal(["healthy"], Names(Run() with { ValidationAccuracy = [], ValidationLoss = [] }));

    [Fact]
    public void ReadsNothingIntoNothing() => Assert.Equal(["too-short"], Names(new CurveHistory()));

    static double Constant(double epochs) => 0.1;

    static string[] Names(CurveHistory history) => [.. Doctor.Examine(history).Select(d => d.Name)];

    // Twenty epochs under a cosine: the loss falls and settles, three points between training and validation.
    static CurveHistory Run(
        int epochs = Epochs,
        Func<double, double>? trainingLoss = null,
        Func<double, double>? trainingAccuracy = null,
        Func<double, double>? validationAccuracy = null,
        Func<double, double>? validationLoss = null,
        Func<double, double>? stepLoss = null,
        Func<double, double>? rate = null)
    {
        IReadOnlyList<double> ends = [.. Enumerable.Range(1, epochs).Select(e => (double)e)];
        IReadOnlyList<double> steps = [.. Enumerable.Range(1, epochs * StepsPerEpoch).Select(s => (double)s / StepsPerEpoch)];
        return new CurveHistory
        {
            Classes = 10,
            ValidationExamples = 10_000,
            TrainingLoss = Curve(ends, trainingLoss ?? (x => 0.25 + 2 * Math.Exp(-x / 3))),
            TrainingAccuracy = Curve(ends, trainingAccuracy ?? (x => 0.97 - 0.5 * Math.Exp(-x / 2.5))),
            ValidationAccuracy = Curve(ends, validationAccuracy ?? (x => 0.94 - 0.45 * Math.Exp(-x / 2.5))),
            ValidationLoss = Curve(ends, validationLoss ?? (x => 0.2 + 2 * Math.Exp(-x / 3))),
            StepLoss = Curve(steps, stepLoss ?? (x => 0.25 + 2 * Math.Exp(-x / 3))),
            LearningRate = Curve(steps, rate ?? (x => 0.05 * (1 + Math.Cos(Math.PI * x / epochs)))),
        };
    }

    static IReadOnlyList<CurvePoint> Curve(IReadOnlyList<double> at, Func<double, double> value) =>
        [.. at.Select(x => new CurvePoint(x, value(x)))];
}
