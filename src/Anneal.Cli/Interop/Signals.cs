using System.Runtime.InteropServices;

namespace Anneal.Cli.Interop;

/// <summary>Signals to other processes; .NET can only kill them.</summary>
static partial class Signals
{
    const int Terminate = 15;

    /// <summary>Asks a process to end. Nothing happens where it has ended.</summary>
    internal static void AskToEnd(int process) => _ = Kill(process, Terminate);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
