using Anneal.Events;
using Anneal.Reports.TensorBoard;

namespace Anneal.Cli.Sessions;

/// <summary>Keeps a TensorBoard file in a run's folder. A resumed run goes on in a new file that makes TensorBoard forget what is made again.</summary>
sealed class TensorBoardFile(string folder) : IRunObserver
{
    TensorBoardLog? log;

    public void See(TrainingEvent happened)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        log ??= Begin(happened, now);
        log.Write(happened, now);
        // What was logged survives a kill of this process.
        log.Flush();
    }

    public void Dispose() => log?.Dispose();

    TensorBoardLog Begin(TrainingEvent first, DateTimeOffset now)
    {
        string[] before = Directory.GetFiles(folder, "events.out.tfevents.*");
        if (first is RunStarted)
        {
            // A run that begins anew, killed before its first checkpoint, has no past.
            Array.ForEach(before, File.Delete);
            before = [];
        }
        string path = Path.Combine(folder, TensorBoardWriter.FileName(now, Environment.MachineName, Environment.ProcessId));
        while (before.Any(other => string.CompareOrdinal(other, path) >= 0))
        {
            // Resumed within the second: TensorBoard reads files in the order of their names.
            now = now.AddSeconds(1);
            path = Path.Combine(folder, TensorBoardWriter.FileName(now, Environment.MachineName, Environment.ProcessId));
        }
        return new TensorBoardLog(new TensorBoardWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite), now));
    }
}
