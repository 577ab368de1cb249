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
            // 'anneal help train' is what many programs understand.
            ParseResult parsed = Root().Parse(arguments is [] ? ["--help"] : arguments is ["help", ..] ? [.. arguments[1..], "--help"] : arguments, parsing);
            if (parsed.Action is not Help && StrayOption(parsed) is { } stray)
            {
                throw new UsageException(NoOption(parsed, stray));
            }
            bool isOfNoCommand = parsed.CommandResult.Parent is null && parsed.UnmatchedTokens.Count > 0;
            if (parsed.Errors.Count > 0 && (parsed.Action is not Help || isOfNoCommand))
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
    /// <param name="helpWidth">Columns that help may take; null for what the terminal has.</param>
    internal static Command Root(int? helpWidth = null)
    {
        HelpOption help = new() { Description = "Show this text." };
        help.Action = new Help((HelpAction)help.Action!, helpWidth);
        VersionOption version = new() { Description = "Show Anneal's version." };
        return new Command("anneal", "Anneal trains neural networks. Give it data; it finds the recipe, follows it, and shows its evidence.")
        {
            help,
            version,
            TuneCommand.Create(),
            TrainCommand.Create(),
            ResumeCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            LrFindCommand.Create(),
            ScheduleCommand.Create(),
            InspectCommand.Create(),
            RunsCommand.Create(),
            ReportCommand.Create(),
            DoctorCommand.Create(),
        };
    }

    static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = $"See '{PathOf(parsed.CommandResult)} --help'.";
        if (parsed.UnmatchedTokens is [string unknown, ..])
        {
            if (unknown.StartsWith('-'))
            {
                return NoOption(parsed, unknown);
            }
            string[] commands = [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)];
            if (commands.Length > 0)
            {
                return $"No command named '{unknown}'.{Meant(unknown, commands)} Commands: {string.Join(", ", commands)}. {help}";
            }
            string meant = unknown.Contains('=') && command.Options.Any(option => option.Name == "--set") ? $" Did you mean '--set {unknown}'?" : "";
            return $"'{PathOf(parsed.CommandResult)}' takes no further argument. Received: {unknown}.{meant} {help}";
        }
        // The parser names .NET's types where a value is none of theirs.
        OptionResult? wrong = parsed.Errors[0].SymbolResult as OptionResult;
        if (wrong is { Tokens: [{ } given] } && Kind(wrong.Option.ValueType) is { } kind)
        {
            return $"{wrong.Option.Name} must be {kind}. Received: {given.Value}. {help}";
        }
        if (wrong is { Tokens: [] } && wrong.Option.Arity.MinimumNumberOfValues > 0)
        {
            return $"{wrong.Option.Name} needs <{wrong.Option.HelpName}>. {wrong.Option.Description} {help}";
        }
        if (command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is null or { Tokens: [] }) is { } missing)
        {
            return $"'{PathOf(parsed.CommandResult)}' needs <{missing.HelpName ?? missing.Name}>. {missing.Description} {help}";
        }
        return $"{parsed.Errors[0].Message.TrimEnd('.')}. {help}";
    }

    static string? Kind(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(ulong) ? "a whole number of at least 0"
            : plain == typeof(int) || plain == typeof(long) ? "a whole number"
            : plain == typeof(double) ? "a number"
            : null;
    }

    // The parser takes an unknown option for an argument where one fits; a person who writes a dash means an option.
    static string? StrayOption(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument && token.Value is ['-', not (>= '0' and <= '9'), ..]
            && parsed.CommandResult.Children.OfType<ArgumentResult>().Any(argument => argument.Tokens.Contains(token)))?.Value;

    static string NoOption(ParseResult parsed, string unknown) => parsed.CommandResult.Command.Options.Any(option => option.Name == unknown || option.Aliases.Contains(unknown))
        ? $"Options come after their command. Received: {unknown} before '{parsed.CommandResult.Command.Name}'. See '{PathOf(parsed.CommandResult)} --help'."
        : $"No option named '{unknown}'.{Meant(unknown, parsed.CommandResult.Command.Options.Where(option => !option.Hidden).Select(option => option.Name))} " +
        $"See '{PathOf(parsed.CommandResult)} --help'.";

    static string Meant(string received, IEnumerable<string> known) =>
        Suggestion.Closest(received, known) is { } closest ? $" Did you mean '{closest}'?" : "";

    static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "anneal";
}
