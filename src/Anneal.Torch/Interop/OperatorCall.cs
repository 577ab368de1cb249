using System.Text;

namespace Anneal.Torch.Interop;

/// <summary>Lays the arguments of one call out in native form, makes it, and wraps what comes back.</summary>
static unsafe class OperatorCall
{
    // Bytes for lists and texts that one call may need on the stack; longer ones are rented.
    const int StackBytes = 2048;

    internal static nint Find(string name, string overload)
    {
        try
        {
            Native.OperatorFind(name, overload, out nint found);
            return found;
        }
        catch (TorchException e) when (name.StartsWith("anneal::", StringComparison.Ordinal))
        {
            throw new TorchException(
                $"The native library must be built from this program's sources. Received: {NativeLibraryLocation.LoadedFrom}, which has no {name}. " +
                "Run ./anneal or ./test from the repository, which builds it.", e);
        }
    }

    /// <summary>Makes the call.</summary>
    /// <returns>The number of results; the first ones are in <paramref name="results"/>.</returns>
    internal static int Make(nint op, ReadOnlySpan<Argument> arguments, Span<nint> results)
    {
        int bytes = 0;
        foreach (ref readonly Argument argument in arguments)
        {
            bytes += ListBytes(argument);
        }
        byte[]? rented = bytes > StackBytes ? new byte[bytes] : null;
        byte* stack = stackalloc byte[rented is null ? Math.Max(bytes, 1) : 1];
        RawArgument* raw = stackalloc RawArgument[Math.Max(arguments.Length, 1)];
        fixed (byte* heap = rented)
        fixed (nint* received = results)
        {
            byte* free = rented is null ? stack : heap;
            for (int i = 0; i < arguments.Length; i++)
            {
                free = Lay(arguments[i], raw + i, free);
            }
            int count;
            Native.OperatorInvoke(op, raw, arguments.Length, received, results.Length, &count);
            KeepAlive(arguments);
            return count;
        }
    }

    static int ListBytes(in Argument argument) => argument.Tag switch
    {
        ArgumentTag.Integers => ((long[])argument.Reference!).Length * sizeof(long),
        ArgumentTag.Reals => ((double[])argument.Reference!).Length * sizeof(double),
        ArgumentTag.Tensors => ((Tensor?[])argument.Reference!).Length * sizeof(nint),
        ArgumentTag.String => (Encoding.UTF8.GetByteCount((string)argument.Reference!) + 7) & ~7,
        _ => 0,
    };

    static byte* Lay(in Argument argument, RawArgument* raw, byte* free)
    {
        raw->Tag = (int)argument.Tag;
        raw->Length = 0;
        raw->Integer = argument.Bits;
        switch (argument.Tag)
        {
            case ArgumentTag.Tensor:
                raw->Pointer = ((Tensor)argument.Reference!).Pointer;
                return free;
            case ArgumentTag.HeldList:
                raw->Pointer = ((TensorList)argument.Reference!).Pointer;
                return free;
            case ArgumentTag.Integers:
                long[] integers = (long[])argument.Reference!;
                integers.CopyTo(new Span<long>(free, integers.Length));
                return Point(raw, free, integers.Length, integers.Length * sizeof(long));
            case ArgumentTag.Reals:
                double[] reals = (double[])argument.Reference!;
                reals.CopyTo(new Span<double>(free, reals.Length));
                return Point(raw, free, reals.Length, reals.Length * sizeof(double));
            case ArgumentTag.Tensors:
                Tensor?[] tensors = (Tensor?[])argument.Reference!;
                for (int i = 0; i < tensors.Length; i++)
                {
                    ((nint*)free)[i] = tensors[i]?.Pointer ?? 0;
                }
                return Point(raw, free, tensors.Length, tensors.Length * sizeof(nint));
            case ArgumentTag.String:
                string text = (string)argument.Reference!;
                int length = Encoding.UTF8.GetBytes(text, new Span<byte>(free, ListBytes(argument)));
                return Point(raw, free, length, ListBytes(argument));
            default:
                return free;
        }
    }

    static byte* Point(RawArgument* raw, byte* free, int length, int bytes)
    {
        raw->Pointer = (nint)free;
        raw->Length = length;
        return free + bytes;
    }

    // The handles above are read without taking a reference each: this keeps their owners until the call is over.
    static void KeepAlive(ReadOnlySpan<Argument> arguments)
    {
        foreach (ref readonly Argument argument in arguments)
        {
            GC.KeepAlive(argument.Reference);
        }
    }
}
