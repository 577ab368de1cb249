using System.Globalization;
using System.Text.RegularExpressions;
using Anneal.Reports.Charts;

namespace Anneal.Reports.Tests.Charts;

public sealed partial class HeatScaleTests
{
    [Fact]
    public void EveryCellCanBeReadByDayAndByNight()
    {
        MatchCollection rules = Rule().Matches(HeatScale.StyleSheet());
        Assert.Equal(2 * 2 * (HeatScale.Levels + 1), rules.Count);
        Assert.All(rules, rule =>
        {
            (double one, double other) = (Luminance(rule.Groups["background"].Value), Luminance(rule.Groups["ink"].Value));
            Assert.True((Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05) >= 4.5, rule.Value);
        });
    }

    [Theory]
    [InlineData(0.0, true, "r0")]
    [InlineData(1.0, true, "r20")]
    [InlineData(0.25, false, "w10")]
    [InlineData(0.0025, false, "w1")]
    [InlineData(7.0, false, "w20")]
    public void GrowsWithTheSquareRootOfTheShare(double share, bool right, string name) => Assert.Equal(name, HeatScale.Class(share, right));

    // WCAG 2.2, "relative luminance".
    static double Luminance(string colour)
    {
        double Channel(int at)
        {
            double share = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber) / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Channel(0) + 0.7152 * Channel(2) + 0.0722 * Channel(4);
    }

    [GeneratedRegex("background: #(?<background>[0-9a-f]{6}); color: #(?<ink>[0-9a-f]{6})")]
    private static partial Regex Rule();
}
