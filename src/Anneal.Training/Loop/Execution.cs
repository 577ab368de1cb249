using System.Runtime.Intrinsics.X86;
using Anneal.Torch;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Recipes;

namespace Anneal.Training.Loop;

/// <summary>How a model is run: on which device, in which precision and memory order.</summary>
/// <param name="Device">Where tensors are.</param>
/// <param name="Precision">Float32, or BFloat16 through autocast.</param>
/// <param name="Layout">The memory order of images and kernels.</param>
public sealed record Execution(Device Device, DType Precision, MemoryFormat Layout)
{
    // Below this, casting costs more than faster products give back: measured on a 784-128-10 network.
    const long LeastMultiplyAdds = 20_000_000;

    /// <summary>Whether the processor multiplies bfloat16 in hardware (AVX512-BF16 or AMX-BF16).</summary>
    public static bool ProcessorHasBFloat16
    {
        get
        {
            if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            {
                return false;
            }
            (_, _, _, int features) = X86Base.CpuId(7, 0);
            (int more, _, _, _) = X86Base.CpuId(7, 1);
            return ((more >> 5) & 1) != 0 || ((features >> 22) & 1) != 0;
        }
    }

    /// <summary>Fills in what a recipe leaves to the machine.</summary>
    /// <param name="recipe">Its precision and layout are followed where they are not <c>auto</c>.</param>
    /// <param name="device">Where to run.</param>
    /// <param name="model">The module, built.</param>
    /// <param name="input">The size of one image.</param>
    public static Execution Choose(Recipe recipe, Device device, Module model, ImageShape input)
    {
        bool images = model.Modules().Any(part => part.Value is Conv2d);
        bool large = IsLarge(recipe, Inspection.ModelTable.Of(model, input));
        bool half = recipe.Precision == Recipes.Precision.Bfloat16
            || (recipe.Precision == Recipes.Precision.Auto && large && (device.IsCuda || ProcessorHasBFloat16));
        bool last = recipe.Layout == Recipes.Layout.ChannelsLast || (recipe.Layout == Recipes.Layout.Auto && images);
        return new Execution(
            device, half ? DType.BFloat16 : DType.Float32, last ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous);
    }

    /// <summary>Whether a forward pass is so much work that casting, and a second thread, may pay.</summary>
    internal static bool IsLarge(Recipe recipe, Inspection.ModelTable table) => table.MultiplyAdds * recipe.BatchSize >= LeastMultiplyAdds;
}
