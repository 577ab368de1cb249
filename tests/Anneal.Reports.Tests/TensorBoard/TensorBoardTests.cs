using Anneal.Events;
using Anneal.Reports.TensorBoard;

namespace Anneal.Reports.Tests.TensorBoard;

public class TensorBoardTests
{
    static readonly DateTimeOffset Two = DateTimeOffset.UnixEpoch.AddSeconds(2);

    [Fact]
    public void WritesTheGoldenRecord()
    {
        // loss = 0.5 at step 7, wall time 2, as PyTorch's and TensorFlow's writers put it.
        byte[] golden = Convert.FromHexString("1a00000000000000129bd82d09000000000000004010072a0d0a0b0a046c6f7373150000003fc33fc24a");

        byte[] file = Write(writer => writer.Scalar("loss", 7, 0.5, Two));

        Assert.Equal(golden, file[^golden.Length..]);
    }

    [Fact]
    public void OpensWithTheVersion()
    {
        DecodedEvent first = Assert.Single(EventFileDecoder.Decode(Write(_ => { })));

        Assert.Equal(new DecodedEvent(1, 0, "brain.Event:2", null, null, null), first);
    }

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(1, -1.5)]
    [InlineData(127, 1e-30)]
    [InlineData(128, 1e300)]
    [InlineData(16_384, double.NaN)]
    [InlineData(long.MaxValue, double.NegativeInfinity)]
    public void AnIndependentReaderReadsEveryPoint(long step, double value)
    {
        List<DecodedEvent> events = EventFileDecoder.Decode(Write(writer => writer.Scalar("naïve/" + new string('x', 300), step, value, Two)));

        Assert.Equal(new DecodedEvent(2, step, null, "naïve/" + new string('x', 300), (float)value, null), events[1]);
    }

    [Fact]
    public void ARestartIsASessionStart()
    {
        List<DecodedEvent> events = EventFileDecoder.Decode(Write(writer => writer.Restart(41, Two)));

        Assert.Equal(new DecodedEvent(2, 41, null, null, null, 1), events[1]);
    }

    [Fact]
    public void RefusesWhatTensorBoardCannotShow()
    {
        Assert.Throws<ArgumentException>(() => Write(writer => writer.Scalar("", 1, 1, Two)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(writer => writer.Scalar("loss", -1, 1, Two)));
    }

    [Fact]
    public void NamesFilesSoThatALaterPartOfARunSortsAfterAnEarlierOne()
    {
        Assert.Equal("events.out.tfevents.0000000002.my_host.42.0", TensorBoardWriter.FileName(Two, "my/host", 42));
        Assert.True(string.CompareOrdinal(
            TensorBoardWriter.FileName(DateTimeOffset.UnixEpoch.AddSeconds(999_999_999), "z", 2),
            TensorBoardWriter.FileName(DateTimeOffset.UnixEpoch.AddSeconds(1_000_000_000), "a", 1)) < 0);
    }

    [Fact]
    public void EventsBecomeCurves()
    {
        TrainingEvent[] happened =
        [
            new RunStarted { Step = 0, Seconds = 0, Model = "mlp", Parameters = 1, Steps = 20, StepsPerEpoch = 10, TrainingExamples = 10, ValidationExamples = 0, Classes = 2, Seed = 1 },
            new StepEnded { Step = 10, Seconds = 1, Epoch = 0, Loss = 2.5, GradientNorm = 3.5, ExamplesPerSecond = 100, Values = new Dictionary<string, double> { ["momentum"] = 0.75, ["learning-rate"] = 0.25 } },
            new StepSkipped { Step = 10, Seconds = 1, Cause = "loss", InARow = 1, InTotal = 4 },
            new EpochEnded { Step = 10, Seconds = 1, Epoch = 0, TrainingLoss = 2, TrainingAccuracy = 0.5, ExamplesPerSecond = 100 },
            new Evaluated { Step = 10, Seconds = 1, Split = "validation", Loss = 1.5, Accuracy = 0.625, Examples = 8, Epochs = 1 },
            new Evaluated { Step = 10, Seconds = 1, Split = "test", Loss = 1, Accuracy = 0.875, Examples = 8, Epochs = 1, Averaged = true },
            new CheckpointSaved { Step = 10, Seconds = 1, File = "last", Reason = "last" },
            new RunResumed { Step = 10, Seconds = 1, File = "last" },
            new RunEnded { Step = 20, Seconds = 1, Outcome = "completed", Reason = "All steps were made." },
        ];
        using MemoryStream stream = new();
        using TensorBoardLog log = new(new TensorBoardWriter(stream, Two));
        foreach (TrainingEvent each in happened)
        {
            log.Write(each, Two);
        }
        log.Flush();

        Assert.Equal(
            [
                ("train/loss", 10L, 2.5f), ("train/gradient-norm", 10, 3.5f), ("train/examples-per-second", 10, 100f),
                ("schedule/learning-rate", 10, 0.25f), ("schedule/momentum", 10, 0.75f),
                ("train/skipped-steps", 10, 4f),
                ("epoch/loss", 10, 2f), ("epoch/accuracy", 10, 0.5f),
                ("validation/loss", 10, 1.5f), ("validation/accuracy", 10, 0.625f),
                ("test-averaged/loss", 10, 1f), ("test-averaged/accuracy", 10, 0.875f),
                // What comes after a resume replaces the steps after the checkpoint, not the checkpoint's own.
                (null, 11, null),
            ],
            EventFileDecoder.Decode(stream.ToArray())[1..].Select(each => (each.Tag, each.Step, each.Value)));
    }

    static byte[] Write(Action<TensorBoardWriter> write)
    {
        using MemoryStream stream = new();
        using TensorBoardWriter writer = new(stream, DateTimeOffset.UnixEpoch.AddSeconds(1));
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
