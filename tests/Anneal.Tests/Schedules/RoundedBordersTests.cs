using System.Globalization;
using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

/// <summary>Shares of a run that sum to at most 1 fit a run of any length, and what they cut it into is the run.</summary>
public class RoundedBordersTests
{
    static RunLength Steps(long steps) => new(steps, steps, 1);

    [Fact]
    public void HalvesOfAnOddRunFit()
    {
        for (long steps = 1; steps <= 200; steps++)
        {
            Trapezoid schedule = Assert.IsType<Trapezoid>(ScheduleText.Parse("trapezoid(peak=1, up=0.5run, down=0.5run)").Resolve(Steps(steps)));
            Assert.Equal(steps, schedule.Up + schedule.Down);
        }
        Assert.Equal(new Trapezoid(1, 3, 2, 5), ScheduleText.Parse("trapezoid(peak=1, up=0.5run, down=0.5run)").Resolve(Steps(5)));
    }

    [Fact]
    public void WhatDoesNotFitIsStillRefused() => Assert.Contains(
        "up and down must fit into the steps. Received: up=3, down=3, in 5 steps.",
        Assert.Throws<ScheduleFormatException>(() => ScheduleText.Parse("trapezoid(peak=1, up=3st, down=3st)").Resolve(Steps(5))).Message);

    public static TheoryData<string> Kinds =>
    [
        "trapezoid(peak=1, up={0}run, down={1}run)",
        "trapezoid(peak=1, up={0}run, down={1}run, shape=sqrt)",
        "spec-augment(peak=1, ramp={0}run, hold-until={01}run, decay-until={012}run)",
        "multi-step(1, at=[{0}run, {01}run, {012}run])",
        "inverse-sqrt(1, warmup={0}run)",
        "inverse-sqrt(1, warmup={0}run, timescale={1}run)",
        "noam(model=512, warmup={0}run)",
        "step(1, every={0}run)",
        "restarts(from=1, to=0, first={0}run)",
        "restarts(from=1, to=0, first={0}run, multiply=2)",
        "triangular(min=0, max=1, half={0}run)",
        "triangular2(min=0, max=1, half={0}run)",
        "exp-range(min=0, max=1, half={0}run, gamma=0.9)",
        "one-cycle(max=1, up={0})",
        "one-cycle-momentum(up={0})",
        "linear(from=0, to=1) for {0}run then constant(1) for {1}run then cosine(from=1, to=0)",
        "linear(from=0, to=1) for {0}run then constant(1) for {1}run then cosine(from=1, to=0) for {2}run",
        "one-cycle(max=1) for {0}run then one-cycle(max=0.5) for {1}run then trapezoid(peak=1, up={2}run, down=0run) for {2}run",
        "constant(1) for {0}run then trapezoid(peak=1, up={1}run, down={2}run) for {12}run",
        "constant(1) for {0}run then noam(model=64, warmup={1}run) for {1}run then inverse-sqrt(1, warmup={2}run) for {2}run",
        "linear(from=0, to=1) for {0}run then plateau(1)",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SharesFitEveryRun(string kind)
    {
        Random random = new(7);
        for (long steps = 1; steps <= 200; steps++)
        {
            for (int i = 0; i < 12; i++)
            {
                string text = Fill(kind, Shares(random, i));
                Schedule schedule = ScheduleText.Parse(text).Resolve(Steps(steps));
                for (long step = 0; step <= steps; step++)
                {
                    double value = schedule.At(step);
                    Assert.True(value is >= 0 and <= 1, $"{value} at step {step} of {steps}: {text}");
                }
            }
        }
    }

    [Fact]
    public void PiecesCutTheRunAtTheirRoundedBorders()
    {
        Random random = new(8);
        for (long steps = 1; steps <= 200; steps++)
        {
            decimal[] shares = Shares(random, (int)(steps % 12));
            Schedule schedule = ScheduleText.Parse(Fill("constant(1) for {0}run then constant(2) for {1}run then constant(3)", shares)).Resolve(Steps(steps));
            long first = (long)Math.Floor(shares[0] * steps + 0.5m), second = (long)Math.Floor((shares[0] + shares[1]) * steps + 0.5m);
            for (long step = 0; step < steps; step++)
            {
                Assert.Equal(step < first ? 1 : step < second ? 2 : 3, schedule.At(step));
            }
        }
    }

    [Theory]
    [InlineData("restarts(from=1, to=0, first=0.25run)", 4)]
    [InlineData("restarts(from=1, to=0, first=0.1run)", 10)]
    [InlineData("constant(0.5) for 0.5run then restarts(from=1, to=0, first=0.25run)", 2)]
    public void RepetitionsEndWithTheRun(string text, int cycles)
    {
        for (long steps = cycles * 3; steps <= 200; steps++)
        {
            Schedule schedule = ScheduleText.Parse(text).Resolve(Steps(steps));
            Assert.Equal(cycles, Enumerable.Range(0, (int)steps).Count(step => schedule.At(step) == 1));
            // Where the run ends, the last cycle does.
            Assert.Equal(1, schedule.At(steps));
            Assert.Equal(0, schedule.Approaching(steps));
        }
    }

    [Fact]
    public void AStaircaseHasItsStairs()
    {
        for (long steps = 5; steps <= 200; steps++)
        {
            Schedule schedule = ScheduleText.Parse("step(1, every=0.2run, factor=0.5)").Resolve(Steps(steps));
            Assert.Equal([1, 0.5, 0.25, 0.125, 0.0625], Enumerable.Range(0, (int)steps).Select(step => schedule.At(step)).Distinct());
        }
    }

    [Fact]
    public void ATriangleEndsWhereTheRunDoes()
    {
        for (long steps = 10; steps <= 200; steps++)
        {
            Schedule schedule = ScheduleText.Parse("triangular(min=0, max=1, half=0.1run)").Resolve(Steps(steps));
            Assert.Equal(5, Enumerable.Range(0, (int)steps).Count(step => schedule.At(step) == 1));
            Assert.Equal(0, schedule.At(steps));
        }
    }

    static string Fill(string kind, decimal[] shares) => kind
        .Replace("{012}", Text(shares[0] + shares[1] + shares[2]), StringComparison.Ordinal)
        .Replace("{01}", Text(shares[0] + shares[1]), StringComparison.Ordinal)
        .Replace("{12}", Text(shares[1] + shares[2]), StringComparison.Ordinal)
        .Replace("{0}", Text(shares[0]), StringComparison.Ordinal)
        .Replace("{1}", Text(shares[1]), StringComparison.Ordinal)
        .Replace("{2}", Text(shares[2]), StringComparison.Ordinal);

    static string Text(decimal share) => share.ToString(CultureInfo.InvariantCulture);

    // Three shares above 0 that sum to 1 at most: tenths, hundredths, and long ones.
    static decimal[] Shares(Random random, int i)
    {
        int whole = (i % 3) switch { 0 => 10, 1 => 100, _ => 1_000_000 };
        int first = 1 + random.Next(whole - 2);
        int second = 1 + random.Next(whole - first - 1);
        int third = i % 2 == 0 ? whole - first - second : 1 + random.Next(whole - first - second);
        return [(decimal)first / whole, (decimal)second / whole, (decimal)third / whole];
    }
}
