using Anneal.Randomness;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;

namespace Anneal.Training.Tests.Augmentation;

/// <summary>What every batch transform keeps to.</summary>
public class BatchTransformTests
{
    public static TheoryData<IBatchTransform> All => [new RandomCrop { Padding = 2 }, new HorizontalFlip(), new Cutout { Size = 3 }];

    [Theory]
    [MemberData(nameof(All))]
    public void TheSameStreamGivesTheSameBatch(IBatchTransform transform)
    {
        using TensorScope scope = new();
        Batch batch = Some(16);

        Assert.Equal(Bytes(transform.Apply(batch, Context(3))), Bytes(transform.Apply(batch, Context(3))));
        Assert.NotEqual(Bytes(transform.Apply(batch, Context(3))), Bytes(transform.Apply(batch, Context(4))));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheBatchGivenStaysAsItIs(IBatchTransform transform)
    {
        using TensorScope scope = new();
        Batch batch = Some(16);
        byte[] before = Bytes(batch);

        Batch changed = transform.Apply(batch, Context(5));

        Assert.Equal(before, Bytes(batch));
        Assert.NotEqual(before, Bytes(changed));
        Assert.Equal(batch.Images.Shape, changed.Images.Shape);
        Assert.Equal(DType.UInt8, changed.Images.DType);
        Assert.Same(batch.Targets, changed.Targets);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AnyBatchSizeIsGood(IBatchTransform transform)
    {
        using TensorScope scope = new();
        foreach (int count in (int[])[0, 1, 7])
        {
            Assert.Equal([count, 2, 9, 11], transform.Apply(Some(count), Context(6)).Images.Shape);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void NumbersAreTransformedAsBytesAre(IBatchTransform transform)
    {
        using TensorScope scope = new();
        Batch batch = Some(8);
        Batch numbers = batch with { Images = batch.Images.To(DType.Float32).Contiguous(MemoryFormat.ChannelsLast) };

        Tensor fromBytes = transform.Apply(batch, Context(7)).Images.To(DType.Float32);
        Tensor fromNumbers = transform.Apply(numbers, Context(7)).Images;

        Assert.Equal(fromBytes.ToArray<float>(), fromNumbers.ToArray<float>());
    }

    internal static BatchContext Context(ulong seed) => new(new RandomStream(seed, "test"), new Dictionary<string, double>());

    /// <summary>Images of 2 × 9 × 11 pixels, none of them 0.</summary>
    internal static Batch Some(int count)
    {
        byte[] pixels = [.. Enumerable.Range(0, count * 2 * 9 * 11).Select(i => (byte)(1 + (i * 7 % 255)))];
        return new Batch(Tensor.From(pixels, count, 2, 9, 11), Tensor.From(new long[count]));
    }

    internal static byte[] Bytes(Batch batch) => batch.Images.ToArray<byte>();
}
