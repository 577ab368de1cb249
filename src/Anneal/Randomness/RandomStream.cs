using System.Runtime.InteropServices;

namespace Anneal.Randomness;

/// <summary>Random numbers that depend only on (seed, purpose, epoch, index) and on how many were drawn.</summary>
/// <remarks>
/// Any stream can be opened at once, in any order and on any thread, so draws are the same whatever the number of
/// workers and wherever a run was restarted: nothing has to be saved in a checkpoint.
/// It is a struct that draws from itself: keep it in a local variable, and pass it on with <c>ref</c>.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public struct RandomStream
{
    readonly ulong key;
    readonly ulong index;
    ulong block;
    ulong low;
    ulong high;
    // 32-bit words of the current block not handed out yet, 0 to 4.
    int left;

    /// <summary>Opens a stream.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for, such as <c>data-order</c>; streams of different purposes are unrelated.</param>
    /// <param name="epoch">Pass over the data, counted from 0; 0 where there is none.</param>
    /// <param name="index">Which example, batch, trial or draw it is; 0 where there is only one.</param>
    public RandomStream(ulong seed, string purpose, long epoch = 0, long index = 0)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        // Seed, purpose and epoch are mixed into the key; the index stays in the counter, so within one epoch no two
        // indices can ever meet.
        key = Philox.Block(Hash(purpose), (ulong)epoch, seed).Low;
        this.index = (ulong)index;
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (left == 0)
        {
            (low, high) = Philox.Block(block++, index, key);
            left = 4;
        }

        ulong half = left > 2 ? low : high;
        uint word = (left & 1) == 0 ? (uint)half : (uint)(half >> 32);
        left--;
        return word;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => NextUInt32() | ((ulong)NextUInt32() << 32);

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … <paramref name="exclusive"/> − 1, without bias.</summary>
    /// <param name="exclusive">One above the largest result; at least 1.</param>
    /// <remarks>Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019, algorithm 5.</remarks>
    public int NextInt(int exclusive)
    {
        if (exclusive < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(exclusive), $"The number of outcomes must be at least 1. Received: {exclusive}.");
        }

        uint range = (uint)exclusive;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            uint threshold = (0u - range) % range;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Normal with mean 0 and standard deviation 1; draws two uniforms.</summary>
    /// <remarks>Box and Muller, "A note on the generation of random normal deviates", 1958.</remarks>
    public double NextNormal()
    {
        // 1 − u lies in (0, 1], where the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Between <paramref name="min"/> and <paramref name="max"/>, with a uniform logarithm.</summary>
    /// <param name="min">Above 0.</param>
    /// <param name="max">Finite, at least <paramref name="min"/>.</param>
    public double NextLogUniform(double min, double max)
    {
        if (!(min > 0 && max >= min && double.IsFinite(max)))
        {
            throw new ArgumentException($"A log-uniform range needs 0 < min <= max. Received: min={min}, max={max}.");
        }

        double value = Math.Exp(Math.Log(min) + NextDouble() * (Math.Log(max) - Math.Log(min)));
        return Math.Clamp(value, min, max);
    }

    /// <summary>Puts the items into a random order, every order equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>The numbers 0 … <paramref name="count"/> − 1 in a random order, such as the order of the examples in one epoch.</summary>
    /// <param name="count">How many; at least 0.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the order is for.</param>
    /// <param name="epoch">Pass over the data, counted from 0; each has an order of its own.</param>
    public static int[] Permutation(int count, ulong seed, string purpose, long epoch = 0)
    {
        if (count < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"A permutation needs a count of at least 0. Received: {count}.");
        }

        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        new RandomStream(seed, purpose, epoch).Shuffle(order.AsSpan());
        return order;
    }

    // FNV-1a over UTF-16: string.GetHashCode differs from process to process.
    static ulong Hash(string text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        return hash;
    }
}
