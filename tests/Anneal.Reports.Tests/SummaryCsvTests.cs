using Anneal.Events;

namespace Anneal.Reports.Tests;

public sealed class SummaryCsvTests
{
    const string Header = "epoch,step,seconds,training-loss,training-accuracy,validation-loss,validation-accuracy,learning-rate,examples-per-second\n";

    static string Table(params TrainingEvent[] events)
    {
        StringWriter writer = new();
        SummaryCsv.Write(writer, events);
        return writer.ToString();
    }

    static StepEnded Step(long step, double rate) => new()
    {
        Step = step, Seconds = step, Epoch = 0, Loss = 1, GradientNorm = 1, ExamplesPerSecond = 1, Values = new Dictionary<string, double> { ["learning-rate"] = rate },
    };

    static EpochEnded Epoch(int epoch, long step, double loss = 0.5) => new()
    {
        Step = step, Seconds = step / 4.0, Epoch = epoch, TrainingLoss = loss, TrainingAccuracy = 0.75, ExamplesPerSecond = 1000,
    };

    static Evaluated Measured(long step, double accuracy, bool averaged = false, string split = "validation") => new()
    {
        Step = step, Seconds = step, Split = split, Loss = 0.25, Accuracy = accuracy, Examples = 10, Epochs = 1, Averaged = averaged,
    };

    [Fact]
    public void WritesOneRowAnEpoch() => Assert.Equal(
        Header + "0,10,2.5,0.5,0.75,0.25,0.8,0.1,1000\n1,20,5,0.5,0.75,0.25,0.9,0.05,1000\n",
        Table(Step(5, 0.2), Step(10, 0.1), Epoch(0, 10), Measured(10, 0.8), Step(20, 0.05), Epoch(1, 20), Measured(20, 0.9), Step(25, 0.01)));

    [Fact]
    public void WritesOnlyTheHeaderWithoutEvents() => Assert.Equal(Header, Table());

    [Fact]
    public void LeavesCellsEmptyForWhatWasNotMeasured() => Assert.Equal(Header + "0,10,2.5,0.5,0.75,,,,1000\n", Table(Epoch(0, 10), Measured(9, 0.8), Measured(10, 0.7, split: "test")));

    [Fact]
    public void TakesAveragedWeightsWhereBothWereMeasured() =>
        Assert.Contains(",0.25,0.9,", Table(Epoch(0, 10), Measured(10, 0.9, averaged: true), Measured(10, 0.8)));

    [Fact]
    public void CountsAnEpochThatWasMadeAgainOnce() => Assert.Equal(
        Header + "0,10,2.5,0.5,0.75,,,,1000\n1,20,5,0.25,0.75,,,,1000\n",
        Table(Epoch(0, 10), Epoch(1, 20, 0.75), new RunResumed { Step = 10, Seconds = 3, File = "a" }, Epoch(1, 20, 0.25)));

    [Fact]
    public void WritesNumbersThatReadBackToTheSameBits()
    {
        double loss = Math.PI / 7;
        string cell = Table(Epoch(0, 10, loss)).Split('\n')[1].Split(',')[3];
        Assert.Equal(BitConverter.DoubleToInt64Bits(loss), BitConverter.DoubleToInt64Bits(double.Parse(cell)));
    }

    [Fact]
    public void IsTheSameWhenMadeAgainFromTheLog()
    {
        TrainingEvent[] events = [Step(5, 1.0 / 3), Epoch(0, 10, 2.0 / 7), Measured(10, 1 / 1.1), Epoch(1, 20, double.NaN)];
        string log = string.Join('\n', events.Select(EventLines.Write));
        Assert.Equal(Table(events), Table([.. EventLines.ReadAll(new StringReader(log))]));
    }
}
