using System.CommandLine;
using System.Text.Json.Nodes;
using Anneal.Cli.Machines;
using Anneal.Curves;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Loop;
using Anneal.Training.Speed;
using RunFolder = Anneal.Training.Runs.RunFolder;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal doctor</c>: what a run's curves show, or what this machine offers.</summary>
static class DoctorCommand
{
    internal static Command Create()
    {
        Argument<string?> folder = new("folder") { HelpName = "folder", Description = "The run whose learning curves are read.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> environment = new("--environment") { Description = "Print which libtorch is used and what this machine offers. Default: read a run." };
        Option<bool> json = new("--json") { Description = "Write a line of JSON for each finding, or one for the machine. Default: text." };
        Command command = new("doctor", "Read a run's learning curves and say what they show; or examine this machine.") { folder, environment, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(environment))
            {
                WriteEnvironment(Console.Out, parsed.GetValue(json));
                return ExitCode.Ok;
            }
            if (parsed.GetValue(folder) is not { } path)
            {
                throw new UsageException("Give a run's folder to read its curves, or --environment to examine this machine.");
            }
            using RunFolder run = RunFolder.Open(path);
            IReadOnlyList<TrainingEvent> events = run.ReadEvents();
            if (events.Count == 0)
            {
                throw new FileNotFoundException($"Curves are drawn from a run's events. There are none in '{path}'.");
            }
            foreach (Diagnosis diagnosis in Doctor.Examine(CurveHistory.From(events)))
            {
                if (parsed.GetValue(json))
                {
                    Console.Out.WriteLine(JsonOf(diagnosis).ToJsonString());
                }
                else
                {
                    WriteDiagnosis(Console.Out, diagnosis);
                }
            }
            return ExitCode.Ok;
        });
        return command;
    }

    static JsonObject JsonOf(Diagnosis diagnosis) => new()
    {
        ["name"] = diagnosis.Name,
        ["evidence"] = diagnosis.Evidence,
        // What is not finite has no number in JSON.
        ["numbers"] = new JsonObject(diagnosis.Numbers.Where(number => double.IsFinite(number.Value))
            .Select(number => KeyValuePair.Create<string, JsonNode?>(number.Key, number.Value))),
        ["proposal"] = diagnosis.Proposal,
        ["changes"] = new JsonArray([.. Changes(diagnosis).Select(change => (JsonNode)change.ToString())]),
    };

    static IEnumerable<RecipeChange> Changes(Diagnosis diagnosis) =>
        diagnosis.ProposedChange is { } first ? [first, .. diagnosis.Alternatives] : diagnosis.Alternatives;

    static void WriteDiagnosis(TextWriter writer, Diagnosis diagnosis)
    {
        writer.WriteLine(diagnosis.Name);
        writer.WriteLine($"  seen      {diagnosis.Evidence}");
        writer.WriteLine($"  proposal  {diagnosis.Proposal}");
        foreach (RecipeChange change in Changes(diagnosis))
        {
            writer.WriteLine($"  change    {change}");
        }
    }

    static void WriteEnvironment(TextWriter writer, bool json)
    {
        JsonObject facts = [];
        IReadOnlyList<string> build = [.. Engine.BuildConfiguration.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        IReadOnlyList<string> mapped = Machine.MappedFiles;
        int devices = Engine.CudaDevices;
        int threads = Engine.Threads;
        Line("anneal", Product.Version);
        Line(".NET", Environment.Version.ToString());
        Line("system", System.Runtime.InteropServices.RuntimeInformation.OSDescription);
        Line("processor", Machine.Processor);
        Line("cores", $"{Machine.PhysicalCores} physical, {Environment.ProcessorCount} logical");
        Line("memory", Machine.Size(Machine.Memory));
        Line("libtorch", Engine.Version);
        Line("libtorch path", Machine.LibtorchPath);
        Line("native library", Engine.NativeLibrary);
        Line("threads", $"{(Machine.PhysicalCores == 1 ? "1 used by train" : $"1 to {Machine.PhysicalCores} used by train, as measured")}; {threads} libtorch's own choice");
        Line("measurements", ExecutionCache.OfUser(TimeProvider.System)?.Folder ?? "kept nowhere: neither ANNEAL_CACHE nor XDG_CACHE_HOME nor HOME is set");
        Line("CUDA", devices == 0 ? "none" : $"{devices} {(devices == 1 ? "device" : "devices")}");
        Line("BLAS", Blas(mapped, build));
        Line("CPU features", Features(build));
        Line("bfloat16", Execution.ProcessorHasBFloat16 ? "multiplied in hardware, used where precision is auto and it measures faster" : "not multiplied in hardware; float32 is used where precision is auto");
        if (json)
        {
            facts["build-options"] = new JsonArray([.. build.Select(line => (JsonNode)line.TrimStart('-', ' '))]);
            writer.WriteLine(facts.ToJsonString());
            return;
        }
        writer.WriteLine("build options");
        foreach (string line in build)
        {
            writer.WriteLine("  " + line.TrimStart('-', ' '));
        }

        void Line(string name, string value)
        {
            facts[name.TrimStart('.').Replace(' ', '-').ToLowerInvariant()] = value;
            if (!json)
            {
                writer.WriteLine($"{name,-16}{value}");
            }
        }
    }

    // What is mapped is what is used; what libtorch was built with may have been replaced since.
    static string Blas(IReadOnlyList<string> mapped, IReadOnlyList<string> build)
    {
        string[] libraries =
        [
            .. mapped.Where(path => Path.GetFileName(path) is string name
                && (name.StartsWith("libopenblas", StringComparison.Ordinal) || name.StartsWith("libmkl_", StringComparison.Ordinal)
                    || name.StartsWith("libblis", StringComparison.Ordinal) || name.StartsWith("libblas.", StringComparison.Ordinal)
                    || name.StartsWith("libatlas", StringComparison.Ordinal) || name.StartsWith("libcblas", StringComparison.Ordinal))),
        ];
        if (libraries.Length > 0)
        {
            bool reference = libraries.Any(path => path.EndsWith("/blas/libblas.so.3", StringComparison.Ordinal) || path.Contains("/blas/libblas.so.3.", StringComparison.Ordinal));
            return string.Join(", ", libraries) + (reference ? " (the slow reference BLAS; install libopenblas0-pthread)" : "");
        }
        return build.Any(line => line.Contains("BLAS_INFO=mkl", StringComparison.Ordinal)) ? "MKL, inside libtorch" : "none mapped as a library of its own";
    }

    static string Features(IReadOnlyList<string> build)
    {
        string capability = build.Select(line => line.TrimStart('-', ' ')).FirstOrDefault(line => line.StartsWith("CPU capability usage", StringComparison.Ordinal)) is { } found
            ? found[(found.IndexOf(':') + 1)..].Trim()
            : "unknown";
        string[] worth = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"];
        return $"{capability} used by libtorch; the processor has {string.Join(", ", Machine.ProcessorFlags.Intersect(worth).DefaultIfEmpty("none of " + string.Join(", ", worth)))}";
    }
}
