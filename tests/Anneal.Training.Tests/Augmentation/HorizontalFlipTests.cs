using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;

namespace Anneal.Training.Tests.Augmentation;

public class HorizontalFlipTests
{
    [Fact]
    public void WithProbabilityOneItMirrorsEveryImage()
    {
        using TensorScope scope = new();
        Batch batch = BatchTransformTests.Some(5);

        byte[] flipped = new HorizontalFlip { Probability = 1 }.Apply(batch, BatchTransformTests.Context(1)).Images.ToArray<byte>();

        byte[] expected = [.. BatchTransformTests.Bytes(batch).Chunk(11).SelectMany(row => row.Reverse())];
        Assert.Equal(expected, flipped);
    }

    [Fact]
    public void WithProbabilityZeroItChangesNothing()
    {
        using TensorScope scope = new();
        Batch batch = BatchTransformTests.Some(5);

        Assert.Equal(BatchTransformTests.Bytes(batch), BatchTransformTests.Bytes(new HorizontalFlip { Probability = 0 }.Apply(batch, BatchTransformTests.Context(1))));
    }

    [Fact]
    public void AboutItsShareOfTheImagesIsFlipped()
    {
        using TensorScope scope = new();
        const int count = 4000;
        Batch batch = new(Tensor.From<byte>([1, 0], 1, 1, 1, 2).Expand(count, 1, 1, 2), Tensor.From(new long[count]));

        byte[] pixels = new HorizontalFlip { Probability = 0.25 }.Apply(batch, BatchTransformTests.Context(2)).Images.ToArray<byte>();

        // 1000 expected, standard deviation 27.
        Assert.InRange(pixels.Where((_, i) => i % 2 == 1).Count(pixel => pixel == 1), 860, 1140);
    }

    [Fact]
    public void AProbabilityAboveOneIsRefused() => Assert.Throws<ArgumentException>(() => new HorizontalFlip { Probability = 1.1 });
}
