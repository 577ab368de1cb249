using System.Text.Json;
using Anneal.Torch;
using Anneal.Training.Modules;
using Anneal.Training.Tests.Models;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Modules;

public class BatchNorm2dTests
{
    static readonly JsonElement Golden = Goldens.Numbers.GetProperty("batch-norm");

    [Theory]
    [InlineData(MemoryFormat.Contiguous)]
    [InlineData(MemoryFormat.ChannelsLast)]
    public void NormalizesAndFollowsTheStatisticsAsPyTorch(MemoryFormat layout)
    {
        using TensorScope scope = new();
        using BatchNorm2d norm = new(3, momentum: 0.2, epsilon: 1e-3);
        Noise.Fill(norm);
        JsonElement[] training = [.. Golden.GetProperty("training").EnumerateArray()];
        for (int step = 0; step < training.Length; step++)
        {
            Near(training[step].Array(), norm.Forward(Noise.Tensor([4, 3, 2, 2], 100 + step, 2 + step, 0.5 * step).Contiguous(layout)));
        }
        foreach ((string name, Tensor value) in norm.State())
        {
            Near(Golden.GetProperty("state").GetProperty(name).Array(), value);
        }
        norm.Train(false);
        Near(Golden.GetProperty("evaluated").Array(), norm.Forward(Noise.Tensor([4, 3, 2, 2], 200, 2).Contiguous(layout)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RemembersNothingOfABatchOfOneNumberAChannel(bool relu)
    {
        using TensorScope scope = new();
        // As many channels as the fused form takes.
        using BatchNorm2d norm = new(16);
        using Activation activation = new(ActivationKind.Relu);
        Dictionary<string, float[]> before = norm.State().ToDictionary(named => named.Key, named => named.Value.To(DType.Float32).ToArray<float>());
        Tensor one = Noise.Tensor([1, 16, 1, 1], 1, 5).Contiguous(MemoryFormat.ChannelsLast);
        Tensor output = relu ? norm.ForwardRelu(one, activation) : norm.Forward(one);
        Assert.All(output.ToArray<float>(), value => Assert.Equal(0, value, 1e-4));
        Assert.All(norm.State(), named => Assert.Equal(before[named.Key], named.Value.To(DType.Float32).ToArray<float>()));
    }

    [Fact]
    public void LeavesItsStatisticsAloneInEvaluation()
    {
        using TensorScope scope = new();
        using BatchNorm2d norm = new(3);
        norm.Train(false);
        norm.Forward(Noise.Tensor([4, 3, 2, 2], 1, 5));
        Assert.Equal([0, 0, 0], norm.Buffers().First(named => named.Key == "running_mean").Value.Value.ToArray<float>());
        Assert.Equal(0, norm.Buffers().First(named => named.Key == "num_batches_tracked").Value.Value.ToInt64());
    }

    static void Near(double[] expected, Tensor actual)
    {
        float[] values = actual.To(DType.Float32).ToArray<float>();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 2e-6 * Math.Max(1, Math.Abs(pair.First))));
    }
}
