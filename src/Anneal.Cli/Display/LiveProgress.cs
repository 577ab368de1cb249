using Anneal.Durations;
using Anneal.Events;
using Spectre.Console;

namespace Anneal.Cli.Display;

/// <summary>A few lines at the foot of a terminal that are redrawn while the run goes on.</summary>
sealed class LiveProgress : ProgressDisplay
{
    static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    readonly string title;
    readonly RunProgress progress;
    readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Error),
        ColorSystem = Terminal.ErrorHasColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
    });
    readonly Lock access = new();
    readonly ManualResetEventSlim ended = new();
    readonly Thread drawing;

    internal LiveProgress(string title, RunLength length)
    {
        this.title = title;
        progress = new RunProgress(length);
        // Drawing never makes the training wait.
        drawing = new Thread(Draw) { IsBackground = true, Name = "progress" };
        drawing.Start();
    }

    public override void See(TrainingEvent happened)
    {
        lock (access)
        {
            progress.See(happened);
        }
    }

    internal override void Say(string notice)
    {
        if (ended.IsSet)
        {
            base.Say(notice);
            return;
        }
        // Spectre moves the display down beneath what is written through its console.
        console.Write(new Markup($"[yellow]anneal:[/] {Markup.Escape(notice)}\n"));
    }

    public override void Dispose()
    {
        ended.Set();
        drawing.Join();
        base.Dispose();
    }

    void Draw()
    {
        try
        {
            console.Live(Picture()).Start(context =>
            {
                while (!ended.Wait(Redraw))
                {
                    context.UpdateTarget(Picture());
                }
                context.UpdateTarget(Picture());
            });
        }
        catch (Exception e)
        {
            // What a thread does not catch ends the process; a picture is not worth that.
            Terminal.WriteError($"The progress is shown no longer; the training goes on. {e.Message}");
        }
    }

    Rows Picture()
    {
        lock (access)
        {
            Grid numbers = new();
            numbers.AddColumn(new GridColumn().NoWrap().PadRight(3));
            numbers.AddColumn(new GridColumn().NoWrap().PadRight(3));
            numbers.AddColumn(new GridColumn().NoWrap().PadRight(3));
            numbers.AddColumn(new GridColumn().NoWrap());
            StepEnded? latest = progress.Latest;
            numbers.AddRow(
                Pair("epoch", $"{progress.Epoch}/{progress.Epochs}"),
                Pair("step", $"{progress.Step}/{progress.Steps}"),
                Pair("elapsed", Words.Time(progress.Elapsed)),
                Pair("left", progress.Left is { } left ? Words.Time(left) : "…"));
            numbers.AddRow(
                Pair("rate", latest is null ? "…" : Words.Number(latest.Values.GetValueOrDefault("learning-rate"))),
                Pair("loss", latest is null ? "…" : Words.Number(latest.Loss)),
                Pair("accuracy", progress.Validation is { } validation ? $"{Words.Percent(validation.Accuracy)} (best {Words.Percent(progress.Best ?? 0)})" : "…"),
                Pair("images/s", latest is null ? "…" : Words.Count((long)latest.ExamplesPerSecond)));
            BreakdownChart bar = new BreakdownChart()
                .HideTags()
                .AddItem("done", Math.Max(progress.Share, 1e-6), Color.Green)
                .AddItem("left", Math.Max(1 - progress.Share, 1e-6), Color.Grey23);
            return new Rows(new Markup($"[bold]{Markup.Escape(title)}[/]"), bar, numbers);
        }
    }

    static Markup Pair(string name, string value) => new($"[grey]{name}[/] {Markup.Escape(value)}");
}
