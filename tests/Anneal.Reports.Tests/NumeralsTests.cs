namespace Anneal.Reports.Tests;

public sealed class NumeralsTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(2.302585, "2.303")]
    [InlineData(0.083, "0.083")]
    [InlineData(0.00123456, "0.001235")]
    [InlineData(0.0005, "5e-4")]
    [InlineData(0.00012345, "1.234e-4")]
    [InlineData(99999.4, "99999")]
    [InlineData(100000.0, "1e5")]
    [InlineData(1234567.0, "1.235e6")]
    [InlineData(-0.034, "−0.034")]
    [InlineData(120.0, "120")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void ShowsFourDigitsThatMeanSomething(double value, string shown) => Assert.Equal(shown, Numerals.Significant(value));

    [Theory]
    [InlineData(0.9342, "93.42 %")]
    [InlineData(1.0, "100.00 %")]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    public void ShowsSharesAsPercentages(double? share, string shown) => Assert.Equal(shown, Numerals.Percent(share).Replace('\u202F', ' '));

    [Theory]
    [InlineData(0.84, "0.84 s")]
    [InlineData(42.4, "42 s")]
    [InlineData(59.7, "1 min 00 s")]
    [InlineData(582.0, "9 min 42 s")]
    [InlineData(3599.8, "1 h 00 min")]
    [InlineData(7500.0, "2 h 05 min")]
    [InlineData(-1.0, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    public void ShowsDurationsAsPeopleSayThem(double seconds, string shown) => Assert.Equal(shown, Numerals.Duration(seconds).Replace('\u202F', ' '));
}
