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
    int exitCode;

    /// <summary>Listens from now on.</summary>
    /// <param name="notice">Told, in words, of the first signal.</param>
    internal StopSignals(Action<string> notice)
    {
        this.notice = notice;
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
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    void Listen(PosixSignal signal, int code) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        if (Interlocked.CompareExchange(ref exitCode, code, 0) == 0)
        {
            context.Cancel = true;
            notice("Finishing this step and saving. Once more ends at once.");
            source.Cancel();
        }
        // Not cancelled, a second signal does what it does to every process: it ends it.
    }));
}
