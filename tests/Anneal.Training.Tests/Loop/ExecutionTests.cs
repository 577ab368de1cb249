using Anneal.Torch;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Loop;

public class ExecutionTests
{
    static readonly ImageShape Fashion = new(1, 28, 28);

    [Fact]
    public void TakesBFloat16ForLargeModelsWhereTheProcessorHasIt()
    {
        Assert.Equal(Execution.ProcessorHasBFloat16 ? DType.BFloat16 : DType.Float32, Choose(new ResNet9()).Precision);
        // 100,480 products for each of 128 examples: too few to be worth casting.
        Assert.Equal(DType.Float32, Choose(new Mlp()).Precision);
    }

    [Theory]
    [InlineData(Precision.Float32, DType.Float32)]
    [InlineData(Precision.Bfloat16, DType.BFloat16)]
    public void FollowsThePrecisionThatTheRecipeNames(Precision precision, DType expected)
    {
        Assert.Equal(expected, Choose(new ResNet9 { Width = 2 }, precision).Precision);
        Assert.Equal(expected, Choose(new Mlp(), precision).Precision);
    }

    [Fact]
    public void PutsChannelsLastForConvolutions()
    {
        Assert.Equal(MemoryFormat.ChannelsLast, Choose(new ConvNet()).Layout);
        Assert.Equal(MemoryFormat.Contiguous, Choose(new Mlp()).Layout);
        Assert.Equal(MemoryFormat.Contiguous, Choose(new ConvNet(), layout: Layout.Contiguous).Layout);
        Assert.Equal(MemoryFormat.ChannelsLast, Choose(new Mlp(), layout: Layout.ChannelsLast).Layout);
    }

    [Fact]
    public void RunsOnTheDeviceItIsGiven() => Assert.Equal(Device.Cpu, Choose(new Mlp()).Device);

    static Execution Choose(Model model, Precision precision = Precision.Auto, Layout layout = Layout.Auto)
    {
        using Module module = model.Build(Fashion, 10);
        return Execution.Choose(new Recipe { Model = model, Precision = precision, Layout = layout }, Device.Cpu, module, Fashion);
    }
}
