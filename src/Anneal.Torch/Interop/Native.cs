using System.Runtime.InteropServices;

namespace Anneal.Torch.Interop;

/// <summary>native/anneal_torch.h, declaration by declaration.</summary>
static unsafe partial class Native
{
    const string Library = "anneal_torch";

    static Native() => NativeLibraryLocation.Register();

    [LibraryImport(Library, EntryPoint = "anneal_last_error")]
    internal static partial byte* LastError();

    [LibraryImport(Library, EntryPoint = "anneal_operator_find", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial Status OperatorFind(string name, string overload, out nint found);

    [LibraryImport(Library, EntryPoint = "anneal_operator_invoke")]
    internal static partial Status OperatorInvoke(
        nint op, RawArgument* arguments, int argumentCount, nint* results, int capacity, int* count);

    [LibraryImport(Library, EntryPoint = "anneal_list_create")]
    internal static partial Status ListCreate(nint* tensors, int count, out nint created);

    [LibraryImport(Library, EntryPoint = "anneal_list_release")]
    internal static partial Status ListRelease(nint list);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_release")]
    internal static partial Status TensorRelease(nint tensor);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_retain")]
    internal static partial Status TensorRetain(nint tensor, out nint same);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_from_memory")]
    internal static partial Status TensorFromMemory(
        void* data, long bytes, long* sizes, int dimensions, int scalarType, out nint created);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_to_memory")]
    internal static partial Status TensorToMemory(nint tensor, void* destination, long bytes);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_load")]
    internal static partial Status TensorLoad(nint tensor, void* data, long bytes);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_describe")]
    internal static partial Status TensorDescribe(nint tensor, out RawDescription description);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_sizes")]
    internal static partial Status TensorSizes(nint tensor, long* sizes, long* strides, int capacity);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_item")]
    internal static partial Status TensorItem(nint tensor, out double real, out long integer);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_set_requires_gradient")]
    internal static partial Status TensorSetRequiresGradient(nint tensor, int required);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_gradient")]
    internal static partial Status TensorGradient(nint tensor, out nint gradient);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_set_gradient")]
    internal static partial Status TensorSetGradient(nint tensor, nint gradient);

    [LibraryImport(Library, EntryPoint = "anneal_tensor_backward")]
    internal static partial Status TensorBackward(nint tensor, nint gradient, int keepGraph);

    [LibraryImport(Library, EntryPoint = "anneal_gradient_mode")]
    internal static partial Status GradientMode(int enabled, out int before);

    [LibraryImport(Library, EntryPoint = "anneal_autocast_enter")]
    internal static partial Status AutocastEnter(int deviceType, int precision, out int before);

    [LibraryImport(Library, EntryPoint = "anneal_autocast_leave")]
    internal static partial Status AutocastLeave(int deviceType, int before);

    [LibraryImport(Library, EntryPoint = "anneal_random_seed")]
    internal static partial Status RandomSeed(int deviceType, int deviceIndex, ulong seed);

    [LibraryImport(Library, EntryPoint = "anneal_random_state")]
    internal static partial Status RandomState(int deviceType, int deviceIndex, out nint state);

    [LibraryImport(Library, EntryPoint = "anneal_random_set_state")]
    internal static partial Status RandomSetState(int deviceType, int deviceIndex, nint state);

    [LibraryImport(Library, EntryPoint = "anneal_generator_create")]
    internal static partial Status GeneratorCreate(int deviceType, int deviceIndex, ulong seed, out nint created);

    [LibraryImport(Library, EntryPoint = "anneal_generator_release")]
    internal static partial Status GeneratorRelease(nint generator);

    [LibraryImport(Library, EntryPoint = "anneal_generator_seed")]
    internal static partial Status GeneratorSeed(nint generator, ulong seed);

    [LibraryImport(Library, EntryPoint = "anneal_generator_state")]
    internal static partial Status GeneratorState(nint generator, out nint state);

    [LibraryImport(Library, EntryPoint = "anneal_generator_set_state")]
    internal static partial Status GeneratorSetState(nint generator, nint state);

    [LibraryImport(Library, EntryPoint = "anneal_generator_use")]
    internal static partial Status GeneratorUse(int deviceType, nint generator, out nint before);

    [LibraryImport(Library, EntryPoint = "anneal_threads")]
    internal static partial Status Threads(out int threads);

    [LibraryImport(Library, EntryPoint = "anneal_set_threads")]
    internal static partial Status SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "anneal_cuda_devices")]
    internal static partial Status CudaDevices(out int devices);

    [LibraryImport(Library, EntryPoint = "anneal_synchronize")]
    internal static partial Status Synchronize(int deviceType, int deviceIndex);

    [LibraryImport(Library, EntryPoint = "anneal_engine_information")]
    internal static partial Status EngineInformation(int topic, out byte* text);
}

/// <summary>anneal_argument.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
struct RawArgument
{
    [FieldOffset(0)] internal int Tag;
    [FieldOffset(4)] internal int Length;
    [FieldOffset(8)] internal long Integer;
    [FieldOffset(8)] internal double Real;
    [FieldOffset(8)] internal nint Pointer;
}

/// <summary>anneal_description.</summary>
[StructLayout(LayoutKind.Sequential)]
struct RawDescription
{
    internal long Elements;
    internal int ScalarType;
    internal int DeviceType;
    internal int DeviceIndex;
    internal int Dimensions;
    internal int RequiresGradient;
    internal int IsContiguous;
    internal int IsChannelsLast;
    internal int Reserved;
}
