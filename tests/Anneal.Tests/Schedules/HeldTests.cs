using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class HeldTests
{
    [Fact]
    public void StopsWhereItsTimeIsUp()
    {
        Schedule held = new Triangular(0, 1, 10).For(15);

        Assert.Equal(new Triangular(0, 1, 10).At(14), held.At(14));
        Assert.Equal(0.5, held.At(15));
        Assert.Equal(0.5, held.At(1L << 53));
        Assert.Equal(15, held.Length);
    }

    [Fact]
    public void IsTheScheduleItselfWhereThatEndsThereAnyway()
    {
        Cosine cosine = new(1, 0, 100);

        Assert.Same(cosine, cosine.For(100));
        Assert.Equal(200, cosine.For(200).Length);
    }
}
