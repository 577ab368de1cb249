using System.Globalization;
using System.Buffers;
using System.Text;
using System.Text.Json;
using Anneal.Reports.Markup;

namespace Anneal.Reports.Charts;

/// <summary>The charts of one page: each leaves its frame in the text, and all data go into one JSON block at the end.</summary>
sealed class ChartSet
{
    readonly List<Chart> charts = [];

    /// <summary>The chart's frame; <see cref="Html.None"/> where it would have no finite point.</summary>
    public Html Add(Chart chart)
    {
        IReadOnlyList<Series> drawn = [.. chart.Series.Where(series => series.Curve.Y?.Any(double.IsFinite) == true)];
        if (drawn.Count == 0)
        {
            return Html.None;
        }

        charts.Add(chart with { Series = drawn });
        return Html.Of($"""
            <figure class="chart{(chart.Tall ? " tall" : "")}"><figcaption>{chart.Title}</figcaption>
            <div class="legend"></div>
            <div class="plot" data-chart="{charts.Count - 1}" role="group" aria-roledescription="chart" tabindex="0" aria-label="{Describe(chart, drawn)}"></div></figure>

            """);
    }

    /// <summary>A group of small charts side by side.</summary>
    public static Html Row(params IEnumerable<Html> charts)
    {
        Html joined = Html.Join(charts);
        return joined.IsNone ? joined : Html.Of($"""<div class="charts">{joined}</div>""");
    }

    public Html ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        // The writer's default encoder escapes <, > and &, so no text can end the script element it stands in.
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartArray();
            foreach (Chart chart in charts)
            {
                Write(json, chart);
            }

            json.WriteEndArray();
        }
        return Html.Trusted(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    static string Describe(Chart chart, IReadOnlyList<Series> drawn)
    {
        IEnumerable<Series> named = drawn.Where(series => series.Tone != Tone.Quiet);
        IEnumerable<string> ends = named.Take(6).Select(series =>
        {
            double[] finite = [.. series.Curve.Y.Where(double.IsFinite)];
            return $"{series.Name} from {Show(chart, finite[0])} to {Show(chart, finite[^1])}";
        });
        return $"{chart.Title}: {chart.Y} over {chart.X}. {string.Join("; ", ends)}. Arrow keys read the values, + and − zoom.";
    }

    static string Show(Chart chart, double value) => chart.Percent ? Numerals.Percent(value) : Numerals.Significant(value);

    static void Write(Utf8JsonWriter json, Chart chart)
    {
        json.WriteStartObject();
        json.WriteString("title", chart.Title);
        json.WriteString("x", chart.X);
        json.WriteString("y", chart.Y);
        json.WriteBoolean("logX", chart.LogX);
        json.WriteBoolean("logY", chart.LogY);
        json.WriteBoolean("percent", chart.Percent);
        json.WriteBoolean("smoothable", chart.Smoothable);
        WriteLimit(json, "ceiling", chart.Ceiling);
        WriteLimit(json, "floor", chart.Floor);
        WriteLimit(json, "from", chart.From);
        WriteLimit(json, "to", chart.To);
        if (chart.Together is not null)
        {
            json.WriteString("together", chart.Together);
        }

        json.WriteStartArray("series");
        foreach (Series series in chart.Series)
        {
            json.WriteStartObject();
            json.WriteString("name", series.Name);
            json.WriteString("group", series.Group);
            json.WriteNumber("tone", (int)series.Tone);
            json.WriteBoolean("dashed", series.Dashed);
            json.WriteBoolean("scattered", series.Scattered);
            json.WriteBoolean("stepped", series.Stepped);
            WriteNumbers(json, "xs", series.Curve.X, "G7");
            WriteNumbers(json, "ys", series.Curve.Y, "G5");
            WriteAxes(json, chart, series);
            if (series.Labels.Count > 0)
            {
                json.WriteStartArray("labels");
                foreach (string label in series.Labels)
                {
                    json.WriteStringValue(label);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("marks");
        foreach (Mark mark in chart.Marks.Where(mark => double.IsFinite(mark.X)))
        {
            json.WriteStartObject();
            json.WriteNumber("x", mark.X);
            json.WriteString("label", mark.Label);
            json.WriteBoolean("chosen", mark.Chosen);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // What else the same points can be drawn over: a factor of x, or a number for each.
    static void WriteAxes(Utf8JsonWriter json, Chart chart, Series series)
    {
        json.WriteStartObject("axes");
        if (series.StepsPerEpoch is { } steps && double.IsFinite(steps) && steps > 0)
        {
            switch (chart.X)
            {
                case "epochs":
                    json.WriteNumber("steps", steps);
                    break;
                case "steps":
                    json.WriteNumber("epochs", 1 / steps);
                    break;
            }
        }

        if (series.Curve.Seconds is { } seconds && seconds.All(double.IsFinite))
        {
            WriteNumbers(json, "time", seconds, "G6");
        }

        json.WriteEndObject();
    }

    static void WriteLimit(Utf8JsonWriter json, string name, double? limit)
    {
        if (limit is { } value && double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
    }

    // A screen shows no more digits than these, and the file is half as large with them.
    static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values, string digits)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            if (double.IsFinite(value))
            {
                json.WriteRawValue(value.ToString(digits, CultureInfo.InvariantCulture), skipInputValidation: true);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }
}
