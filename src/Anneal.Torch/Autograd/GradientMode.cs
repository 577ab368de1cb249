using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>Whether operations on this thread are recorded for a backward pass.</summary>
public static class GradientMode
{
    /// <summary>Stops recording until the result is disposed: <c>using (GradientMode.Off()) { ... }</c>.</summary>
    public static Restore Off() => new(recording: false);

    /// <summary>Records until the result is disposed, also where recording was off.</summary>
    public static Restore On() => new(recording: true);

    /// <summary>Puts the mode back to what it was, on the same thread.</summary>
    public readonly ref struct Restore
    {
        readonly int before;

        internal Restore(bool recording) => Native.GradientMode(recording ? 1 : 0, out before);

        /// <summary>Puts the mode back.</summary>
        public void Dispose() => Native.GradientMode(before, out _);
    }
}
