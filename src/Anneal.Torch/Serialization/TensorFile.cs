namespace Anneal.Torch.Serialization;

/// <summary>Named tensors in a safetensors file.</summary>
public static class TensorFile
{
    /// <summary>Writes tensors durably: the file is either there as a whole, or as it was before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Tensors of any device and layout by name; they are only read.</param>
    /// <param name="metadata">Texts by name; <c>format</c> is set to <c>pt</c>, so that PyTorch's readers take the file.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Dictionary<string, string> texts = new(metadata ?? new Dictionary<string, string>()) { ["format"] = "pt" };
        SafetensorsTensor[] entries = [.. tensors.Select(named => Entry(named.Key, named.Value))];
        DurableFile.Write(path, stream => SafetensorsWriter.Write(stream, entries, texts));
    }

    /// <summary>Reads all tensors of a file to the CPU, checking hashes where it has them.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public static LoadedTensors Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        try
        {
            foreach (SafetensorsEntry entry in file.Entries.Values)
            {
                byte[] bytes = new byte[entry.ByteLength];
                file.Read(entry, bytes);
                tensors[entry.Name] = TensorScope.Release(Tensor.FromBytes(bytes, TypeOf(entry.Type), [.. entry.Shape]));
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
        return new LoadedTensors(tensors, file.Metadata);
    }

    /// <summary>Copies a file's tensors into existing ones of the same names and shapes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="targets">The tensors to overwrite, by name.</param>
    /// <returns>The file's metadata.</returns>
    /// <exception cref="InvalidFileException">The file is damaged, or its names or shapes are others.</exception>
    public static IReadOnlyDictionary<string, string> LoadInto(string path, IEnumerable<KeyValuePair<string, Tensor>> targets)
    {
        using LoadedTensors loaded = Load(path);
        Dictionary<string, Tensor> wanted = targets.ToDictionary(StringComparer.Ordinal);
        string[] missing = [.. wanted.Keys.Except(loaded.Tensors.Keys)];
        string[] unexpected = [.. loaded.Tensors.Keys.Except(wanted.Keys)];
        if (missing.Length + unexpected.Length > 0)
        {
            throw new InvalidFileException(path, $"The file must have the model's tensors. Missing: {Some(missing)}. Unexpected: {Some(unexpected)}.");
        }
        foreach ((string name, Tensor target) in wanted)
        {
            Tensor source = loaded.Tensors[name];
            if (!source.Shape.SequenceEqual(target.Shape))
            {
                throw new InvalidFileException(path, $"'{name}' must have the model's shape [{string.Join(", ", target.Shape)}]. Received: [{string.Join(", ", source.Shape)}].");
            }
        }
        using (GradientMode.Off())
        {
            foreach ((string name, Tensor target) in wanted)
            {
                target.CopyFrom(loaded.Tensors[name]);
            }
        }
        return loaded.Metadata;
    }

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

    static DType TypeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.F64 => DType.Float64,
        SafetensorsType.F32 => DType.Float32,
        SafetensorsType.F16 => DType.Float16,
        SafetensorsType.BF16 => DType.BFloat16,
        SafetensorsType.I64 => DType.Int64,
        SafetensorsType.I32 => DType.Int32,
        SafetensorsType.I16 => DType.Int16,
        SafetensorsType.I8 => DType.Int8,
        SafetensorsType.U8 => DType.UInt8,
        SafetensorsType.Bool => DType.Boolean,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type of this library."),
    };
}
