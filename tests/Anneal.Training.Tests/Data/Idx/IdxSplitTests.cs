using Anneal.Testing;
using Anneal.Torch.Serialization;
using Anneal.Training.Data.Idx;

namespace Anneal.Training.Tests.Data.Idx;

public sealed class IdxSplitTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ReadsImagesWithTheirLabels()
    {
        IdxSplit split = Read([2, 3, 4], new byte[24], [2], [7, 9]);

        Assert.Equal((2, 1, 3, 4), (split.Examples, split.Channels, split.Height, split.Width));
        Assert.Equal([7, 9], split.Labels);
    }

    [Fact]
    public void ReadsColours()
    {
        IdxSplit split = Read([1, 3, 2, 5], new byte[30], [1], [0]);

        Assert.Equal((1, 3, 2, 5), (split.Examples, split.Channels, split.Height, split.Width));
    }

    [Fact]
    public void RefusesALabelTooFew() =>
        Assert.Contains("Received: 1 labels, and 2 images", Assert.Throws<InvalidFileException>(() => Read([2, 3, 4], new byte[24], [1], [7])).Message);

    [Fact]
    public void RefusesALabelOutOfRange()
    {
        IdxSplit split = Read([2, 3, 4], new byte[24], [2], [7, 10]);

        split.CheckLabels(11);
        Assert.Contains("from 0 to 9, for 10 classes. Received: 10 for image 1", Assert.Throws<InvalidFileException>(() => split.CheckLabels(10)).Message);
    }

    [Fact]
    public void RefusesFilesThatAreSwapped()
    {
        Assert.Contains("Labels must be bytes (U8) of one dimension. Received: U8 of shape [2, 3, 4]", Assert.Throws<InvalidFileException>(() => Read([2], [1, 2], [2, 3, 4], new byte[24])).Message);
        Assert.Contains("Images must be bytes (U8) of shape", Assert.Throws<InvalidFileException>(() => Read([2], [1, 2], [2], [1, 2])).Message);
    }

    [Fact]
    public void RefusesASplitWithoutImages() =>
        Assert.Contains("at least one", Assert.Throws<InvalidFileException>(() => Read([0, 3, 4], [], [0], [])).Message);

    IdxSplit Read(int[] imageShape, byte[] pixels, int[] labelShape, byte[] labels)
    {
        File.WriteAllBytes(folder.File("images"), IdxFileTests.Compress(IdxFileTests.File(IdxType.U8, imageShape, pixels)));
        File.WriteAllBytes(folder.File("labels"), IdxFileTests.File(IdxType.U8, labelShape, labels));
        return IdxSplit.Read(folder.File("images"), folder.File("labels"));
    }
}
