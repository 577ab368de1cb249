using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Anneal.Cli.Machines;

/// <summary>The first signal asks a run to finish its step, save and end; a second one ends the process at once.</summary>
sealed class StopSignals : IDisposable
{
    // Slurm and its kin send it some time before a job's end (sbatch --signal=USR1@120).
    const PosixSignal User1 = (PosixSignal)10;

    readonly CancellationTokenSource source = new();
    readonly List<PosixSignalRegistration> registrations = [];
    readonly Action<string> notice;
    readonly Timer? watch;
    int exitCode;

    /// <summary>Listens from now on.</summary>
    /// <param name="notice">Told, in words, of the first signal.</param>
    /// <param name="parent">A process whose end counts as a request to end, since nobody is left to read the results; null for none.</param>
    internal StopSignals(Action<string> notice, int? parent = null)
    {
        this.notice = notice;
        if (parent is { } process)
        {
            watch = new Timer(_ =>
            {
                if (!Lives(process))
                {
                    Ask(ExitCode.Terminated);
                }
            }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }
        Listen(PosixSignal.SIGINT, ExitCode.Interrupted);
        Listen(PosixSignal.SIGTERM, ExitCode.Terminated);
        if (OperatingSystem.IsLinux())
        {
            Listen(User1, ExitCode.Requeue);
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>What the process exits with because of the signal; null before one has come.</summary>
    internal int? Code => Volatile.Read(ref exitCode) is int code and not 0 ? code : null;

    public void Dispose()
    {
        watch?.Dispose();
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    void Listen(PosixSignal signal, int code) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        // Not cancelled, a second signal does what it does to every process: it ends it.
        context.Cancel = Ask(code);
    }));

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

    static bool Lives(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
