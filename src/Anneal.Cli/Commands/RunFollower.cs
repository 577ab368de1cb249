using System.CommandLine;
using Anneal.Cli.Display;
using Anneal.Cli.Machines;
using Anneal.Cli.Sessions;
using Anneal.Events;
using Anneal.Training.Recipes;

namespace Anneal.Cli.Commands;

/// <summary>Runs a session with a display, files and signals around it, and says how it ended.</summary>
static class RunFollower
{
    /// <summary>Opens a session and runs it.</summary>
    /// <param name="open">Makes the session; given where to say what it finds.</param>
    /// <param name="json">Whether events go to standard output.</param>
    /// <param name="quiet">Whether no progress is shown.</param>
    /// <param name="endWithInput">Whether the end of standard input asks the run to end.</param>
    /// <returns>The process's exit code.</returns>
    internal static int Follow(Func<Action<string>, RunSession> open, bool json, bool quiet, bool endWithInput)
    {
        using RunSession session = open(Terminal.WriteError);
        session.Remarks.ToList().ForEach(Terminal.WriteError);
        SessionResult result;
        int? signalled;
        using (ProgressDisplay display = ProgressDisplay.For(Title(session), session.Length, quiet))
        using (StopSignals signals = new(display.Say, endWithInput))
        {
            display.Recall(session.Past);
            List<IRunObserver> observers = [display, new TensorBoardFile(session.Folder)];
            if (json)
            {
                observers.Add(new JsonLines(Console.Out));
            }
            using (ObserverSet watching = new(observers, Terminal.WriteError))
            {
                result = session.Run(watching, display.Say, signals.Token, signals.Finish);
            }
            signalled = signals.Code;
        }
        if (!json)
        {
            try
            {
                Summarize(session, result);
            }
            catch (IOException e)
            {
                // The run is what was asked for, and it is in its folder.
                Terminal.WriteError($"The summary could not be written; the run is whole, in {Relative(session.Folder)}. {e.Message}");
            }
        }
        if (result.Ended.Outcome == "diverged")
        {
            Terminal.WriteError(result.Ended.Reason);
            return ExitCode.Diverged;
        }
        if (result.Unmeasured is { } why)
        {
            Terminal.WriteError(why);
            return ExitCode.Failed;
        }
        if (signalled is { } code)
        {
            Terminal.WriteError(result.IsSaved
                ? $"Saved. To go on: anneal resume {Relative(session.Folder)}"
                : $"What was trained since the last checkpoint is lost: it could not be written. To go on from there: anneal resume {Relative(session.Folder)}");
            return code;
        }
        return ExitCode.Ok;
    }

    /// <summary>A folder as one would type it here.</summary>
    internal static string Relative(string folder)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        return relative.StartsWith("..", StringComparison.Ordinal) ? folder : relative;
    }

    static string Title(RunSession session) =>
        $"{RecipeText.Standard.NameOf(session.Recipe.Model)} on {Words.NameOf(session.Recipe.Data)}, {session.Recipe.Duration}, in {Relative(session.Folder)}\n{session.Execution}";

    static void Summarize(RunSession session, SessionResult result)
    {
        TextWriter writer = Console.Out;
        writer.WriteLine($"outcome         {result.Ended.Outcome}: {result.Ended.Reason}");
        if (result.Best is { } best)
        {
            writer.WriteLine($"weights         of step {best.Step}, the best {session.Recipe.Checkpoints.Best!.Metric}");
        }
        else if (result.Ended.Outcome == "stopped" && session.Recipe.FinalWeights == FinalWeights.Last)
        {
            writer.WriteLine("weights         of the last step; those of the best checkpoint with final-weights: best");
        }
        if (result.Evaluation is { } evaluation)
        {
            writer.WriteLine($"test accuracy   {Words.Percent(evaluation.Accuracy)} of {Words.Count(evaluation.Examples)}");
            writer.WriteLine($"calibration     {Words.Calibration(evaluation)}");
        }
        writer.WriteLine($"training time   {Words.Time(TimeSpan.FromSeconds(result.Ended.Seconds))}");
        writer.WriteLine($"folder          {Relative(session.Folder)}");
    }
}
