using System.Diagnostics;
using Anneal.Testing;
using Anneal.Torch.Serialization;

namespace Anneal.Torch.Tests.Serialization;

public sealed class DurableFileTests : IDisposable
{
    const int Bytes = 300_000;

    readonly TemporaryFolder folder = new();

    string Target => folder.File("model");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WritesFlushesRenamesAndFlushesTheFolder()
    {
        FailingFileCalls calls = new((_, _) => false);

        DurableFile.Write(Target, WriteNew, calls);

        Assert.Equal(["open", "write", "sync", "rename", "sync-folder"], calls.Made.Distinct());
        AssertNew();
    }

    [Fact]
    public void KeepsEveryByteWhateverTheWriterDoes()
    {
        byte[] expected = new byte[Bytes];
        new Random(1).NextBytes(expected);

        DurableFile.Write(Target, stream =>
        {
            int[] sizes = [1, 65_536, 7, 65_537, 100_000, 0, 65_535];
            int place = 0;
            foreach (int size in sizes)
            {
                stream.Write(expected, place, size);
                place += size;
            }
            stream.WriteByte(expected[place++]);
            using BufferedStream closesIt = new(stream);
            closesIt.Write(expected, place, Bytes - place);
        });

        Assert.Equal(expected, File.ReadAllBytes(Target));
    }

    [Fact]
    public void AnyFailureLeavesTheOldFileAndNothingElse()
    {
        FailingFileCalls all = new((_, _) => false);
        File.WriteAllText(Target, "old");
        DurableFile.Write(Target, WriteNew, all);
        for (int failing = 0; failing < all.Made.Count; failing++)
        {
            File.WriteAllText(Target, "old");
            FailingFileCalls calls = new((call, _) => call == failing);

            IOException e = Assert.Throws<IOException>(() => DurableFile.Write(Target, WriteNew, calls));

            string step = all.Made[failing];
            Assert.Contains($"the {step} was made to fail", e.Message);
            if (step == "sync-folder")
            {
                Assert.Contains("may show the old file or the new one", e.Message);
                AssertNew();
            }
            else
            {
                Assert.Contains("What was there before is unchanged", e.Message);
                Assert.Equal("old", File.ReadAllText(Target));
            }
            Assert.Equal([Target], Directory.GetFiles(folder.Path));
        }
    }

    [Fact]
    public void WhenNothingWorksTheFirstFailureIsReported()
    {
        FailingFileCalls calls = new((_, call) => call is "sync" or "delete");

        Assert.Contains("the sync was made to fail", Assert.Throws<IOException>(() => DurableFile.Write(Target, WriteNew, calls)).Message);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public void AWriterThatSwallowsTheFailureGetsItAgain()
    {
        FailingFileCalls calls = new((_, call) => call == "write");

        Assert.Throws<IOException>(() => DurableFile.Write(Target, stream =>
        {
            try
            {
                stream.Write(new byte[Bytes]);
            }
            catch (IOException)
            {
            }
        }, calls));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AWriterThatFailsLeavesTheOldFile()
    {
        File.WriteAllText(Target, "old");

        Assert.Throws<FormatException>(() => DurableFile.Write(Target, stream =>
        {
            stream.Write(new byte[Bytes]);
            throw new FormatException();
        }));

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void TheSystemsOwnWordsAreReported()
    {
        Directory.CreateDirectory(Target);

        string message = Assert.Throws<IOException>(() => DurableFile.Write(Target, WriteNew)).Message;

        Assert.Contains("renaming its temporary file failed: Is a directory (errno 21)", message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AMissingFolderIsNamed() =>
        Assert.Contains("its temporary file could not be made", Assert.Throws<IOException>(() => DurableFile.Write(folder.File("missing/model"), WriteNew)).Message);

    [Fact]
    public void AnAbandonedTemporaryFileIsReplaced()
    {
        File.WriteAllBytes(Target + ".tmp", new byte[2 * Bytes]);

        DurableFile.Write(Target, WriteNew);

        AssertNew();
        Assert.Equal([Target], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("600")]
    [InlineData("644")]
    [InlineData("440")]
    public void KeepsTheMode(string octal)
    {
        File.WriteAllText(Target, "old");
        Run("chmod", octal, Target);

        DurableFile.Write(Target, WriteNew);

        Assert.Equal(octal, Run("stat", "--format=%a", Target));
        AssertNew();
    }

    [Fact]
    public void KeepsTheOwner()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may give a file to another.");
        File.WriteAllText(Target, "old");
        Run("chown", "65533:65532", Target);

        DurableFile.Write(Target, WriteNew);

        Assert.Equal("65533:65532", Run("stat", "--format=%u:%g", Target));
    }

    [Fact]
    public void WritesThroughSymbolicLinks()
    {
        // Two links, and a folder that is one: the second link is relative to where the folder really is.
        string real = Directory.CreateDirectory(folder.File("real/inner")).FullName;
        Directory.CreateSymbolicLink(folder.File("door"), real);
        string file = folder.File("real/file");
        File.WriteAllText(file, "old");
        Run("chmod", "600", file);
        File.CreateSymbolicLink(Path.Combine(real, "link"), "../file");
        File.CreateSymbolicLink(Target, "door/link");

        DurableFile.Write(Target, WriteNew);

        Assert.Equal("door/link", new FileInfo(Target).LinkTarget);
        Assert.Equal("../file", new FileInfo(Path.Combine(real, "link")).LinkTarget);
        Assert.Equal(new byte[Bytes], File.ReadAllBytes(file));
        Assert.Equal("600", Run("stat", "--format=%a", file));
        Assert.Equal([file], Directory.GetFiles(folder.File("real")));
    }

    [Fact]
    public void MakesTheFileThatALinkLeadsTo()
    {
        File.CreateSymbolicLink(Target, "not-yet");

        DurableFile.Write(Target, WriteNew);

        Assert.Equal("not-yet", new FileInfo(Target).LinkTarget);
        Assert.Equal(new byte[Bytes], File.ReadAllBytes(folder.File("not-yet")));
    }

    static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd().TrimEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    static void WriteNew(Stream stream)
    {
        stream.Write(new byte[10]);
        stream.Write(new byte[Bytes - 20]);
        stream.Write(new byte[10]);
    }

    void AssertNew() => Assert.Equal(new byte[Bytes], File.ReadAllBytes(Target));
}
