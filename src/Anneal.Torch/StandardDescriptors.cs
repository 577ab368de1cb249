using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>Standard input, output and error: the descriptors 0, 1 and 2, which every program expects to be open.</summary>
public static class StandardDescriptors
{
    /// <summary>
    /// Where this program was started with one of them closed, starts it again in the same process, with <c>/dev/null</c> there.
    /// Call it first in <c>Main</c>.
    /// </summary>
    /// <remarks>
    /// A closed descriptor is given to whatever is opened next: messages would be written into a file of data. The .NET runtime
    /// opens pipes of its own before <c>Main</c> (seen in .NET 10.0.12), which cannot be taken from it; hence from the start again.
    /// </remarks>
    /// <exception cref="IOException">It could not be started again.</exception>
    public static void Complete()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        int[] missing = [.. Enumerable.Range(0, 3).Where(descriptor => !Libc.IsInherited(descriptor))];
        if (missing.Length > 0 && Environment.ProcessPath is { } program)
        {
            byte[] arguments = File.ReadAllBytes("/proc/self/cmdline");
            Libc.OpenNothing(missing);
            Libc.Become(program, arguments);
        }
    }
}
