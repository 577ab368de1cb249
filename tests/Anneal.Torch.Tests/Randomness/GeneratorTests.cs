namespace Anneal.Torch.Tests.Randomness;

public class GeneratorTests
{
    [Fact]
    public void TheSameSeedGivesTheSameDraws()
    {
        Generator.Seed(Device.Cpu, 11);
        float[] first = Draw();
        float[] second = Draw();
        Generator.Seed(Device.Cpu, 11);

        Assert.Equal(first, Draw());
        Assert.NotEqual(first, second);
        Generator.Seed(Device.Cpu, 12);
        Assert.NotEqual(first, Draw());
    }

    [Fact]
    public void ADrawIsPyTorchs()
    {
        using TensorScope scope = new();
        Generator.Seed(Device.Cpu, 0);
        Tensor draws = Tensor.Empty([3], DType.Float64);

        draws.FillUniform();

        // torch.manual_seed(0); torch.empty(3, dtype=torch.float64).uniform_()
        double[] expected = [0.9700530018065531, 0.707819864399788, 0.45938294312745087];
        Assert.Equal(expected, draws.ToArray<double>());
    }

    [Fact]
    public void AStateSetBackContinuesAsBefore()
    {
        Generator.Seed(Device.Cpu, 3);
        Draw();
        byte[] state = Generator.GetState(Device.Cpu);
        float[] continued = [.. Draw(), .. Draw()];

        Generator.SetState(Device.Cpu, state);

        Assert.Equal(continued, Draw().Concat(Draw()));
    }

    [Fact]
    public void AStateKeepsTheSecondNumberOfANormalPair()
    {
        using TensorScope scope = new();
        Tensor one = Tensor.Empty([1]);
        Generator.Seed(Device.Cpu, 3);
        one.FillNormal();
        byte[] state = Generator.GetState(Device.Cpu);
        one.FillNormal();
        double second = one.ToDouble();

        Generator.SetState(Device.Cpu, state);
        one.FillNormal();

        Assert.Equal(second, one.ToDouble());
    }

    [Fact]
    public void AWrongStateIsRefusedAndChangesNothing()
    {
        Generator.Seed(Device.Cpu, 4);
        byte[] before = Generator.GetState(Device.Cpu);

        Assert.Throws<TorchException>(() => Generator.SetState(Device.Cpu, []));
        Assert.Throws<TorchException>(() => Generator.SetState(Device.Cpu, before.AsSpan(1)));
        Assert.Throws<TorchException>(() => Generator.SetState(Device.Cpu, new byte[before.Length]));

        Assert.Equal(before, Generator.GetState(Device.Cpu));
    }

    [Fact]
    public void ADeviceThatIsNotThereIsRefused() =>
        Assert.Throws<TorchException>(() => Generator.Seed(Device.Cuda(127), 1));

    [Fact]
    public void NormalDrawsHaveTheMomentsAskedFor()
    {
        using TensorScope scope = new();
        Generator.Seed(Device.Cpu, 5);
        Tensor draws = Tensor.Empty([40_000], DType.Float64);

        draws.FillNormal(3, 0.5);

        // Five standard errors: 0.5/√n for the mean, 0.5/√(2n) for the deviation.
        Assert.Equal(3, draws.Mean().ToDouble(), 5 * 0.5 / 200);
        Assert.Equal(0.5, draws.StandardDeviation().ToDouble(), 5 * 0.5 / 282);
    }

    [Fact]
    public void UniformDrawsStayInTheirInterval()
    {
        using TensorScope scope = new();
        Generator.Seed(Device.Cpu, 6);
        Tensor draws = Tensor.Empty([40_000]);

        draws.FillUniform(-1, 3);

        Assert.InRange(draws.Min().ToDouble(), -1, -0.99);
        Assert.InRange(draws.Max().ToDouble(), 2.99, 3);
        Assert.Equal(1, draws.Mean().ToDouble(), 5 * 4 / Math.Sqrt(12) / 200);
    }

    [Fact]
    public void BernoulliDrawsAreOnesAndZerosOfTheProbability()
    {
        using TensorScope scope = new();
        Generator.Seed(Device.Cpu, 7);
        Tensor draws = Tensor.Empty([40_000]);

        draws.FillBernoulli(0.2);

        Assert.Equal([0f, 1f], draws.ToArray<float>().Distinct().Order());
        Assert.Equal(0.2, draws.Mean().ToDouble(), 5 * 0.4 / 200);
    }

    [Fact]
    public void DropoutZerosAShareAndScalesTheRest()
    {
        using TensorScope scope = new();
        Generator.Seed(Device.Cpu, 8);

        float[] dropped = Tensor.Ones([40_000]).Dropout(0.2, training: true).ToArray<float>();

        Assert.Equal([0f, 1.25f], dropped.Distinct().Order());
        Assert.Equal(0.2, dropped.Count(value => value == 0) / 40_000.0, 5 * 0.4 / 200);
    }

    [Fact]
    public void OneOfOnesOwnDrawsLikeTheDefaultOneAndApartFromIt()
    {
        Generator.Seed(Device.Cpu, 9);
        float[] expected = [.. Draw(), .. Draw()];
        byte[] state = Generator.GetState(Device.Cpu);
        using Generator own = new(Device.Cpu, 9);
        float[] first, second;
        using (own.Use())
        {
            first = Draw();
            using (Generator inner = new(Device.Cpu, 1))
            using (inner.Use())
            {
                Assert.NotEqual(expected[..100], Draw());
            }
            byte[] middle = own.GetState();
            second = Draw();
            own.SetState(middle);
            Assert.Equal(second, Draw());
        }
        Assert.Equal(expected, first.Concat(second));
        Assert.Equal(state, Generator.GetState(Device.Cpu));
        own.Seed(9);
        using (own.Use())
        {
            Assert.Equal(first, Draw());
        }
    }

    [Fact]
    public void IsInUseOnItsOwnThreadOnly()
    {
        using Generator own = new(Device.Cpu, 9);
        byte[] before = own.GetState();
        using (own.Use())
        {
            Thread other = new(() => Draw());
            other.Start();
            other.Join();
        }
        Assert.Equal(before, own.GetState());
    }

    [Fact]
    public void DropoutDrawsFromTheOneInUseWhatLibtorchsWould()
    {
        using TensorScope scope = new();
        Tensor input = Tensor.Range(1000).To(DType.Float32);
        Generator.Seed(Device.Cpu, 9);
        float[] expected = new Operator("aten::dropout").Invoke(input, 0.3, true).ToArray<float>();
        using Generator own = new(Device.Cpu, 9);
        using (own.Use())
        {
            Assert.Equal(expected, input.Dropout(0.3, training: true).ToArray<float>());
        }
    }

    static float[] Draw()
    {
        using Tensor draws = Tensor.Empty([100]);
        draws.FillNormal();
        return draws.ToArray<float>();
    }
}
