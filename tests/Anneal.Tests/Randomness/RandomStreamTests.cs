using Anneal.Randomness;

namespace Anneal.Tests.Randomness;

public class RandomStreamTests
{
    [Fact]
    public void GivesTheSameNumbersForTheSameKey()
    {
        RandomStream first = new(7, "data-order", 3, 11);
        RandomStream second = new(7, "data-order", 3, 11);

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(first.NextUInt64(), second.NextUInt64());
        }
    }

    [Theory]
    [InlineData(8, "data-order", 3, 11)]
    [InlineData(7, "data-ordeR", 3, 11)]
    [InlineData(7, "data-order", 4, 11)]
    [InlineData(7, "data-order", 3, 12)]
    [InlineData(7, "data-order", 11, 3)]
    public void GivesOtherNumbersWhenAnyPartOfTheKeyDiffers(ulong seed, string purpose, long epoch, long index)
    {
        RandomStream one = new(7, "data-order", 3, 11);
        RandomStream other = new(seed, purpose, epoch, index);

        for (int i = 0; i < 100; i++)
        {
            Assert.NotEqual(one.NextUInt64(), other.NextUInt64());
        }
    }

    // From another implementation of Philox4x32-10; if these change, every recorded run changes with them.
    [Fact]
    public void IsTheSameStreamInEveryVersion()
    {
        RandomStream stream = new(7, "data-order", 3, 11);

        uint[] words = new uint[8];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = stream.NextUInt32();
        }

        Assert.Equal([0xFCFF4578, 0xB0A72B62, 0x94CDD57C, 0xF2A84EE8, 0xD239B846, 0x72BB554D, 0x1C03E7A6, 0xFB7B5C59], words);
    }

    [Fact]
    public void KeepsUniformNumbersInTheirRangeWithTheRightMeanAndVariance()
    {
        const int n = 100_000;
        RandomStream stream = new(1, "uniform");
        double sum = 0, squares = 0;
        for (int i = 0; i < n; i++)
        {
            double value = stream.NextDouble();
            Assert.InRange(value, 0, Math.BitDecrement(1.0));
            sum += value;
            squares += value * value;
        }

        double mean = sum / n;
        // Five standard errors: 1/√12 for the mean; √(1/180) for the variance.
        Assert.Equal(0.5, mean, 5 / Math.Sqrt(12.0 * n));
        Assert.Equal(1 / 12.0, squares / n - mean * mean, 5 / Math.Sqrt(180.0 * n));
    }

    [Fact]
    public void DrawsEveryIntegerEquallyOften()
    {
        const int n = 70_000;
        RandomStream stream = new(2, "integers");
        int[] counts = new int[7];
        for (int i = 0; i < n; i++)
        {
            counts[stream.NextInt(7)]++;
        }

        double chiSquare = counts.Sum(count => Math.Pow(count - n / 7.0, 2) / (n / 7.0));
        // The 0.999 quantile of chi-square with 6 degrees of freedom.
        Assert.InRange(chiSquare, 0, 22.458);
    }

    [Fact]
    public void DrawsLargeRangesWithoutBias()
    {
        // 2³² words over 3 · 2²⁹ outcomes: without rejection an outcome gets 2 or 3 words, by its residue mod 3
        // (multiply and shift) or by its size (remainder).
        const int n = 60_000, range = 3 << 29;
        RandomStream stream = new(3, "integers");
        int low = 0, multiplesOfThree = 0;
        for (int i = 0; i < n; i++)
        {
            int value = stream.NextInt(range);
            Assert.InRange(value, 0, range - 1);
            low += value < range / 3 ? 1 : 0;
            multiplesOfThree += value % 3 == 0 ? 1 : 0;
        }

        double fiveStandardErrors = 5 * Math.Sqrt(2 / 9.0 / n);
        Assert.Equal(1 / 3.0, low / (double)n, fiveStandardErrors);
        Assert.Equal(1 / 3.0, multiplesOfThree / (double)n, fiveStandardErrors);
    }

    [Fact]
    public void AlwaysDrawsZeroFromOneOutcome() => Assert.Equal(0, new RandomStream(4, "one").NextInt(1));

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void RejectsAnEmptyRange(int exclusive)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0, "x").NextInt(exclusive));
        Assert.Contains($"Received: {exclusive}.", error.Message);
    }

    [Fact]
    public void DrawsNormalsWithTheRightMoments()
    {
        const int n = 100_000;
        RandomStream stream = new(5, "normal");
        double sum = 0, squares = 0, fourths = 0;
        for (int i = 0; i < n; i++)
        {
            double value = stream.NextNormal();
            sum += value;
            squares += value * value;
            fourths += Math.Pow(value, 4);
        }

        // Five standard errors: variances of x, x² and x⁴ are 1, 2 and 96.
        Assert.Equal(0, sum / n, 5 / Math.Sqrt(n));
        Assert.Equal(1, squares / n, 5 * Math.Sqrt(2.0 / n));
        Assert.Equal(3, fourths / n, 5 * Math.Sqrt(96.0 / n));
    }

    [Fact]
    public void DrawsLogUniformNumbersEvenlyOverTheDecades()
    {
        const int n = 40_000;
        RandomStream stream = new(6, "rates");
        int[] decades = new int[4];
        for (int i = 0; i < n; i++)
        {
            double value = stream.NextLogUniform(1e-5, 1e-1);
            Assert.InRange(value, 1e-5, 1e-1);
            decades[Math.Min(3, (int)(Math.Log10(value) + 5))]++;
        }

        double chiSquare = decades.Sum(count => Math.Pow(count - n / 4.0, 2) / (n / 4.0));
        // The 0.999 quantile of chi-square with 3 degrees of freedom.
        Assert.InRange(chiSquare, 0, 16.266);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(double.NaN, 1)]
    public void RejectsALogUniformRangeItCannotDrawFrom(double min, double max) =>
        Assert.Throws<ArgumentException>(() => new RandomStream(0, "x").NextLogUniform(min, max));

    [Fact]
    public void ShufflesIntoEveryOrderEquallyOften()
    {
        const int n = 24_000;
        Dictionary<string, int> counts = [];
        for (int i = 0; i < n; i++)
        {
            char[] letters = ['a', 'b', 'c', 'd'];
            new RandomStream(8, "orders", 0, i).Shuffle<char>(letters);
            string order = new(letters);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        double chiSquare = counts.Values.Sum(count => Math.Pow(count - n / 24.0, 2) / (n / 24.0));
        // The 0.999 quantile of chi-square with 23 degrees of freedom.
        Assert.InRange(chiSquare, 0, 49.728);
    }

    [Fact]
    public void PermutationsHoldEveryNumberOnceAndDifferBetweenEpochs()
    {
        int[] first = RandomStream.Permutation(1000, 9, "data-order", 0);
        int[] second = RandomStream.Permutation(1000, 9, "data-order", 1);

        Assert.Equal(Enumerable.Range(0, 1000), first.Order());
        Assert.Equal(Enumerable.Range(0, 1000), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(first, RandomStream.Permutation(1000, 9, "data-order", 0));
    }
}
