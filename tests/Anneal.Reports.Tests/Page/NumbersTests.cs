using System.Globalization;
using System.Text.Json;
using Jint;

namespace Anneal.Reports.Tests.PageScripts;

/// <summary>What the page's script works out before it draws, run by an interpreter in place of a browser.</summary>
public sealed class NumbersTests : IDisposable
{
    readonly Engine engine = new();

    public NumbersTests()
    {
        using StreamReader script = new(typeof(Report).Assembly.GetManifestResourceStream("numbers.js")!);
        engine.Execute(script.ReadToEnd());
    }

    public void Dispose() => engine.Dispose();

    [Fact]
    public void SmoothsWithBothSidesByDistance()
    {
        // Weights 1, e^-1 and e^-2 at distances 0, 1 and 2 for a width of 1.
        double near = Math.Exp(-1);
        double far = Math.Exp(-2);
        double[] smoothed = Numbers("anneal.smooth([0, 1, 2], [4, 1, 7], 1)");
        Assert.Equal((4 + near + (7 * far)) / (1 + near + far), smoothed[0], 12);
        Assert.Equal(((4 * near) + 1 + (7 * near)) / (1 + near + near), smoothed[1], 12);
        Assert.Equal(((4 * far) + near + 7) / (1 + near + far), smoothed[2], 12);
    }

    [Fact]
    public void LeavesAConstantAndAStraightLineInTheMiddleAsTheyAre()
    {
        Assert.All(Numbers("anneal.smooth([0, 1, 2, 3], [5, 5, 5, 5], 2)"), value => Assert.Equal(5, value, 12));
        Assert.Equal(2, Numbers("anneal.smooth([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], 1.5)")[2], 12);
    }

    [Fact]
    public void SmoothsNothingWithoutAWidthOrAcrossALongGap()
    {
        Assert.Equal([1, 9, 2], Numbers("anneal.smooth([0, 1, 2], [1, 9, 2], 0)"));
        Assert.All(Numbers("anneal.smooth([0, 1000], [1, 9], 1)").Zip([1.0, 9.0]), pair => Assert.Equal(pair.Second, pair.First, 12));
    }

    [Fact]
    public void KeepsWhatWasNotMeasuredUnmeasured() =>
        Assert.Equal("[1,null,3]", Json("anneal.smooth([0, 1000, 2000], [1, null, 3], 1)"));

    [Theory]
    [InlineData("steps", "steps", "[10,20,30]")]
    [InlineData("epochs", "epochs", "[1,2,3]")]
    [InlineData("time", "minutes", "[5,10,15]")]
    [InlineData("no such axis", "epochs", "[1,2,3]")]
    public void DrawsOverTheAxisAskedFor(string asked, string named, string xs)
    {
        engine.Execute("const chart = { x: 'epochs', series: [{ name: 'a', tone: 1, xs: [1, 2, 3], ys: [3, 2, 1], axes: { steps: 10, time: [300, 600, 900] } }] };");
        Assert.Equal(named, engine.Evaluate($"anneal.view(chart, {{ axis: '{asked}' }}).x").AsString());
        Assert.Equal(xs, Json($"anneal.view(chart, {{ axis: '{asked}' }}).series[0].xs"));
    }

    [Fact]
    public void OffersOnlyAxesThatEveryCurveHas() => Assert.Equal(
        """["epochs","steps"]""",
        Json("anneal.axes({ x: 'epochs', series: [{ axes: { steps: 10, time: [1] } }, { axes: { steps: 20 } }] })"));

    [Fact]
    public void KeepsTheLaterOfPointsThatShareATime()
    {
        engine.Execute("const chart = { x: 'epochs', series: [{ name: 'a', tone: 1, xs: [1, 2, 3, 4], ys: [1, 2, 3, 4], axes: { time: [5, 5, 3, 6] } }] };");
        Assert.Equal("[3,6]", Json("anneal.view(chart, { axis: 'time' }).series[0].xs"));
        Assert.Equal("[3,4]", Json("anneal.view(chart, { axis: 'time' }).series[0].ys"));
    }

    [Fact]
    public void ShowsWhatWasMeasuredBehindItsAverageButNotBehindACrowd()
    {
        engine.Execute("""
            const curve = tone => ({ name: "c" + tone, group: "g", tone, xs: [0, 1, 2, 3], ys: [1, 5, 1, 5], axes: {} });
            const chart = { x: "epochs", smoothable: true, series: [curve(0), curve(1)] };
            """);
        Assert.Equal("""["c0","c1, as measured","c1"]""", Json("anneal.view(chart, { smoothing: .3 }).series.map(one => one.name)"));
        Assert.Equal("[1,5,1,5]", Json("anneal.view(chart, { smoothing: .3 }).series[1].ys"));
        Assert.Equal("""["c0","c1"]""", Json("anneal.view(chart, {}).series.map(one => one.name)"));
        Assert.Equal("""["c0","c1"]""", Json("anneal.view({ ...chart, smoothable: false }, { smoothing: .3 }).series.map(one => one.name)"));
    }

    [Fact]
    public void ALogarithmIsOfferedOnlyWhereAllIsPositive()
    {
        Assert.True(engine.Evaluate("anneal.positive({ series: [{ ys: [1, null, 2] }] })").AsBoolean());
        Assert.False(engine.Evaluate("anneal.positive({ series: [{ ys: [1] }, { ys: [0] }] })").AsBoolean());
    }

    [Fact]
    public void WritesWhatIsDrawnAsATable()
    {
        engine.Execute("""
            const chart = { x: "epochs", series: [
              { name: "training", xs: [0.5, 1, 2], ys: [3, 2, null] }, { name: 'a "b", c', xs: [1, 2], ys: [20, 10] }, { name: "=1+1", xs: [2], ys: [7] }] };
            """);
        Assert.Equal("epochs,training,\"a \"\"b\"\", c\",'=1+1\n0.5,3,,\n1,2,20,\n2,,10,7\n", engine.Evaluate("anneal.csv(chart)").AsString());
        Assert.Equal("epochs,training,\"a \"\"b\"\", c\",'=1+1\n1,2,20,\n", engine.Evaluate("anneal.csv(chart, .6, 1.5)").AsString());
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.00012346, "1.235e-4")]
    [InlineData(1234567, "1.235e6")]
    [InlineData(123456, "123456")]
    [InlineData(0.5, "0.5")]
    public void ShowsNumbersWithAsManyDigitsAsMeanSomething(double value, string shown) =>
        Assert.Equal(shown, engine.Evaluate($"anneal.digits({value.ToString("R", CultureInfo.InvariantCulture)}, 4)").AsString());

    string Json(string expression) => engine.Evaluate($"JSON.stringify({expression})").AsString();

    double[] Numbers(string expression) => JsonSerializer.Deserialize<double[]>(Json(expression))!;
}
