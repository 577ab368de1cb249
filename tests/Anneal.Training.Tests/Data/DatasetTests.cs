using System.Security.Cryptography;
using Anneal.Testing;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Data;
using Anneal.Training.Data.Idx;
using Anneal.Training.Models;
using Anneal.Training.Tests.Data.Idx;

namespace Anneal.Training.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OpensAFolderOfIdxFiles(bool compressed)
    {
        Write("train-images-idx3-ubyte", [3, 2, 2], [.. Enumerable.Range(0, 12).Select(i => (byte)i)], compressed);
        Write("train-labels-idx1-ubyte", [3], [0, 2, 1], compressed);
        Write("t10k-images-idx3-ubyte", [1, 2, 2], [9, 8, 7, 6], compressed);
        Write("t10k-labels-idx1-ubyte", [1], [2], compressed);
        using TensorScope scope = new();
        using Dataset data = Dataset.Open(folder.Path);
        Assert.Equal(["0", "1", "2"], data.Classes);
        Assert.Equal(new ImageShape(1, 2, 2), data.Shape);
        Assert.Equal([3, 1, 2, 2], data.Training.Images.Shape);
        Assert.Equal([4, 5, 6, 7], data.Training.Pixels(1));
        Assert.Equal([0, 2, 1], data.Training.Labels.ToArray());
        Assert.Equal([0L, 2, 1], data.Training.Targets.ToArray<long>());
        Assert.Equal([9, 8, 7, 6], data.Test.Pixels(0));
        Assert.Equal([2], data.Test.Labels.ToArray());
    }

    [Fact]
    public void LabelsMayCountFromOne()
    {
        Write([4, 2, 2], [1, 3, 2, 3], [2, 2, 2], [3, 1]);
        using Dataset data = Dataset.Open(folder.Path);
        Assert.Equal(["1", "2", "3"], data.Classes);
        Assert.Equal([0, 2, 1, 2], data.Training.Labels.ToArray());
        Assert.Equal([2, 0], data.Test.Labels.ToArray());
    }

    [Fact]
    public void LabelsCountFromZeroWhereEitherSplitHasOne()
    {
        Write([3, 2, 2], [1, 2, 2], [1, 2, 2], [0]);
        using Dataset data = Dataset.Open(folder.Path);
        Assert.Equal(["0", "1", "2"], data.Classes);
        Assert.Equal([1, 2, 2], data.Training.Labels.ToArray());
    }

    [Fact]
    public void RefusesATestLabelOutsideThoseThatCountFromOne()
    {
        Write([2, 2, 2], [1, 2], [1, 2, 2], [3]);
        Assert.Contains("Labels must be from 1 to 2, for 2 classes. Received: 3", Assert.Throws<InvalidFileException>(() => Dataset.Open(folder.Path)).Message);
    }

    [Fact]
    public void EmnistsMappingNamesTheClasses()
    {
        Write("emnist-letters-train-images-idx3-ubyte", [3, 2, 2], new byte[12], false);
        Write("emnist-letters-train-labels-idx1-ubyte", [3], [1, 2, 3], false);
        Write("emnist-letters-test-images-idx3-ubyte", [1, 2, 2], new byte[4], false);
        Write("emnist-letters-test-labels-idx1-ubyte", [1], [2], false);
        File.WriteAllText(folder.File("emnist-letters-mapping.txt"), "1 65 97\r\n2 66 98\n3 67\n");
        using (Dataset data = Dataset.Open(folder.Path))
        {
            Assert.Equal(["Aa", "Bb", "C"], data.Classes);
            Assert.Equal([0, 1, 2], data.Training.Labels.ToArray());
        }
        File.WriteAllText(folder.File("emnist-letters-mapping.txt"), "1 65\n2 66\n");
        Assert.Contains("a line for each label, 1 to 3. Missing: 3.", Assert.Throws<InvalidFileException>(() => Dataset.Open(folder.Path)).Message);
        File.WriteAllText(folder.File("emnist-letters-mapping.txt"), "1 A\n");
        Assert.Contains("Received: '1 A'.", Assert.Throws<InvalidFileException>(() => Dataset.Open(folder.Path)).Message);
    }

    [Fact]
    public void AFolderHasItsNameWithAndWithoutASlash()
    {
        Write([2, 2, 2], [0, 1], [1, 2, 2], [1]);
        using Dataset data = Dataset.Open(folder.Path + "/");
        Assert.Equal(folder.Path, data.Name);
    }

    [Fact]
    public void RefusesATestLabelThatNoTrainingExampleHas()
    {
        Write([2, 2, 2], [0, 1], [1, 2, 2], [2]);
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => Dataset.Open(folder.Path));
        Assert.Contains("Labels must be from 0 to 1, for 2 classes. Received: 2 for image 0.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesTestImagesOfAnotherSize()
    {
        Write([2, 2, 2], [0, 1], [1, 2, 3], [1]);
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => Dataset.Open(folder.Path));
        Assert.Contains("Test images must have the size of the training images, 1×2×2. Received: 1×2×3.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesDataOfOneClass()
    {
        Write([2, 2, 2], [0, 0], [1, 2, 2], [0]);
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => Dataset.Open(folder.Path));
        Assert.Contains("A data set must have at least two classes. Received: labels that are all 0.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhichFileIsMissing()
    {
        Write("train-images-idx3-ubyte", [1, 2, 2], new byte[4], false);
        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => Dataset.Open(folder.Path));
        Assert.StartsWith("A folder of IDX files must have training labels. Looked for train-labels-idx1-ubyte", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhereItLookedForADataSet()
    {
        DirectoryNotFoundException e = Assert.Throws<DirectoryNotFoundException>(() => Dataset.Open(folder.File("nowhere")));
        Assert.StartsWith($"No data set '{folder.File("nowhere")}'. Looked in: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MeasuresEachChannelOfTheTrainingImages()
    {
        // Channel 0 is half 0 and half 255: mean 1/2, deviation 1/2. Channel 1 is 51 and 153 (1/5 and 3/5): mean 2/5, deviation
        // 1/5. Channel 2 has one colour, and nothing to scale.
        byte[] pixels = [0, 255, 51, 153, 9, 9, 255, 0, 153, 51, 9, 9];
        using Dataset data = new(
            "colours", new Examples(pixels, [0, 1], new ImageShape(3, 1, 2)), new Examples(new byte[6], [0], new ImageShape(3, 1, 2)), ["a", "b"]);
        Assert.Equal([0.5, 0.4, 9 / 255.0], data.Mean, (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal([0.5, 0.2, 1], data.StandardDeviation, (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void ItsFingerprintFollowsItsContentAlone()
    {
        string Of(string name, byte[] pixels, byte[] labels, byte testPixel, ImageShape shape)
        {
            using Dataset data = new(name, new Examples(pixels, labels, shape), new Examples([testPixel, 0, 0, 0], [0], shape), ["a", "b"]);
            return data.Fingerprint;
        }
        string first = Of("one", [1, 2, 3, 4], [0], 0, new ImageShape(1, 2, 2));
        Assert.Equal(2 * SHA256.HashSizeInBytes, first.Length);
        Assert.Equal(first, Of("another", [1, 2, 3, 4], [0], 0, new ImageShape(1, 2, 2)));
        string[] others =
        [
            Of("one", [1, 2, 3, 5], [0], 0, new ImageShape(1, 2, 2)), Of("one", [1, 2, 3, 4], [1], 0, new ImageShape(1, 2, 2)),
            Of("one", [1, 2, 3, 4], [0], 1, new ImageShape(1, 2, 2)), Of("one", [1, 2, 3, 4], [0], 0, new ImageShape(1, 1, 4)),
            Of("one", [1, 2, 3, 4], [0], 0, new ImageShape(4, 1, 1)),
        ];
        Assert.Equal(6, others.Append(first).Distinct().Count());
    }

    [Fact]
    public void RefusesExamplesThatDoNotFitEachOther()
    {
        using Examples square = new(new byte[8], [0, 1], new ImageShape(1, 2, 2));
        using Examples flat = new(new byte[4], [1], new ImageShape(1, 1, 4));
        using Examples third = new(new byte[8], [0, 2], new ImageShape(1, 2, 2));
        Assert.Equal(
            "Training and test images must be of one size. Received: 1×2×2 and 1×1×4.",
            Assert.Throws<ArgumentException>(() => new Dataset("x", square, flat, ["a", "b"])).Message);
        Assert.Equal(
            "A label must be less than the number of classes, 2. Received: 2 at example 1.",
            Assert.Throws<ArgumentException>(() => new Dataset("x", square, third, ["a", "b"])).Message);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(257, true)]
    [InlineData(300, true)]
    public void KnowsALabelThatIsNoClassHoweverManyClassesThereAre(int classes, bool refused)
    {
        using Examples examples = new(new byte[8], [0, 255], new ImageShape(1, 2, 2));
        string[] names = [.. Enumerable.Range(0, classes).Select(label => label.ToString())];
        Exception? received = Record.Exception(() => new Dataset("x", examples, examples, names));
        Assert.Equal(refused, received is ArgumentException);
    }

    [Fact]
    public void ACopyOnTheSameDeviceSharesItsMemoryAndOutlivesIt()
    {
        long before = Tensor.LiveCount;
        Examples copy;
        using (Examples examples = new(new byte[8], [0, 1], new ImageShape(1, 2, 2)))
        {
            copy = examples.On(Device.Cpu);
            Assert.NotSame(examples.Images, copy.Images);
        }
        using (copy)
        {
            Assert.Equal([0, 1], copy.Targets.ToArray<long>());
            Assert.Equal(before + 2, Tensor.LiveCount);
        }
    }

    void Write(int[] trainingShape, byte[] trainingLabels, int[] testShape, byte[] testLabels)
    {
        Write("train-images-idx3-ubyte", trainingShape, new byte[trainingShape.Aggregate((a, b) => a * b)], false);
        Write("train-labels-idx1-ubyte", [trainingLabels.Length], trainingLabels, false);
        Write("t10k-images-idx3-ubyte", testShape, new byte[testShape.Aggregate((a, b) => a * b)], false);
        Write("t10k-labels-idx1-ubyte", [testLabels.Length], testLabels, false);
    }

    void Write(string name, int[] shape, byte[] elements, bool compressed)
    {
        byte[] file = IdxFileTests.File(IdxType.U8, shape, elements);
        File.WriteAllBytes(folder.File(compressed ? name + ".gz" : name), compressed ? IdxFileTests.Compress(file) : file);
    }
}
