using Anneal.Curves;

namespace Anneal.Tests.Curves;

public class RecipeChangeTests
{
    [Theory]
    [InlineData(ChangeKind.Multiply, 6.0, "duration × 1.5")]
    [InlineData(ChangeKind.Add, 5.5, "duration + 1.5")]
    [InlineData(ChangeKind.Set, 1.5, "duration = 1.5")]
    public void AppliesAndSaysWhatItDoes(ChangeKind kind, double changed, string text)
    {
        RecipeChange change = new("duration", kind, 1.5);
        Assert.Equal(changed, change.Apply(4));
        Assert.Equal(text, change.ToString());
    }
}
