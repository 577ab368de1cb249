using System.Globalization;
using System.Runtime.InteropServices;

namespace Anneal.Cli.Machines;

/// <summary>The first signal asks a run to finish its step, save and end; a second one ends the process at once.</summary>
sealed class StopSignals : IDisposable
{
    // Slurm and its kin send it some time before a job's end (sbatch --signal=USR1@120).
    const PosixSignal User1 = (PosixSignal)10;

    /// <summary>What a study writes to a worker that is to end its training and measure what it has.</summary>
    internal const string FinishLine = "finish";

    readonly CancellationTokenSource source = new();
    readonly CancellationTokenSource finishing = new();
    readonly List<PosixSignalRegistration> registrations = [];
    readonly Action<string> notice;
    readonly bool endsWithInput;
    int exitCode;

    /// <summary>Listens from now on.</summary>
    /// <param name="notice">Told, in words, of the first signal.</param>
    /// <param name="endWithInput">Whether the end of standard input counts as SIGTERM: a pipe ends when its other side is closed or dies.</param>
    internal StopSignals(Action<string> notice, bool endWithInput = false)
    {
        this.notice = notice;
        endsWithInput = endWithInput;
        if (endWithInput)
        {
            new Thread(ReadInput) { IsBackground = true }.Start();
        }
        Listen(PosixSignal.SIGINT, ExitCode.Interrupted);
        Listen(PosixSignal.SIGTERM, ExitCode.Terminated);
        if (!IsHangupIgnored())
        {
            Listen(PosixSignal.SIGHUP, ExitCode.HungUp);
        }
        if (OperatingSystem.IsLinux())
        {
            Listen(User1, ExitCode.Requeue);
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>Cancelled by a line of input, where its end ends the process: there is no time to train to the recipe's end.</summary>
    internal CancellationToken Finish => finishing.Token;

    /// <summary>What the process exits with because of the signal; null before one has come.</summary>
    internal int? Code => Volatile.Read(ref exitCode) is int code and not 0 ? code : null;

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
    }

    void Listen(PosixSignal signal, int code) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        // Not cancelled, a second signal does what it does to every process: it ends it. A worker is asked twice by one
        // Ctrl-C, which reaches it and closes its input, and saves all the same.
        context.Cancel = Ask(code) || endsWithInput;
    }));

    // Whoever starts a run with nohup wants it to outlive the terminal; to listen would be to hear what was to be ignored.
    static bool IsHangupIgnored()
    {
        const string Ignored = "SigIgn:";
        return OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && (ulong.Parse(line.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber) & 1) != 0;
    }

    bool Ask(int code)
    {
        if (Interlocked.CompareExchange(ref exitCode, code, 0) != 0)
        {
            return false;
        }
        notice("Finishing this step and saving. Once more ends at once.");
        source.Cancel();
        return true;
    }

    void ReadInput()
    {
        try
        {
            using StreamReader input = new(Console.OpenStandardInput());
            while (input.ReadLine() is { } line)
            {
                if (line == FinishLine)
                {
                    finishing.Cancel();
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be read has nobody at its other side.
        }
        Ask(ExitCode.Terminated);
    }
}
