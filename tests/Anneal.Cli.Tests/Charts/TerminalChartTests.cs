using Anneal.Cli.Charts;
using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Cli.Tests.Charts;

public sealed class TerminalChartTests
{
    [Fact]
    public void DrawsOneCurveInDots() => Assert.Equal(
        """
        0.4 ┤                    ⣰⠋⠉⠉⠙⠒⠒⠦⠤⣄⣀
            ┤                  ⣠⠞⠁         ⠈⠙⠲⢤⣀
            ┤                ⣠⠞⠁               ⠈⠙⠲⣄⡀
            ┤              ⢠⠞⠁                     ⠉⠳⢤⡀
            ┤            ⢀⡴⠋                          ⠙⠲⣄⡀
            ┤          ⢀⡴⠋                               ⠙⠲⣄
            ┤        ⢀⡴⠋                                   ⠈⠙⢦⣀
            ┤       ⣠⠞                                        ⠈⠳⢤⡀
            ┤     ⣠⠞⠁                                            ⠉⠳⢤⡀
            ┤   ⣠⠞⠁                                                 ⠉⠓⢦⣀
            ┤ ⢀⡴⠃                                                      ⠈⠙⠲⢤⣀⡀
          0 ┤⡴⠋                                                             ⠉⠙⠒⠦⠤⢤⣀⣀⣀
            └────────────────────────────────────────────────────────────────────────
             step 0                                                               999

        """, Draw(Curve("linear(from=0, to=0.4) for 0.3run then cosine(from=0.4, to=0)", 1000)));

    [Fact]
    public void DrawsSeveralCurvesInSignsOfTheirOwn() => Assert.Equal(
        """
          * linear(from=0, to=1)
          o step(1, every=50st, factor=0.5)
        1 ┤oooooooooooooooooooooooooooooooooooo                                 ***
          ┤                                   o                          ********
          ┤                                   o                    *******
          ┤                                   o             ********
          ┤                                   o       *******
          ┤                                   o********
          ┤                             ********ooooooooooooooooooooooooooooooooooo
          ┤                       *******
          ┤                ********
          ┤          *******
          ┤   ********
        0 ┤****
          └────────────────────────────────────────────────────────────────────────
           step 0                                                                99

        """, Draw(Curve("linear(from=0, to=1)", 100), Curve("step(1, every=50st, factor=0.5)", 100)));

    [Fact]
    public void PutsAConstantInTheMiddle()
    {
        string[] lines = Draw(Curve("constant(0.5)", 10)).Split('\n');
        Assert.Equal(72, Assert.Single(lines, line => line.Contains('⠤') || line.Contains('⠉') || line.Contains('⣀') || line.Contains('⠒')).Split('┤')[1].Length);
    }

    static string Draw(params ScheduleCurve[] curves)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        TerminalChart.Draw(writer, curves);
        return writer.ToString();
    }

    static ScheduleCurve Curve(string text, long steps) => new(text, ScheduleText.Parse(text).Resolve(new RunLength(steps, steps, 1)), steps);
}
