using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Anneal.Cli;

/// <summary>The usual help, and examples where it is about the whole program.</summary>
sealed class Help : SynchronousCommandLineAction
{
    internal const int Width = 110;

    const string Examples = """
        Examples:
          anneal tune fashion-mnist --budget 10m               find a recipe, train it, report
          anneal train recipes/fashion-mnist.yaml              follow a recipe
          anneal train recipe.yaml --set batch-size=64         the same with another value
          anneal resume runs/20260321-142310-fashion-mnist     go on after an interruption
          anneal evaluate runs/20260321-142310-fashion-mnist   measure its model again
          anneal predict runs/... 17 --top 3                   what it says of test image 17

        Exit codes: 0 done, 1 failed, 2 command line or recipe, 3 data, 4 diverged, 5 out of memory,
        75 saved to be queued again, 130 and 143 saved after SIGINT and SIGTERM.

        """;

    readonly HelpAction usual;

    internal Help(HelpAction usual, int? width)
    {
        this.usual = usual;
        // A file or a pipe has no width, and must not depend on where it is written.
        usual.MaxWidth = width ?? (Console.IsOutputRedirected ? Width : Math.Clamp(Console.WindowWidth, 60, Width));
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Parent is null)
        {
            parseResult.InvocationConfiguration.Output.Write(Examples);
        }
        return code;
    }
}
