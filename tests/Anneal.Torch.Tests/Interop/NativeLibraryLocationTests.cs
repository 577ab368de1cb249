using System.Reflection;
using Anneal.Torch.Interop;

namespace Anneal.Torch.Tests.Interop;

public class NativeLibraryLocationTests
{
    [Fact]
    public void WhatIsGivenIsTheOnlyCandidate() => Assert.Equal(
        [Path.GetFullPath("somewhere.so")],
        NativeLibraryLocation.Candidates("somewhere.so", AppContext.BaseDirectory));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void OtherwiseTheProgramsFolderComesFirst(string? given) => Assert.Equal(
        Path.Combine(AppContext.BaseDirectory, "libanneal_torch.so"),
        NativeLibraryLocation.Candidates(given, AppContext.BaseDirectory).First());

    [Fact]
    public void TheNearestBuildAroundTheProgramFollows()
    {
        string root = Directory.CreateTempSubdirectory("anneal").FullName;
        try
        {
            string built = Path.Combine(root, "artifacts", "native", "current", "libanneal_torch.so");
            string program = Path.Combine(root, "artifacts", "bin", "program");
            Directory.CreateDirectory(Path.GetDirectoryName(built)!);
            Directory.CreateDirectory(program);
            File.WriteAllText(built, "");

            Assert.Equal(built, NativeLibraryLocation.Candidates(null, program).ElementAt(1));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void TheRepositoryThatTheAssemblyWasBuiltInComesLast()
    {
        Assert.Equal("/repository/artifacts/native/current/libanneal_torch.so", NativeLibraryLocation.Candidates(null, "/program", "/repository").Last());
        string? built = typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Repository").Value;
        Assert.True(File.Exists(Path.Combine(built!, "Anneal.slnx")), built);
    }

    [Fact]
    public void AMissingLibraryIsAnErrorThatSaysWhereAndWhatToDo()
    {
        TorchException missing = Assert.Throws<TorchException>(() => NativeLibraryLocation.Load(["/nowhere/one.so", "/nowhere/two.so"]));

        Assert.Contains("Looked for: /nowhere/one.so, /nowhere/two.so.", missing.Message);
        Assert.Contains("Run ./anneal or ./test", missing.Message);
        Assert.Contains("ANNEAL_NATIVE=REPOSITORY/artifacts/native/current/libanneal_torch.so", missing.Message);
    }

    [Fact]
    public void AFileThatIsNoLibraryIsAnErrorThatNamesIt()
    {
        string file = Path.GetTempFileName();
        try
        {
            TorchException refused = Assert.Throws<TorchException>(() => NativeLibraryLocation.Load([file]));

            Assert.Contains($"The native library must load. Received: {file}", refused.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
