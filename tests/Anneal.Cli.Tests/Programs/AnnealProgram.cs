using System.Diagnostics;
using Anneal.Testing;

namespace Anneal.Cli.Tests.Programs;

/// <summary>The real program in processes of its own, in a folder with a tiny data set and a recipe.</summary>
public sealed class AnnealProgram : IDisposable
{
    public const string Recipe = """
        data: data
        model: {name: mlp, hidden: [16]}
        learning-rate: 0.02
        batch-size: 20
        duration: 3ep
        log-every: 3st
        """;

    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Anneal.Cli.dll");

    readonly TemporaryFolder folder = new();

    public AnnealProgram()
    {
        TinyData.WriteTo(folder.File("data"));
        File.WriteAllText(folder.File("recipe.yaml"), Recipe);
    }

    public string Folder => folder.Path;

    public string PathOf(string name) => folder.File(name);

    /// <summary>Starts it; the caller reads its output and waits.</summary>
    public Process Start(params string[] arguments) => Launch("dotnet", [Program, .. arguments]);

    /// <summary>Runs it to its end.</summary>
    public Result Run(params string[] arguments) => Finish(Start(arguments));

    /// <summary>Runs it where no file may grow beyond so many KiB, as on a disk that is full.</summary>
    public Result RunOnFullDisk(int kibibytes, params string[] arguments) =>
        // .NET keeps the code it compiles in a file in memory, which counts too unless it may write where it executes.
        Finish(Launch("bash", ["-c", $"trap '' XFSZ; ulimit -f {kibibytes}; DOTNET_EnableWriteXorExecute=0 exec dotnet \"$@\"", "bash", Program, .. arguments]));

    /// <summary>Runs it with a redirection of the shell's, such as <c>2&gt;&amp;-</c>.</summary>
    public Result RunWith(string redirection, params string[] arguments) => Finish(StartWith(redirection, arguments));

    public Process StartWith(string redirection, params string[] arguments) =>
        Launch("bash", ["-c", $"exec dotnet \"$@\" {redirection}", "bash", Program, .. arguments]);

    /// <summary>Runs lines of bash, which know the program as <c>anneal</c>.</summary>
    public Result Shell(string lines) => Finish(Launch("bash", ["-c", $"anneal() {{ dotnet '{Program}' \"$@\"; }}\n{lines}"]));

    /// <summary>Runs it where there is no native library.</summary>
    public Result RunWithout(params string[] arguments) => Finish(Launch("dotnet", [Program, .. arguments], native: "/nowhere/libanneal_torch.so"));

    /// <summary>Starts it in a terminal of its own, where it ignores that the terminal hangs up; the process returned is the terminal.</summary>
    public Process StartInTerminal(params string[] arguments) =>
        Launch("script", ["--quiet", "--command", $"trap '' HUP; TERM=xterm exec dotnet {Program} {string.Join(' ', arguments)}", "/dev/null"]);

    public static Result Finish(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            return new Result(process.ExitCode, output.Result, error.Result);
        }
    }

    public static void Signal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [signal, process.Id.ToString()]);
        kill.WaitForExit();
    }

    public void Dispose() => folder.Dispose();

    Process Launch(string file, string[] arguments, string? native = null)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Remove("ANNEAL_DATA");
        start.Environment["ANNEAL_CACHE"] = PathOf("cache");
        if (native is not null)
        {
            start.Environment["ANNEAL_NATIVE"] = native;
        }
        return Process.Start(start)!;
    }
}

public sealed record Result(int Code, string Output, string Error);
