using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Anneal.Cli.Commands;
using Anneal.Cli.Display;
using Anneal.Text;

namespace Anneal.Cli;

/// <summary>The program: reads a command line, runs its command, and turns what goes wrong into one message and an exit code.</summary>
static class CommandLine
{
    internal static int Run(string[] arguments)
    {
        ParserConfiguration parsing = new() { ResponseFileTokenReplacer = null };
        InvocationConfiguration invoking = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            ParseResult parsed = Root().Parse(arguments, parsing);
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
            {
                throw new UsageException(Explain(parsed));
            }
            return parsed.Invoke(invoking);
        }
        catch (Exception exception) when (Environment.GetEnvironmentVariable(Failure.TraceVariable) != "1")
        {
            Failure failure = Failure.Of(exception);
            Terminal.WriteError(failure.Message);
            return failure.Code;
        }
    }

    /// <summary>All commands. Nothing here may touch libtorch or draw: it is built for every command, --help included.</summary>
    internal static RootCommand Root()
    {
        RootCommand root = new("Anneal trains neural networks: give it data; it finds the recipe, follows it, and shows its evidence.")
        {
            TuneCommand.Create(),
            TrainCommand.Create(),
        };
        return root;
    }

    static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = $"See '{PathOf(parsed.CommandResult)} --help'.";
        if (parsed.UnmatchedTokens is [string unknown, ..])
        {
            bool isOption = unknown.StartsWith('-');
            IEnumerable<string> known = isOption
                ? command.Options.Where(option => !option.Hidden).Select(option => option.Name)
                : command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
            string what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            string meant = Suggestion.Closest(unknown, known) is { } closest ? $" Did you mean '{closest}'?"
                : !isOption && unknown.Contains('=') && command.Options.Any(option => option.Name == "--set") ? $" Did you mean '--set {unknown}'?"
                : "";
            string exist = what == "command" ? $" Commands: {string.Join(", ", known)}." : "";
            return what == "argument"
                ? $"'{PathOf(parsed.CommandResult)}' takes no further argument. Received: {unknown}.{meant} {help}"
                : $"No {what} named '{unknown}'.{meant}{exist} {help}";
        }
        return $"{parsed.Errors[0].Message.TrimEnd('.')}. {help}";
    }

    static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "anneal";
}
