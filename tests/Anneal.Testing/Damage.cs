namespace Anneal.Testing;

/// <summary>
/// What can happen to a file: it is cut off at any length, or any one of its bytes changes. A reader must give the data or its
/// one exception, and allocate at most four times the file plus 16 MiB.
/// </summary>
public static class Damage
{
    const long FreeBytes = 16 << 20;

    /// <summary>Every truncation, and for every byte each of its bits flipped, 00, FF and the digits and letters beside it.</summary>
    public static IEnumerable<(string What, byte[] Bytes)> Of(byte[] file)
    {
        for (int length = 0; length < file.Length; length++)
        {
            yield return ($"cut off at {length}", file[..length]);
        }
        for (int place = 0; place < file.Length; place++)
        {
            byte was = file[place];
            IEnumerable<byte> changes = Enumerable.Range(0, 8).Select(bit => (byte)(was ^ (1 << bit))).Concat(new byte[] { 0x00, 0xFF, (byte)(was + 1), (byte)(was - 1) });
            foreach (byte change in changes.Distinct().Where(change => change != was))
            {
                byte[] changed = [.. file];
                changed[place] = change;
                yield return ($"byte {place} changed from {was:X2} to {change:X2}", changed);
            }
        }
    }

    /// <summary>Reads every damaged version of a file.</summary>
    /// <param name="file">Small and valid.</param>
    /// <param name="read">Reads it whole; compares what it accepts with what is right or at least possible.</param>
    /// <returns>How many versions the reader refused, and which it accepted.</returns>
    /// <exception cref="InvalidOperationException">It threw something else, or allocated too much.</exception>
    public static (int Refused, IReadOnlyList<string> Accepted) Check<TException>(byte[] file, Action<byte[]> read)
        where TException : Exception
    {
        int refused = 0;
        List<string> accepted = [];
        foreach ((string what, byte[] bytes) in Of(file))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
                accepted.Add(what);
            }
            catch (TException e) when (e.Message.Length > 20)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The reader must throw {typeof(TException).Name} or accept. Received {e.GetType().Name} for a file {what}: {e.Message}", e);
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > 4L * bytes.Length + FreeBytes)
            {
                throw new InvalidOperationException($"The reader must allocate at most four times the file plus 16 MiB. Received: {allocated} bytes for {bytes.Length}, {what}.");
            }
        }
        return (refused, accepted);
    }
}
