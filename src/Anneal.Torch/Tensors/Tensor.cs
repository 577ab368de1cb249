using System.Runtime.InteropServices;
using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>An array of numbers of one type with any number of dimensions, on a device: libtorch's tensor.</summary>
/// <remarks>
/// Operators return new tensors and never dispose their inputs. A method whose name ends in <c>InPlace</c> changes its tensor.
/// A tensor is released when it is disposed, when the <see cref="TensorScope"/> that owns it ends, or by the garbage collector.
/// </remarks>
public sealed partial class Tensor : IDisposable
{
    readonly TensorHandle handle;
    int place;

    internal Tensor(nint pointer)
    {
        handle = new TensorHandle(pointer);
        Owner = TensorScope.Innermost;
        place = Owner?.Own(this) ?? 0;
    }

    /// <summary>Tensors not yet released, in this process.</summary>
    public static long LiveCount => TensorHandle.Live;

    internal TensorScope? Owner { get; private set; }

    internal nint Pointer => handle.Pointer;

    /// <summary>Elements in all.</summary>
    public long Count => Describe().Elements;

    /// <summary>The elements' type.</summary>
    public DType DType => (DType)Describe().ScalarType;

    /// <summary>Where the elements are.</summary>
    public Device Device
    {
        get
        {
            RawDescription description = Describe();
            return Device.FromNumbers(description.DeviceType, description.DeviceIndex);
        }
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank => Describe().Dimensions;

    /// <summary>Whether elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => Describe().IsContiguous != 0;

    /// <summary>Whether an image tensor lies pixel by pixel without gaps.</summary>
    public bool IsChannelsLast => Describe().IsChannelsLast != 0;

    /// <summary>The size of each dimension.</summary>
    public unsafe long[] Shape
    {
        get
        {
            long[] sizes = new long[Describe().Dimensions];
            long[] strides = new long[sizes.Length];
            fixed (long* s = sizes, t = strides)
            {
                Native.TensorSizes(Pointer, s, t, sizes.Length);
            }
            GC.KeepAlive(this);
            return sizes;
        }
    }

    /// <summary>The size of one dimension; negative indices count from the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public long Size(int dimension)
    {
        long[] shape = Shape;
        int index = dimension < 0 ? shape.Length + dimension : dimension;
        return index >= 0 && index < shape.Length
            ? shape[index]
            : throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"A dimension's index must be from {-shape.Length} to {shape.Length - 1} for {this}.");
    }

    /// <summary>A tensor that holds a copy of numbers.</summary>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="shape">The size of each dimension; without any, one dimension of all elements.</param>
    /// <exception cref="TorchException">The shape holds another number of elements.</exception>
    public static unsafe Tensor From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        ReadOnlySpan<long> sizes = shape.IsEmpty ? [values.Length] : shape;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        fixed (byte* data = bytes)
        fixed (long* s = sizes)
        {
            Native.TensorFromMemory(data, bytes.Length, s, sizes.Length, (int)DTypes.Of<T>(), out nint created);
            return new Tensor(created);
        }
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, ReadOnlySpan{long})"/>
    public static Tensor From<T>(T[] values, params ReadOnlySpan<long> shape) where T : unmanaged =>
        From((ReadOnlySpan<T>)values, shape);

    /// <summary>A tensor of one element type from raw bytes in row-major order.</summary>
    /// <exception cref="TorchException">The shape holds another number of bytes.</exception>
    public static unsafe Tensor FromBytes(ReadOnlySpan<byte> bytes, DType type, params ReadOnlySpan<long> shape)
    {
        fixed (byte* data = bytes)
        fixed (long* s = shape)
        {
            Native.TensorFromMemory(data, bytes.Length, s, shape.Length, (int)type, out nint created);
            return new Tensor(created);
        }
    }

    /// <summary>All elements in row-major order.</summary>
    /// <exception cref="ArgumentException">The elements are of another type.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        T[] values = new T[Count];
        CopyTo<T>(values);
        return values;
    }

    /// <summary>Copies all elements in row-major order.</summary>
    /// <exception cref="ArgumentException">The elements are of another type, or of another number.</exception>
    public void CopyTo<T>(Span<T> destination) where T : unmanaged
    {
        if (DTypes.Of<T>() != DType || destination.Length != Count)
        {
            throw new ArgumentException(
                $"The destination must have the tensor's type and number of elements. Received: {destination.Length} of {DTypes.Of<T>()} for {this}.");
        }
        CopyBytesTo(MemoryMarshal.AsBytes(destination));
    }

    /// <summary>Copies all elements' bytes in row-major order.</summary>
    /// <exception cref="TorchException">The destination is of another size.</exception>
    public unsafe void CopyBytesTo(Span<byte> destination)
    {
        fixed (byte* data = destination)
        {
            Native.TensorToMemory(Pointer, data, destination.Length);
        }
        GC.KeepAlive(this);
    }

    /// <summary>Overwrites all elements with bytes in row-major order, whatever the layout and device. Not recorded by autograd.</summary>
    /// <exception cref="TorchException">The source is of another size.</exception>
    public unsafe void LoadBytes(ReadOnlySpan<byte> source)
    {
        fixed (byte* data = source)
        {
            Native.TensorLoad(Pointer, data, source.Length);
        }
        GC.KeepAlive(this);
    }

    /// <summary>The one element as a real number.</summary>
    /// <exception cref="TorchException">There is not exactly one element.</exception>
    public double ToDouble()
    {
        Native.TensorItem(Pointer, out double real, out _);
        GC.KeepAlive(this);
        return real;
    }

    /// <summary>The one element as an integer.</summary>
    /// <exception cref="TorchException">There is not exactly one element, or it is not an integer.</exception>
    public long ToInt64()
    {
        if (DType.IsFloatingPoint())
        {
            throw new TorchException($"ToInt64 needs integers. Received: {this}.");
        }
        Native.TensorItem(Pointer, out _, out long integer);
        GC.KeepAlive(this);
        return integer;
    }

    /// <summary>A second reference to the same tensor, released on its own.</summary>
    public Tensor Alias()
    {
        Native.TensorRetain(Pointer, out nint same);
        GC.KeepAlive(this);
        return new Tensor(same);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        MoveTo(null);
        handle.Dispose();
    }

    internal void DisposeOwned()
    {
        Owner = null;
        handle.Dispose();
    }

    internal void MoveTo(TensorScope? scope)
    {
        Owner?.Forget(place);
        Owner = scope;
        place = scope?.Own(this) ?? 0;
    }

    RawDescription Describe()
    {
        Native.TensorDescribe(Pointer, out RawDescription description);
        GC.KeepAlive(this);
        return description;
    }

    /// <summary>Type, shape and device, such as <c>Float32[128, 10] on cpu</c>.</summary>
    public override string ToString() =>
        handle.IsClosed ? "a released tensor" : $"{DType}[{string.Join(", ", Shape)}] on {Device}";
}
