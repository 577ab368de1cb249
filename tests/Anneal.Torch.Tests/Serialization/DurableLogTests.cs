using Anneal.Testing;
using Anneal.Torch.Serialization;

namespace Anneal.Torch.Tests.Serialization;

public sealed class DurableLogTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string Target => folder.File("events.jsonl");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void CanBeReadWhileItIsWritten()
    {
        using DurableLog log = DurableLog.Create(Target);
        log.Append("one");
        Assert.Equal("", ReadMeanwhile());
        log.Flush();
        log.Append("zwölf");

        Assert.Equal("one\n", ReadMeanwhile());
        Assert.Equal(4 + 7, log.Length);
    }

    [Fact]
    public void WritesTheRestWhenItCloses()
    {
        using (DurableLog log = DurableLog.Create(Target))
        {
            log.Append("one");
        }

        Assert.Equal("one\n", File.ReadAllText(Target));
    }

    [Fact]
    public void AResumedLogHasNoGapAndNoDouble()
    {
        long remembered;
        using (DurableLog log = DurableLog.Create(Target))
        {
            log.Append("one");
            log.Sync();
            remembered = log.Length;
            log.Append("two, after the checkpoint");
        }
        File.AppendAllText(Target, "cut o");

        using (DurableLog log = DurableLog.Continue(Target, remembered))
        {
            Assert.Equal(remembered, log.Length);
            log.Append("two");
        }

        Assert.Equal("one\ntwo\n", File.ReadAllText(Target));
    }

    [Fact]
    public void DoesNotContinueALogThatLostLines()
    {
        File.WriteAllText(Target, "one\ntwo\n");

        Assert.Contains("at least the 9 bytes", Assert.Throws<InvalidFileException>(() => DurableLog.Continue(Target, 9)).Message);
        Assert.Contains("must have a line end", Assert.Throws<InvalidFileException>(() => DurableLog.Continue(Target, 3)).Message);
        Assert.Throws<FileNotFoundException>(() => DurableLog.Continue(folder.File("missing"), 0));
        Assert.Equal("one\ntwo\n", File.ReadAllText(Target));
    }

    [Fact]
    public void RefusesALineThatIsTwo()
    {
        using DurableLog log = DurableLog.Create(Target);

        Assert.Throws<ArgumentException>(() => log.Append("one\ntwo"));
    }

    [Fact]
    public void AfterAnyFailureTheNextSyncWritesWhatIsMissingOnce()
    {
        int calls = CallsOf((_, _) => false).Made.Count;
        Assert.True(calls > 6);
        // The first call opens the file: without it there is no log.
        for (int failing = 1; failing < calls; failing++)
        {
            CallsOf((call, _) => call == failing);

            Assert.Equal("one\ntwo\nthree\nfour\n", File.ReadAllText(Target));
        }
    }

    [Fact]
    public void WritesAgainWhatAFailedFlushToTheDiskMayHaveDropped()
    {
        bool failed = false;
        FailingFileCalls calls = new((_, call) => call == "sync" && !failed && (failed = true));
        using DurableLog log = DurableLog.Create(Target, calls);
        log.Append("one");
        Assert.Contains("flushing it to the disk failed", Assert.Throws<IOException>(log.Sync).Message);
        log.Sync();

        Assert.Equal(["open", "write", "sync", "write", "sync", "sync-folder"], calls.Made);
        Assert.Equal("one\n", ReadMeanwhile());
    }

    [Fact]
    public void AFullDiskIsReported()
    {
        DurableLog log = DurableLog.Create("/dev/full");
        log.Append("one");

        Assert.Contains("writing failed: No space left on device", Assert.Throws<IOException>(log.Flush).Message);
        Assert.Equal(4, log.Length);
        Assert.Throws<IOException>(log.Dispose);
        log.Dispose();
    }

    [Fact]
    public void AFailingFlushToTheDiskIsReported()
    {
        // The kernel refuses to flush what has no disk: a real fsync that fails.
        using DurableLog log = DurableLog.Create("/dev/null");
        log.Append("one");

        Assert.Contains("flushing it to the disk failed: Invalid argument (errno 22)", Assert.Throws<IOException>(log.Sync).Message);
    }

    FailingFileCalls CallsOf(Func<int, string, bool> fails)
    {
        FailingFileCalls calls = new(fails);
        using DurableLog log = DurableLog.Create(Target, calls);
        foreach (string line in new[] { "one", "two", "three" })
        {
            log.Append(line);
            Try(log.Flush);
            Try(log.Sync);
        }
        log.Append("four");
        Try(log.Sync);
        Try(log.Sync);
        return calls;
    }

    static void Try(Action call)
    {
        try
        {
            call();
        }
        catch (IOException)
        {
        }
    }

    string ReadMeanwhile()
    {
        using StreamReader reader = new(new FileStream(Target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
