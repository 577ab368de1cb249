namespace Anneal.Cli;

/// <summary>What the process tells its caller.</summary>
static class ExitCode
{
    internal const int Ok = 0;

    /// <summary>Something failed that no other code names.</summary>
    internal const int Failed = 1;

    /// <summary>The command line or the recipe is wrong.</summary>
    internal const int Usage = 2;

    /// <summary>The data, or a file of a run, is missing or damaged.</summary>
    internal const int Data = 3;

    /// <summary>The training diverged.</summary>
    internal const int Diverged = 4;

    internal const int OutOfMemory = 5;

    /// <summary>A study learned nothing: no trial told the classes apart better than a guess.</summary>
    internal const int NearChance = 6;

    /// <summary>Saved on request of a batch system (SIGUSR1); the job should be queued again.</summary>
    internal const int Requeue = 75;

    /// <summary>Saved after SIGHUP: the terminal was closed.</summary>
    internal const int HungUp = 129;

    /// <summary>Saved after SIGINT.</summary>
    internal const int Interrupted = 130;

    /// <summary>Saved after SIGTERM.</summary>
    internal const int Terminated = 143;
}
