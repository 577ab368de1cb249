using System.CommandLine;
using System.CommandLine.Parsing;
using Anneal.Cli.Sessions;
using Anneal.Torch;

namespace Anneal.Cli.Commands;

/// <summary>The options that <c>train</c> and <c>resume</c> share.</summary>
sealed class RunOptions
{
    readonly Option<string[]> set = new("--set", "-s")
    {
        HelpName = "key=value",
        Description = "Change a recipe value, such as optimizer.momentum=0.95; may be given several times. Default: none.",
    };

    readonly Option<string?> device = new("--device") { HelpName = "device" };

    readonly Option<int?> threads = new("--threads") { HelpName = "count" };

    readonly Option<string?> precision = new("--precision")
    {
        HelpName = "kind",
        Description = "Of products and convolutions: auto, float32 or bfloat16. Default: the recipe's, which is auto: the one that measures faster.",
    };

    readonly Option<string?> layout = new("--layout")
    {
        HelpName = "order",
        Description = "Of images in memory: auto, contiguous or channels-last. Default: the recipe's, which is auto: the one that measures faster.",
    };

    readonly Option<ulong?> seed = new("--seed")
    {
        HelpName = "number",
        Description = "What all random draws derive from, a whole number from 0. Default: the recipe's, which is 0.",
    };

    readonly Option<bool> json = new("--json") { Description = "Write each event as a line of JSON to standard output. Default: a summary at the end." };

    readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Show no progress, only what needs attention. Default: progress on standard error." };

    readonly Option<bool> noEvaluate = new("--no-evaluate") { Hidden = true, Description = "Write no model and measure no test examples." };

    readonly Option<bool> noReport = new("--no-report") { Hidden = true, Description = "Write no report.html." };

    readonly Option<bool> endWithInput = new("--end-with-input") { Hidden = true, Description = "Ends when standard input does: when whoever started this run closes it, or is gone." };

    readonly bool resumes;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="resumes">Whether it goes on with a run, whose seed, precision and layout are fixed.</param>
    internal RunOptions(Command command, bool resumes)
    {
        this.resumes = resumes;
        device.Description = $"Where to train: cpu, cuda or cuda:N. Default: {(resumes ? "where the run began" : "the first CUDA device, or cpu where there is none")}.";
        threads.Description = $"Threads inside one operator, at least 1. Default: {(resumes ? "as many as the run began with" : "as many as measure fastest, at most one a physical core")}.";
        threads.Validators.Add(CheckThreads);
        command.Add(set);
        command.Add(device);
        command.Add(threads);
        if (!resumes)
        {
            command.Add(precision);
            command.Add(layout);
            command.Add(seed);
        }
        command.Add(json);
        command.Add(quiet);
        command.Add(noEvaluate);
        command.Add(noReport);
        command.Add(endWithInput);
    }

    internal bool IsJson(ParseResult parsed) => parsed.GetValue(json);

    internal bool EndsWithInput(ParseResult parsed) => parsed.GetValue(endWithInput);

    internal bool IsQuiet(ParseResult parsed) => parsed.GetValue(quiet);

    /// <summary>Recipe values that win over the recipe's text.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Overrides(ParseResult parsed)
    {
        List<KeyValuePair<string, string>> values = [.. (parsed.GetValue(set) ?? []).Select(Split)];
        if (!resumes)
        {
            // The options of their own win: they are the more deliberate.
            Add("precision", parsed.GetValue(precision));
            Add("layout", parsed.GetValue(layout));
            Add("seed", parsed.GetValue(seed)?.ToString());
        }
        return values;

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                values.Add(KeyValuePair.Create(key, value));
            }
        }
    }

    internal SessionOptions Session(ParseResult parsed) => new()
    {
        Device = parsed.GetValue(device) is { } name ? ParseDevice(name) : null,
        Threads = parsed.GetValue(threads),
        Command = CommandOf(parsed, EndsWithInput(parsed) ? [json, quiet, noEvaluate, noReport, endWithInput] : []),
        Evaluate = !parsed.GetValue(noEvaluate),
        Report = !parsed.GetValue(noReport),
    };

    internal static void CheckThreads(OptionResult result)
    {
        if (result.GetValueOrDefault<int?>() is < 1 or > 1024)
        {
            result.AddError($"--threads must be from 1 to 1024. Received: {result.Tokens[0].Value}");
        }
    }

    internal static KeyValuePair<string, string> Split(string text) => text.IndexOf('=') is > 0 and int equals
        ? KeyValuePair.Create(text[..equals].Trim(), text[(equals + 1)..])
        : throw new UsageException($"--set must be given key=value, such as --set batch-size=64. Received: {text}.");

    internal static Device ParseDevice(string name)
    {
        try
        {
            return Device.Parse(name);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--device: {e.Message}");
        }
    }

    /// <summary>The command line as one would type it.</summary>
    /// <param name="parsed">What was read of it.</param>
    /// <param name="without">Options that are left out: those by which a study talks to its workers are nobody's to type.</param>
    internal static string CommandOf(ParseResult parsed, params IEnumerable<Option> without)
    {
        HashSet<string> left = [.. without.SelectMany(option => option.Aliases.Append(option.Name))];
        return Quote(["anneal", .. parsed.Tokens.Where(token => token.Type != TokenType.Option || !left.Contains(token.Value)).Select(token => token.Value)]);
    }

    static string Quote(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+@%".Contains(c)) ? word : $"'{word.Replace("'", "'\\''")}'"));
}
