using Anneal.Testing;
using Anneal.Training.Data.Idx;

namespace Anneal.Training.Tests.Data.Idx;

public sealed class IdxFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [InlineData(
        "emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte.gz",
        "emnist-letters-test-images-idx3-ubyte.gz", "emnist-letters-test-labels-idx1-ubyte.gz")]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "test-images-idx3-ubyte", "test-labels.idx1-ubyte.gz")]
    public void FindsTheFourFilesByTheirUsualNames(params string[] names)
    {
        Make(names);
        IdxFolder found = IdxFolder.Find(folder.Path);

        Assert.Equal(names.Select(folder.File), [found.TrainingImages, found.TrainingLabels, found.TestImages, found.TestLabels]);
    }

    [Fact]
    public void PrefersTheFileThatNeedsNoUnpacking()
    {
        Make("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

        Assert.Equal(folder.File("train-images-idx3-ubyte"), IdxFolder.Find(folder.Path).TrainingImages);
    }

    [Fact]
    public void AFolderHoldsOneDataSet()
    {
        Make("emnist-letters-train-images-idx3-ubyte.gz", "emnist-digits-train-images-idx3-ubyte");
        Assert.Contains(
            "holds 2: emnist-digits, emnist-letters. Give each a folder of its own.",
            Assert.Throws<FileNotFoundException>(() => IdxFolder.Find(folder.Path)).Message);
        // The usual names alone are the folder's own.
        Make("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
        Assert.Equal(folder.File("train-images-idx3-ubyte"), IdxFolder.Find(folder.Path).TrainingImages);
    }

    [Fact]
    public void SaysWhatItLookedForAndWhatThereIs()
    {
        Make("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "readme.txt");

        string message = Assert.Throws<FileNotFoundException>(() => IdxFolder.Find(folder.Path)).Message;

        Assert.Contains("must have test images. Looked for t10k-images-idx3-ubyte, t10k-images.idx3-ubyte, test-images-idx3-ubyte, test-images.idx3-ubyte (each also with .gz)", message);
        Assert.Contains("Found: readme.txt, train-images-idx3-ubyte, train-labels-idx1-ubyte.", message);
    }

    [Fact]
    public void SaysThatThereIsNothing()
    {
        Assert.Contains("Found: nothing.", Assert.Throws<FileNotFoundException>(() => IdxFolder.Find(folder.Path)).Message);
        Assert.Contains("no folder", Assert.Throws<DirectoryNotFoundException>(() => IdxFolder.Find(folder.File("missing"))).Message);
    }

    [Fact]
    public void FindsAKnownDataSetInTheGivenDataFolderFirst()
    {
        Directory.CreateDirectory(folder.File("fashion-mnist"));

        Assert.Equal(folder.File("fashion-mnist"), KnownDataset.Locate("fashion-mnist", folder.Path));
        Assert.Equal(folder.Path, KnownDataset.Locate(folder.Path, dataFolder: null));
    }

    [Fact]
    public void SaysWhereItLookedForADataSet()
    {
        string message = Assert.Throws<DirectoryNotFoundException>(() => KnownDataset.Locate("no-such-data", folder.Path)).Message;

        Assert.Contains($"Looked in: {folder.File("no-such-data")}, no-such-data.", message);
        Assert.Contains("Known by name: fashion-mnist.", message);
    }

    [Fact]
    public void FashionMnistHasTenClasses()
    {
        Assert.Equal(10, KnownDataset.FashionMnist.Classes.Count);
        Assert.Same(KnownDataset.FashionMnist, KnownDataset.Named("fashion-mnist"));
        Assert.Null(KnownDataset.Named("Fashion"));
    }

    void Make(params string[] names)
    {
        foreach (string name in names)
        {
            File.WriteAllText(folder.File(name), "");
        }
    }
}
