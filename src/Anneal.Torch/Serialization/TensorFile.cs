namespace Anneal.Torch.Serialization;

/// <summary>Named tensors in a safetensors file.</summary>
public static class TensorFile
{
    /// <summary>Writes tensors durably: the file is either there as a whole, or as it was before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Tensors of any device and layout by name; they are only read.</param>
    /// <param name="metadata">Texts by name; <c>format</c> is set to <c>pt</c>, so that PyTorch's readers take the file.</param>
    /// <param name="hashes">Whether reading the file will notice damage to any tensor. Costs one more pass over them.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool hashes = true) =>
        DurableFile.Write(path, stream => Save(stream, tensors, metadata, hashes));

    /// <summary>Writes tensors to a stream, front to back.</summary>
    /// <param name="destination">Need not be seekable.</param>
    /// <param name="tensors">Tensors of any device and layout by name; they are only read.</param>
    /// <param name="metadata">Texts by name; <c>format</c> is set to <c>pt</c>, so that PyTorch's readers take the file.</param>
    /// <param name="hashes">Whether reading the file will notice damage to any tensor. Costs one more pass over them.</param>
    public static void Save(
        Stream destination, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool hashes = true)
    {
        Dictionary<string, string> texts = new(metadata ?? new Dictionary<string, string>()) { ["format"] = "pt" };
        SafetensorsWriter.Write(destination, tensors.Select(named => Entry(named.Key, named.Value)), texts, hashes);
    }

    /// <summary>Reads tensors of a file to the CPU, checking hashes where it has them.</summary>
    /// <remarks>
    /// Types that libtorch 1.13 has not become the next that hold all their values: U16 Int32, U32 and U64 Int64, the kinds of F8
    /// Float32.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="names">Which; null for all. The others are not looked at.</param>
    /// <exception cref="InvalidFileException">The file is damaged, or a tensor is missing or of a type that no tensor here can have.</exception>
    public static LoadedTensors Load(string path, IEnumerable<string>? names = null)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return Load(path, file, names is null ? file.Entries.Values : names.Select(file.Entry));
    }

    /// <summary>Copies a file's tensors into existing ones of the same names and shapes. Changes all of them, or none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="targets">The tensors to overwrite, by name; real numbers are converted to their precision.</param>
    /// <param name="strict">Whether names that only the file or only the targets have are an error; otherwise those are left as they are.</param>
    /// <returns>The file's metadata.</returns>
    /// <exception cref="InvalidFileException">The file is damaged, or its names, shapes or types are others: the message lists them.</exception>
    public static IReadOnlyDictionary<string, string> LoadInto(string path, IEnumerable<KeyValuePair<string, Tensor>> targets, bool strict = true)
    {
        Dictionary<string, Tensor> wanted = targets.ToDictionary(StringComparer.Ordinal);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string[] missing = [.. wanted.Keys.Except(file.Entries.Keys)];
        string[] unexpected = [.. file.Entries.Keys.Except(wanted.Keys)];
        if (strict && missing.Length + unexpected.Length > 0)
        {
            throw new InvalidFileException(path, $"The file must have the model's tensors. Missing: {Some(missing)}. Unexpected: {Some(unexpected)}.");
        }
        // Only what is asked for: another tensor of the file may be of a type that none here can have.
        using LoadedTensors loaded = Load(path, file, wanted.Keys.Except(missing).Select(file.Entry));
        (string Name, Tensor Source, Tensor Target)[] pairs =
            [.. wanted.Keys.Except(missing).Select(name => (name, loaded.Tensors[name], wanted[name]))];
        string[] others = [.. pairs.Where(pair => !Fits(pair.Source, pair.Target)).Select(pair => $"'{pair.Name}' is {pair.Source} in the file and {pair.Target} in the model")];
        if (others.Length > 0)
        {
            throw new InvalidFileException(path, $"The file's tensors must have the shapes and types of the model's. Received: {Some(others)}.");
        }
        using (GradientMode.Off())
        {
            foreach ((_, Tensor source, Tensor target) in pairs)
            {
                target.CopyFrom(source);
            }
        }
        return loaded.Metadata;
    }

    static LoadedTensors Load(string path, SafetensorsFile file, IEnumerable<SafetensorsEntry> entries)
    {
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        try
        {
            foreach (SafetensorsEntry entry in entries)
            {
                tensors[entry.Name] = TensorScope.Release(StoredElements.Read(path, file, entry));
            }
        }
        catch
        {
            foreach (Tensor tensor in tensors.Values)
            {
                tensor.Dispose();
            }
            throw;
        }
        return new LoadedTensors(
            tensors, file.Metadata.Where(text => !SafetensorsHashes.IsHash(text.Key)).ToDictionary(StringComparer.Ordinal));
    }

    static bool Fits(Tensor source, Tensor target) =>
        source.Shape.AsSpan().SequenceEqual(target.Shape)
        && (source.DType == target.DType || (source.DType.IsFloatingPoint() && target.DType.IsFloatingPoint()));

    static string Some(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names.Take(5)) + (names.Length > 5 ? $" and {names.Length - 5} more" : "");

    // The bytes are fetched when the writer asks: one tensor at a time is held twice.
    static SafetensorsTensor Entry(string name, Tensor tensor) => new()
    {
        Name = name,
        Type = TypeOf(tensor.DType),
        Shape = [.. tensor.Shape],
        WriteTo = stream =>
        {
            byte[] bytes = new byte[tensor.Count * tensor.DType.Size()];
            tensor.CopyBytesTo(bytes);
            stream.Write(bytes);
        },
    };

    static SafetensorsType TypeOf(DType type) => type switch
    {
        DType.Float64 => SafetensorsType.F64,
        DType.Float32 => SafetensorsType.F32,
        DType.Float16 => SafetensorsType.F16,
        DType.BFloat16 => SafetensorsType.BF16,
        DType.Int64 => SafetensorsType.I64,
        DType.Int32 => SafetensorsType.I32,
        DType.Int16 => SafetensorsType.I16,
        DType.Int8 => SafetensorsType.I8,
        DType.UInt8 => SafetensorsType.U8,
        DType.Boolean => SafetensorsType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type of this library."),
    };
}
