using System.Collections.Concurrent;
using Anneal.Testing;
using Anneal.Torch.Serialization;

namespace Anneal.Torch.Tests.Serialization;

public sealed class NewFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TakesTheNameOrTheNextNumber()
    {
        string wanted = folder.File("runs/one");

        Assert.Equal([wanted, wanted + "-2", wanted + "-3"], Enumerable.Range(0, 3).Select(_ => NewFolder.Claim(wanted)));
        Assert.True(Directory.Exists(wanted + "-3"));
    }

    [Fact]
    public void AFileTakesANameToo()
    {
        File.WriteAllText(folder.File("one"), "");

        Assert.Equal(folder.File("one-2"), NewFolder.Claim(folder.File("one")));
    }

    [Fact]
    public async Task NobodyGetsWhatAnotherGot()
    {
        ConcurrentBag<string> given = [];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                given.Add(NewFolder.Claim(folder.File("one")));
            }
        }, TestContext.Current.CancellationToken)));

        Assert.Equal(80, given.Distinct().Count());
    }

    [Fact]
    public void SaysWhyAFolderCannotBeMade()
    {
        File.WriteAllText(folder.File("file"), "");

        Assert.ThrowsAny<IOException>(() => NewFolder.Claim(folder.File("file/one")));
    }
}
