using System.Globalization;
using System.Xml.Linq;
using Anneal.Cli.Charts;
using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Cli.Tests.Charts;

public sealed class SvgChartTests
{
    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void IsWholeXmlWithAPathForEachCurve()
    {
        XElement root = Draw([[Curve("cosine(from=1, to=0)"), Curve("constant(0.5)")], [Curve("linear(from=0, to=2)")]]);
        Assert.Equal(Svg + "svg", root.Name);
        Assert.Equal(["line c0", "line c1", "line c2"], Lines(root).Select(path => (string)path.Attribute("class")!));
        Assert.Equal(["cosine(from=1, to=0)", "constant(0.5)", "linear(from=0, to=2)"],
            root.Elements(Svg + "text").Where(text => ((string)text.Attribute("class")!)?.StartsWith("name") == true).Select(text => text.Value));
    }

    [Fact]
    public void StaysInsideItsFrame()
    {
        XElement root = Draw([[Curve("one-cycle(max=0.4)")]]);
        double[] size = [.. ((string)root.Attribute("viewBox")!).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        foreach (string point in ((string)Assert.Single(Lines(root)).Attribute("d")!).Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries))
        {
            double[] place = [.. point.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            Assert.InRange(place[0], 0, size[2]);
            Assert.InRange(place[1], 0, size[3]);
        }
    }

    [Fact]
    public void EscapesNames() => Assert.Contains(
        "<a & \"b\">", Draw([[new ScheduleCurve("<a & \"b\">", new Constant(1), 10)]]).Descendants().Select(element => element.Value));

    static IEnumerable<XElement> Lines(XElement root) => root.Elements(Svg + "path").Where(path => ((string)path.Attribute("class")!).StartsWith("line"));

    static XElement Draw(IReadOnlyList<IReadOnlyList<ScheduleCurve>> panels) => XElement.Parse(SvgChart.Draw(panels));

    static ScheduleCurve Curve(string text) => new(text, ScheduleText.Parse(text).Resolve(new RunLength(300, 100, 1)), 300);
}
