using Anneal.Randomness;

namespace Anneal.Tests.Randomness;

public class PhiloxTests
{
    // Random123 1.14, tests/kat_vectors, the lines "philox4x32 10": counter, key, result, as 32-bit words.
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void AgreesWithTheKnownAnswersOfRandom123(string line)
    {
        uint[] words = [.. line.Split(' ').Select(word => Convert.ToUInt32(word, 16))];

        (ulong Low, ulong High) block = Philox.Block(Pair(words, 0), Pair(words, 2), Pair(words, 4));

        Assert.Equal((Pair(words, 6), Pair(words, 8)), block);
    }

    static ulong Pair(uint[] words, int at) => words[at] | ((ulong)words[at + 1] << 32);
}
