using Anneal.Text;

namespace Anneal.Tests.Text;

public class SuggestionTests
{
    static readonly string[] Known = ["constant", "cosine", "linear", "one-cycle", "step"];

    [Theory]
    [InlineData("cosin", "cosine")]
    [InlineData("cosnie", "cosine")]
    [InlineData("Cosine", "cosine")]
    [InlineData("onecycle", "one-cycle")]
    [InlineData("setp", "step")]
    [InlineData("linaer", "linear")]
    public void FindsTheNameThatWasMeant(string received, string meant) => Assert.Equal(meant, Suggestion.Closest(received, Known));

    [Theory]
    [InlineData("")]
    [InlineData("plateau")]
    [InlineData("lr")]
    public void SaysNothingWhereNothingIsNear(string received) => Assert.Null(Suggestion.Closest(received, Known));

    [Fact]
    public void CountsASwapOfNeighboursAsOneError() => Assert.Equal("ba", Suggestion.Closest("ab", ["ba"]));
}
