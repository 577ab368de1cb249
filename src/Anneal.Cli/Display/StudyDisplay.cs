using System.Diagnostics;
using Anneal.Events;
using Anneal.Search;
using Anneal.Training.Tuning;

namespace Anneal.Cli.Display;

/// <summary>Shows a study as it goes: each step's finding, each trial's result, and on a terminal what is running now.</summary>
sealed class StudyDisplay(bool json, bool quiet, TimeSpan budget, TimeSpan spent) : IStudyObserver, IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    readonly Lock turn = new();
    readonly long began = Stopwatch.GetTimestamp();
    readonly SortedDictionary<int, string> running = [];
    long shownAt;
    bool drawn;
    bool isOutputLost;

    public void Begins(int step, string title) => Line($"{Clock()}  step {Shown(step)}  {title}");

    public void Found(StepFinding finding)
    {
        if (json)
        {
            Write(StepLines.Write(finding));
        }
        Line($"{Clock()}    {(finding.Passed ? "✓" : "✗")} {finding.Finding}");
    }

    public void Started(int trial, string change)
    {
        lock (turn)
        {
            running[trial] = "starting";
        }
        Line($"{Clock()}    trial {trial} starts: {change}");
    }

    public void Happened(int trial, TrainingEvent happened)
    {
        string? state = happened switch
        {
            StepEnded step => $"step {step.Step}, loss {Words.Number(step.Loss)}, {Words.Count((long)step.ExamplesPerSecond)} images/s",
            Evaluated evaluated => $"epoch {evaluated.Epochs:0.##}, validation {Words.Percent(evaluated.Accuracy)}",
            _ => null,
        };
        if (state is null)
        {
            return;
        }
        lock (turn)
        {
            running[trial] = state;
            TimeSpan pause = Terminal.IsLive ? TimeSpan.FromSeconds(0.2) : Pause;
            if (quiet || Stopwatch.GetElapsedTime(shownAt) < pause)
            {
                return;
            }
            shownAt = Stopwatch.GetTimestamp();
            string now = $"{Clock()}    {string.Join("   ", running.Select(entry => $"[{entry.Key}] {entry.Value}"))}";
            if (Terminal.IsLive)
            {
                int width = Math.Max(20, Console.WindowWidth - 1);
                Console.Error.Write($"\r\e[K{(now.Length > width ? now[..width] : now)}");
                drawn = true;
            }
            else
            {
                Console.Error.WriteLine(now);
            }
        }
    }

    public void Ended(NotebookEntry entry)
    {
        if (json)
        {
            Write(NotebookLines.Write(entry));
        }
        lock (turn)
        {
            running.Remove(entry.Trial);
        }
        string accuracy = entry.ValidationAccuracy is { } measured ? $" {Words.Percent(measured)}" : "";
        Line($"{Clock()}    trial {entry.Trial} {entry.Outcome}{accuracy}: {entry.Conclusion}");
    }

    internal void Say(string message) => Line(message);

    public void Dispose() => Clear();

    string Clock() => $"{Words.Time(spent + Stopwatch.GetElapsedTime(began))}/{Words.Time(budget)}";

    static string Shown(int step) => step > 7 ? "final" : step.ToString();

    void Write(string line)
    {
        if (isOutputLost)
        {
            return;
        }
        try
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
        catch (IOException e)
        {
            isOutputLost = true;
            Terminal.WriteError($"The lines of JSON end here; the study goes on, and they are in its folder. {e.Message}");
        }
    }

    void Line(string text)
    {
        if (quiet)
        {
            return;
        }
        lock (turn)
        {
            Clear();
            Console.Error.WriteLine(text);
        }
    }

    void Clear()
    {
        if (drawn)
        {
            Console.Error.Write("\r\e[K");
            drawn = false;
        }
    }
}
