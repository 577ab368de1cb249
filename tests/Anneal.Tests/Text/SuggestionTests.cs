using Anneal.Text;

namespace Anneal.Tests.Text;

public class SuggestionTests
{
    static readonly string[] s_known = ["constant", "cosine", "linear", "one-cycle", "step"];

    [Theory]
    [InlineData("cosin", "cosine")]
    [InlineData("cosnie", "cosine")]
    [InlineData("Cosine", "cosine")]
    [InlineData("onecycle", "one-cycle")]
    [InlineData("setp", "step")]
    [InlineData("linaer", "linear")]
    public void FindsTheNameThatWasMeant(string received, string meant) => Assert.Equal(meant, Suggestion.Closest(received, s_known));

    [Theory]
    [InlineData("")]
    [InlineData("plateau")]
    [InlineData("lr")]
    public void SaysNothingWhereNothingIsNear(string received) => Assert.Null(Suggestion.Closest(received, s_known));

    [Fact]
    public void CountsASwapOfNeighboursAsOneError() => Assert.Equal("ba", Suggestion.Closest("ab", ["ba"]));
}
