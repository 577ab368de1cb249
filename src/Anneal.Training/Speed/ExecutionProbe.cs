using System.Globalization;
using Anneal.Runs;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Inspection;
using Anneal.Training.Loop;
using Anneal.Training.Modules;
using Anneal.Training.Recipes;

namespace Anneal.Training.Speed;

/// <summary>Chooses precision, memory layout and threads of a run by timing its own updates for a second or two.</summary>
/// <remarks>
/// It trains throwaway runs of the recipe on its data; weights, generator and data of the caller stay as they are, and so does
/// <see cref="Engine.Threads"/>, which it changes while it measures: nothing else may compute meanwhile. Values that the recipe or
/// <see cref="Threads"/> name are kept. What is chosen differs between machines and may differ between two calls: a run that is to be made
/// again to the same bits needs <see cref="ExecutionChoice.Apply"/>'s recipe and as many threads.
/// </remarks>
public sealed class ExecutionProbe
{
    // Below, the rule of thumb costs less than measuring could gain.
    const double ShortSeconds = 5;

    // What a core multiplies and adds in a second, and what an update costs beside: enough to tell seconds from minutes.
    const double MultiplyAddsASecond = 5e10;
    const double UpdateSeconds = 1e-4;

    // Weights, gradients, and two averages of them.
    const int BytesAParameter = 16;

    /// <summary>Threads at most, which should be physical cores; libtorch's present number unless given.</summary>
    public int MostThreads { get; init; } = Engine.Threads;

    /// <summary>Threads where the user has named a number; null to choose.</summary>
    public int? Threads { get; init; }

    /// <summary>Measurements kept from before; null to measure anew each time and keep none.</summary>
    public ExecutionCache? Cache { get; init; }

    /// <summary>What the cache tells machines apart by, such as the processor's name.</summary>
    public string Machine { get; init; } = "";

    /// <summary>Says how many processes want to run for each core at the moment; null where that is not known.</summary>
    public Func<double?> Load { get; init; } = () => null;

    /// <summary>The clock to time by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal Func<Recipe, Dataset, IUpdateTimer>? Timer { get; init; }

    /// <summary>Chooses for a run.</summary>
    /// <param name="recipe">What is to be trained.</param>
    /// <param name="data">Its data.</param>
    /// <param name="device">Where; the CPU unless given. Elsewhere nothing is measured.</param>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    /// <exception cref="TorchException">libtorch failed, for one when memory ran out.</exception>
    public ExecutionChoice Choose(Recipe recipe, Dataset data, Device? device = null)
    {
        AskedExecution asked = AskedExecution.Of(recipe, Threads);
        if (asked is { Precision: not null, Layout: not null, Threads: { } threads })
        {
            return new(new(recipe.Precision, recipe.Layout, threads), new() { By = ExecutionEvidence.Given });
        }
        bool measures = device is null or { IsCuda: false };
        string? key = measures && Cache is not null ? KeyOf(recipe, data) : null;
        if (key is not null && Cache!.Find(key, asked) is { } kept)
        {
            return new(kept.Settings, kept.Evidence);
        }
        ExecutionQuestion question = Ask(recipe, data, device, out bool pays, out long updates);
        if (!question.IsOpen || !measures || !pays)
        {
            return new(question.Rule, new() { By = question.IsOpen ? ExecutionEvidence.Rule : ExecutionEvidence.Given });
        }
        double? load = Load();
        DateTimeOffset at = Time.GetUtcNow();
        IUpdateTimer timer = (Timer ?? ((what, examples) => new UpdateTimer(what, examples, Time)))(recipe, data);
        using IDisposable? ends = timer as IDisposable;
        (ExecutionSettings chosen, IReadOnlyList<MeasuredUpdate> measured) = new ExecutionRace(timer, updates).Decide(question);
        ExecutionEvidence evidence = new() { By = ExecutionEvidence.Measuring, Measured = measured, At = at, Load = load };
        if (key is not null)
        {
            Cache!.Keep(key, asked, chosen, evidence);
        }
        return new(chosen, evidence);
    }

    ExecutionQuestion Ask(Recipe recipe, Dataset data, Device? device, out bool pays, out long updates)
    {
        RunPlan plan = new(recipe, data);
        using Module model = plan.BuildModel(data.Shape);
        Execution execution = Execution.Choose(recipe, device ?? Device.Cpu, model, data.Shape);
        ModelTable table = ModelTable.Of(model, data.Shape);
        updates = plan.Length.Steps;
        double multiplyAdds = 3.0 * table.MultiplyAdds * plan.Length.BatchSize;
        pays = updates * ((multiplyAdds / MultiplyAddsASecond) + UpdateSeconds) >= ShortSeconds
            // Two models at once must not be what memory runs out by.
            && (double)table.Parameters * BytesAParameter < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8;
        bool last = execution.Layout == MemoryFormat.ChannelsLast;
        bool half = execution.Precision == DType.BFloat16;
        bool images = model.Modules().Any(part => part.Value is Conv2d);
        ExecutionSettings rule = new(
            half ? Precision.Bfloat16 : Precision.Float32,
            last ? Layout.ChannelsLast : Layout.Contiguous,
            Threads ?? (Execution.IsLarge(recipe, table) ? MostThreads : 1));
        return new()
        {
            Rule = rule,
            Precisions = recipe.Precision == Precision.Auto && Execution.ProcessorHasBFloat16 ? [Precision.Float32, Precision.Bfloat16] : [rule.Precision],
            Layouts = recipe.Layout == Layout.Auto && images ? [Layout.Contiguous, Layout.ChannelsLast] : [rule.Layout],
            Threads = Threads is { } count ? [count] : ExecutionQuestion.ThreadsUpTo(MostThreads),
        };
    }

    // What an update's cost depends on; null for techniques without a name, whose updates nothing tells apart.
    string? KeyOf(Recipe recipe, Dataset data)
    {
        try
        {
            return string.Join('\n',
                Machine,
                string.Create(CultureInfo.InvariantCulture, $"{MostThreads} threads"),
                Build,
                $"images of {data.Shape} in {data.Classes.Count} classes",
                RecipeText.Standard.NameOf(recipe.Optimizer),
                RecipeText.Write(new Recipe { Model = recipe.Model, BatchSize = Math.Min(recipe.BatchSize, Math.Max(data.Training.Count, 1)) }));
        }
        catch (RecipeException)
        {
            return null;
        }
    }

    // Other kernels have other speeds: each build of this library, of the native one and of libtorch is measured anew.
    static string Build
    {
        get
        {
            string native = Engine.NativeLibrary;
            long written = File.Exists(native) ? File.GetLastWriteTimeUtc(native).Ticks : 0;
            return string.Create(CultureInfo.InvariantCulture, $"{typeof(ExecutionProbe).Module.ModuleVersionId} {written} libtorch {Engine.Version}");
        }
    }
}
