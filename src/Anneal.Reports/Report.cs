using System.Security.Cryptography;
using System.Text;
using Anneal.Reports.Charts;
using Anneal.Reports.Markup;
using Anneal.Reports.Sections;

namespace Anneal.Reports;

/// <summary>A run or a study as one HTML file that opens without a network and needs nothing beside it.</summary>
public static class Report
{
    /// <summary>The report's name in a run folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Reads a run's or a study's folder and writes <c>report.html</c> into it, in place of an earlier one.</summary>
    /// <returns>The path of the file.</returns>
    /// <remarks>A study's trials get a report each in their own folders, which its own links to.</remarks>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static string Write(string folder)
    {
        RunFolder run = RunFolder.Read(folder);
        run = run with { Trials = [.. run.Trials.Select(trial => trial with { HasReport = WriteTrial(folder, trial) })] };
        return Write(folder, run);
    }

    // One trial that cannot be written does not cost the study its report.
    static bool WriteTrial(string study, TrialFolder trial)
    {
        string folder = Path.Combine(study, "trials", trial.Name);
        try
        {
            Write(folder, RunFolder.Read(folder) with { StudyHasReport = true });
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return trial.HasReport;
        }
    }

    static string Write(string folder, RunFolder run)
    {
        string path = Path.Combine(folder, FileName);
        string page = Render(run);
        // A reader who reloads the page while it is written sees the old one or the new one, never half of one.
        // Two that write it at once have a file each.
        string temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            File.WriteAllText(temporary, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        return path;
    }

    /// <summary>The page as text. It depends on nothing but the folder's content, so the same content gives the same page.</summary>
    public static string Render(RunFolder run)
    {
        ChartSet charts = new();
        Study study = new(run);
        RunHistory final = new(run.Events);
        List<Section> sections = [];
        if (run.IsStudy)
        {
            sections.AddRange(StepsSection.Make(run, charts), RangeTestSection.Make(run, charts), NotebookSection.Make(study, charts));
        }

        sections.AddRange(CurvesSection.Make(run, final, study, charts), ScheduleSection.Make(final, study, charts));
        // Test examples are for a study's result alone: its trials never see them.
        if (run.Study is null || run.Evaluation is not null)
        {
            sections.AddRange(ConfusionSection.Make(run), CalibrationSection.Make(run), PredictionsSection.Make(run));
        }

        sections.Add(ReproduceSection.Make(run));

        string style = Resource("uPlot.css") + "\n" + Resource("page.css") + "\n" + HeatScale.StyleSheet();
        string library = $"/* uPlot 1.6.32\n{Resource("uPlot.LICENSE")}*/\n{Resource("uPlot.js")}";
        string script = Resource("numbers.js") + "\n" + Resource("plot.js") + "\n" + Resource("page.js");
        // Nothing may be loaded from anywhere, and only these very scripts may run: text from a run folder
        // that slipped past the escaping would still be dead.
        string policy = $"default-src 'none'; img-src data:; style-src {Hash(style)}; script-src {Hash(library)} {Hash(script)}; base-uri 'none'; form-action 'none'";

        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="{policy}"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{Headline.Title(run, final, study)}</title>
            <link rel="icon" href="data:,"/>
            <style>{Html.Trusted(style)}</style>
            </head>
            <body>
            <a class="skip" href="#summary">Skip to the report</a>
            <nav class="contents" aria-label="Contents"><ol><li><a href="#summary">Summary</a></li>{sections.Select(section => Html.Of($"""<li><a href="#{section.Anchor}">{section.Title}</a></li>"""))}</ol></nav>
            <main>
            {Headline.ToHtml(run, final, study)}{sections.Select(section => section.ToHtml())}<noscript><p class="missing">The curves are drawn by scripts inside this file, which this browser does not run. Everything else is here.</p></noscript>
            <footer><p>{(run.Information is { } information ? $"Made by Anneal {information.Anneal} on libtorch {information.Libtorch}." : "Made by Anneal.")} This file is complete: it loads nothing.</p></footer>
            </main>
            <div id="tip" hidden="hidden"></div>
            <div id="spoken" class="unseen" aria-live="polite"></div>
            <script type="application/json" id="charts">{charts.ToJson()}</script>
            <script>{Html.Trusted(library)}</script>
            <script>{Html.Trusted(script)}</script>
            </body>
            </html>

            """).ToString();
    }

    // Hash sources of CSP level 3: over the element's text as UTF-8.
    static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    static string Resource(string name)
    {
        using Stream stream = typeof(Report).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly must embed '{name}'; see Anneal.Reports.csproj.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
