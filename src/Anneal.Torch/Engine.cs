using System.Runtime.InteropServices;
using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>libtorch as a whole: which build it is, its threads and its devices.</summary>
public static unsafe class Engine
{
    /// <summary>libtorch's version, such as <c>1.13.0</c>.</summary>
    public static string Version => Information(0);

    /// <summary>How libtorch was built, in its own words.</summary>
    public static string BuildConfiguration => Information(1);

    /// <summary>How libtorch runs threads, in its own words.</summary>
    public static string Threading => Information(2);

    /// <summary>The native library that was loaded, as a path.</summary>
    public static string NativeLibrary
    {
        get
        {
            _ = Version;
            return NativeLibraryLocation.LoadedFrom ?? "";
        }
    }

    /// <summary>Threads that one operator may use, at least 1.</summary>
    public static int Threads
    {
        get
        {
            Native.Threads(out int threads);
            return threads;
        }
        set => Native.SetThreads(value);
    }

    /// <summary>CUDA devices that libtorch can use; 0 when it was built without.</summary>
    public static int CudaDevices
    {
        get
        {
            Native.CudaDevices(out int devices);
            return devices;
        }
    }

    /// <summary>Waits until a device has done all that it was asked to do.</summary>
    public static void Synchronize(Device device) => Native.Synchronize(device.TypeNumber, device.Index);

    static string Information(int topic)
    {
        Native.EngineInformation(topic, out byte* text);
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }
}
