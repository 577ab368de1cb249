namespace Anneal.Cli.Tests.Programs;

/// <summary>What a user may not read or write is named, and costs no more than itself.</summary>
public sealed class ForbiddenTests : IDisposable
{
    readonly AnnealProgram anneal = new();

    public void Dispose()
    {
        // The folder's own clean-up may not enter what is forbidden either.
        anneal.Shell("chmod -R u+rwX .");
        anneal.Dispose();
    }

    [Fact]
    public void IsNamedWithWhatToDo()
    {
        // Root may do everything; as somebody else it may not.
        string somebody = Environment.IsPrivilegedProcess ? "setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=$PWD " : "";
        Assert.SkipUnless(anneal.Shell($"chmod 755 .; {somebody}test -r recipe.yaml").Code == 0, "No other user can be tried here.");
        anneal.Shell("""
            anneal train recipe.yaml --out runs/good --threads 1 --quiet --no-report
            cp -r runs/good runs/hidden; cp -r runs/good runs/locked; cp recipe.yaml secret.yaml; chmod -R a+rX .
            chmod 0 runs/hidden/events.jsonl runs/locked/.lock secret.yaml; chmod 555 runs/good runs
            """);
        Result Try(string arguments) => anneal.Shell($"{somebody}dotnet '{AnnealProgram.Program}' {arguments}");

        Result runs = Try("runs runs");
        Assert.Equal((0, ""), (runs.Code, runs.Error));
        Assert.Matches("(?m)^good .*completed", runs.Output);
        Assert.Matches("(?m)^hidden .*unreadable", runs.Output);
        Assert.Matches("(?m)^locked .*completed", runs.Output);

        foreach ((string arguments, string message) in new[]
        {
            ("inspect secret.yaml", "secret.yaml' is denied. See to it that this user may read and write there, or name another place."),
            ("doctor runs/hidden", "events.jsonl' is denied. See to it"),
            ("resume runs/good --set duration=9ep", "A run's folder must be one that can be written."),
            ("train recipe.yaml --threads 1 --out runs/new", "A run's folder must be one that can be made and written."),
            ("schedule 'cosine(from=1, to=0)' --steps 5 --svg runs/x.svg", "--svg must name a file that can be written. Received: runs/x.svg."),
        })
        {
            Result result = Try(arguments);
            Assert.Contains(message, result.Error);
            Assert.Equal((arguments, 1), (arguments, result.Code));
        }
    }
}
