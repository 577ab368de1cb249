using System.Reflection;
using System.Runtime.InteropServices;

namespace Anneal.Torch.Interop;

/// <summary>Finds the native library, and prepares the process for it.</summary>
static partial class NativeLibraryLocation
{
    // Written by Anneal.Torch.csproj.
    const string BuiltIn = "Repository";

    /// <summary>Where the library was loaded from; null before its first use.</summary>
    internal static string? LoadedFrom { get; private set; }

    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLocation).Assembly, Resolve);

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? paths)
    {
        if (name != "anneal_torch")
        {
            return 0;
        }
        LetIdleThreadsSleep();
        string? built = typeof(NativeLibraryLocation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == BuiltIn)?.Value;
        return Load(Candidates(Environment.GetEnvironmentVariable("ANNEAL_NATIVE"), AppContext.BaseDirectory, built));
    }

    /// <summary>Loads the first candidate that exists.</summary>
    /// <exception cref="TorchException">None does, or the one that does is no library.</exception>
    internal static nint Load(IEnumerable<string> candidates)
    {
        List<string> tried = [];
        foreach (string candidate in candidates)
        {
            tried.Add(candidate);
            if (File.Exists(candidate))
            {
                try
                {
                    nint handle = NativeLibrary.Load(candidate);
                    LoadedFrom = candidate;
                    return handle;
                }
                catch (DllNotFoundException e)
                {
                    throw new TorchException($"The native library must load. Received: {candidate}, which does not: {e.Message}", e);
                }
            }
        }
        throw new TorchException(
            $"The native library must be built once before libtorch can be used. Looked for: {string.Join(", ", tried)}. " +
            "Run ./anneal or ./test in the repository once. A program that is built elsewhere then needs ANNEAL_NATIVE=" +
            "REPOSITORY/artifacts/native/current/libanneal_torch.so, or that file beside it.");
    }

    /// <summary>
    /// Where the library may be: the given path and no other; or beside the program, in a build around it, or in the repository that
    /// this assembly was built in.
    /// </summary>
    internal static IEnumerable<string> Candidates(string? given, string programFolder, string? repository = null)
    {
        if (!string.IsNullOrEmpty(given))
        {
            yield return Path.GetFullPath(given);
            yield break;
        }
        yield return Path.Combine(programFolder, "libanneal_torch.so");
        for (DirectoryInfo? folder = new(programFolder); folder is not null; folder = folder.Parent)
        {
            string built = Path.Combine(folder.FullName, "artifacts", "native", "current", "libanneal_torch.so");
            if (File.Exists(built))
            {
                yield return built;
            }
        }
        if (!string.IsNullOrEmpty(repository))
        {
            yield return Path.Combine(repository, "artifacts", "native", "current", "libanneal_torch.so");
        }
    }

    // A waiting OpenMP thread spins by default; when another process wants the core, each parallel region then waits for
    // a whole time slice: a resnet9 step on two threads fell from 3500 images/s to 170. After 3000 turns a thread sleeps,
    // which keeps the full speed on idle cores and a third of it on busy ones. It must be said before libgomp is loaded,
    // in the process's own environment.
    static void LetIdleThreadsSleep()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetVariable("GOMP_SPINCOUNT", "3000", 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
