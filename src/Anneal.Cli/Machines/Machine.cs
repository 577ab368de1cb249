using System.Globalization;
using System.Runtime.InteropServices;

namespace Anneal.Cli.Machines;

/// <summary>The computer, as far as a run's speed depends on it.</summary>
static class Machine
{
    /// <summary>Processor cores without their hyper-threads, at most as many as this process may use.</summary>
    internal static int PhysicalCores
    {
        get
        {
            int cores = ProcessorLines()
                .Select(processor => (processor.GetValueOrDefault("physical id"), processor.GetValueOrDefault("core id")))
                .Where(place => place is (not null, not null))
                .Distinct()
                .Count();
            return cores == 0 ? Environment.ProcessorCount : Math.Min(cores, Environment.ProcessorCount);
        }
    }

    /// <summary>The processor's name.</summary>
    internal static string Processor =>
        ProcessorLines().Select(processor => processor.GetValueOrDefault("model name")).FirstOrDefault(name => name is not null)
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Processes that wanted to run in the last minute, for each core; null where the operating system does not say.</summary>
    internal static double? Load
    {
        get
        {
            const string path = "/proc/loadavg";
            return File.Exists(path) && double.TryParse(File.ReadAllText(path).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double running)
                ? running / Environment.ProcessorCount
                : null;
        }
    }

    /// <summary>Instruction sets that the operating system reports, such as <c>avx512_bf16</c>.</summary>
    internal static IReadOnlyList<string> ProcessorFlags =>
        ProcessorLines().Select(processor => processor.GetValueOrDefault("flags")).FirstOrDefault(flags => flags is not null)?.Split(' ') ?? [];

    /// <summary>Bytes of memory that this process may use.</summary>
    internal static long Memory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Files that are mapped into this process, each once.</summary>
    internal static IReadOnlyList<string> MappedFiles
    {
        get
        {
            const string maps = "/proc/self/maps";
            return File.Exists(maps)
                ? [.. File.ReadLines(maps).Select(line => line.IndexOf('/') is >= 0 and int place ? line[place..] : null).OfType<string>().Distinct()]
                : [];
        }
    }

    /// <summary>The libtorch library that is mapped; empty before it is.</summary>
    internal static string LibtorchPath => MappedFiles.FirstOrDefault(path => Path.GetFileName(path).StartsWith("libtorch_cpu.so", StringComparison.Ordinal)) ?? "";

    /// <summary>Gigabytes with one digit, such as <c>15.6 GiB</c>.</summary>
    internal static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F1} GiB");

    static IEnumerable<Dictionary<string, string>> ProcessorLines()
    {
        const string path = "/proc/cpuinfo";
        if (!File.Exists(path))
        {
            yield break;
        }
        Dictionary<string, string> processor = [];
        foreach (string line in File.ReadLines(path).Append(""))
        {
            if (line.Length == 0)
            {
                if (processor.Count > 0)
                {
                    yield return processor;
                }
                processor = [];
            }
            else if (line.IndexOf(':') is >= 0 and int colon)
            {
                processor[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
        }
    }
}
