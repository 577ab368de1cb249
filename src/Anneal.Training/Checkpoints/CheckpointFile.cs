using Anneal.Torch.Serialization;

namespace Anneal.Training.Checkpoints;

/// <summary>A checkpoint as one safetensors file: tensors by name, the progress as JSON in the metadata, and a hash for each.</summary>
public static class CheckpointFile
{
    /// <summary>The metadata key of the progress.</summary>
    public const string StateKey = "anneal.progress";

    /// <summary>Writes it durably: it is either there as a whole, or not at all.</summary>
    /// <exception cref="IOException">It could not be written; a file of that name from before is untouched.</exception>
    public static void Write(string path, Checkpoint checkpoint) =>
        TensorFile.Save(path, checkpoint.Tensors, new Dictionary<string, string>(checkpoint.Description) { [StateKey] = checkpoint.Progress.ToJson() });

    /// <summary>The progress in a file's metadata; null where the file is no checkpoint, or a damaged one.</summary>
    public static Progress? ReadProgress(SafetensorsFile file)
    {
        try
        {
            return file.Metadata.GetValueOrDefault(StateKey) is { } state ? Progress.FromJson(state) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads it and checks every hash. The caller disposes the tensors.</summary>
    /// <exception cref="InvalidFileException">The file is damaged, or is not a checkpoint.</exception>
    public static Checkpoint Read(string path)
    {
        LoadedTensors loaded = TensorFile.Load(path);
        try
        {
            string state = loaded.Metadata.GetValueOrDefault(StateKey)
                ?? throw new FormatException($"A checkpoint must have '{StateKey}' in its metadata. Received: a safetensors file without.");
            return new Checkpoint(Progress.FromJson(state), [.. loaded.Tensors])
            {
                Description = loaded.Metadata.Where(text => text.Key != StateKey).ToDictionary(),
            };
        }
        catch (FormatException e)
        {
            loaded.Dispose();
            throw new InvalidFileException(path, e.Message, e);
        }
    }
}
