namespace Anneal.Training.Checkpoints;

/// <summary>Where a run's checkpoints go.</summary>
public interface ICheckpointStore
{
    /// <summary>Makes a checkpoint durable: when this returns, it survives a crash of the process and of the machine.</summary>
    /// <param name="file">A file name, such as <c>step-00000938.safetensors</c>.</param>
    /// <param name="checkpoint">What to keep; its tensors are the run's own and are only read.</param>
    /// <exception cref="IOException">It could not be written. Earlier checkpoints are untouched.</exception>
    void Save(string file, Checkpoint checkpoint);

    /// <summary>Reads a checkpoint that was saved; null where the store cannot. The caller disposes it.</summary>
    /// <param name="file">The name it was saved under.</param>
    /// <remarks>A resumed run whose recipe ends with its best weights asks for those from before.</remarks>
    Checkpoint? Read(string file) => null;

    /// <summary>Deletes a checkpoint that is no longer needed; nothing happens where it is gone.</summary>
    void Delete(string file);
}
