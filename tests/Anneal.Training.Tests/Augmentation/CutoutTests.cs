using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;

namespace Anneal.Training.Tests.Augmentation;

public class CutoutTests
{
    [Fact]
    public void BlackensTheSameSquareInAllChannelsCutOffAtTheEdges()
    {
        using TensorScope scope = new();
        Batch batch = BatchTransformTests.Some(200);

        byte[] pixels = new Cutout { Size = 4 }.Apply(batch, BatchTransformTests.Context(1)).Images.ToArray<byte>();

        byte[] before = BatchTransformTests.Bytes(batch);
        HashSet<int> areas = [];
        foreach (int image in Enumerable.Range(0, 200))
        {
            int[] first = Black(pixels, image * 2), second = Black(pixels, (image * 2) + 1);
            Assert.Equal(first, second);
            int height = first.Max(i => i / 11) - first.Min(i => i / 11) + 1, width = first.Max(i => i % 11) - first.Min(i => i % 11) + 1;
            Assert.Equal(height * width, first.Length);
            Assert.InRange(height, 2, 4);
            Assert.InRange(width, 2, 4);
            areas.Add(first.Length);
        }
        Assert.Contains(16, areas);
        Assert.Contains(4, areas);
        Assert.All(pixels.Zip(before), pair => Assert.True(pair.First == 0 || pair.First == pair.Second));
    }

    static int[] Black(byte[] pixels, int plane) => [.. Enumerable.Range(0, 99).Where(i => pixels[(plane * 99) + i] == 0)];
}
