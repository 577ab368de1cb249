using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;

namespace Anneal.Training.Tests.Augmentation;

public class RandomCropTests
{
    [Fact]
    public void EveryWindowOfThePaddedImageComesAboutEquallyOften()
    {
        using TensorScope scope = new();
        // One bright pixel in the middle of 7 × 7: where it went tells the window.
        byte[] image = new byte[49];
        image[24] = 255;
        const int count = 5000;
        Batch batch = new(Tensor.From(image, 1, 1, 7, 7).Expand(count, 1, 7, 7), Tensor.From(new long[count]));

        byte[] cropped = new RandomCrop { Padding = 2 }.Apply(batch, BatchTransformTests.Context(1)).Images.ToArray<byte>();

        int[] places = new int[49];
        for (int i = 0; i < count; i++)
        {
            places[Array.IndexOf(cropped, (byte)255, i * 49, 49) - (i * 49)]++;
        }
        int[] reached = [.. Enumerable.Range(0, 49).Where(place => places[place] > 0)];
        Assert.Equal([.. Enumerable.Range(1, 5).SelectMany(y => Enumerable.Range(1, 5).Select(x => (y * 7) + x))], reached);
        // 200 expected in each of 25, standard deviation 14.
        Assert.All(reached, place => Assert.InRange(places[place], 130, 270));
    }

    [Fact]
    public void ABorderOfNothingIsRefused() =>
        Assert.Equal("Padding must be at least 1. Received: 0.", Assert.Throws<ArgumentException>(() => new RandomCrop { Padding = 0 }).Message);
}
