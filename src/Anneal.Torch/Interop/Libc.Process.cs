using System.Runtime.InteropServices;

namespace Anneal.Torch.Interop;

/// <summary>The C library's calls on descriptors and on the process itself.</summary>
static unsafe partial class Libc
{
    const int GetDescriptorFlags = 1;
    const int ClosesOnExec = 1;
    const int ReadAndWrite = 2;

    /// <summary>Whether a descriptor is one that this program was started with.</summary>
    /// <remarks>The system closes those that close on exec as a program begins: one that would was opened since.</remarks>
    public static bool IsInherited(int descriptor) => Control(descriptor, GetDescriptorFlags) is >= 0 and int flags && (flags & ClosesOnExec) == 0;

    /// <summary>Makes descriptors lead to <c>/dev/null</c>, also in the programs that this process becomes or starts.</summary>
    public static void OpenNothing(IEnumerable<int> descriptors)
    {
        int nothing = Open("/dev/null", ReadAndWrite);
        Check(nothing);
        foreach (int descriptor in descriptors.Where(descriptor => descriptor != nothing))
        {
            Check(Duplicate(nothing, descriptor));
        }
    }

    /// <summary>Lets this process become another program. Returns only by failing.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its own name first, each ended by a zero, as the kernel keeps them.</param>
    /// <exception cref="IOException">There is no such program, or it may not be run.</exception>
    public static void Become(string path, ReadOnlySpan<byte> arguments)
    {
        List<int> places = [0];
        for (int i = 0; i < arguments.Length - 1; i++)
        {
            if (arguments[i] == 0)
            {
                places.Add(i + 1);
            }
        }
        fixed (byte* text = arguments)
        {
            byte** pointers = stackalloc byte*[places.Count + 1];
            for (int i = 0; i < places.Count; i++)
            {
                pointers[i] = text + places[i];
            }
            pointers[places.Count] = null;
            Check(Execute(path, pointers));
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, byte** arguments);
}
