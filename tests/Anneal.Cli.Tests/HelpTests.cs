using System.CommandLine;

namespace Anneal.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public void IsTheCheckedInText()
    {
        Command root = CommandLine.Root(Help.Width);
        using StringWriter text = new() { NewLine = "\n" };
        foreach (string[] arguments in root.Subcommands.Where(command => !command.Hidden).Select(command => new[] { command.Name, "--help" }).Prepend(["--help"]))
        {
            text.WriteLine($"$ anneal {string.Join(' ', arguments)}");
            root.Parse(arguments).Invoke(new InvocationConfiguration { Output = text });
        }
        string received = string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()));
        string checkedIn = Path.Combine(AppContext.BaseDirectory, "help.txt");
        // Beside the expected text, to be copied over it where the change was meant.
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "help.received.txt"), received);
        Assert.Equal(File.ReadAllText(checkedIn), received);
    }

    [Fact]
    public void DescribesEveryOptionWithItsDefault()
    {
        Command root = CommandLine.Root(Help.Width);
        foreach (Command command in root.Subcommands)
        {
            Assert.All(command.Options.Where(option => !option.Hidden), option => Assert.Contains("Default:", option.Description));
            Assert.All(command.Arguments, argument => Assert.EndsWith(".", argument.Description));
        }
    }
}
