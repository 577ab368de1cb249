namespace Anneal.Torch.Tests.Tensors;

public class MemoryTests
{
    const long Megabyte = 1 << 20;

    [Fact]
    public void ManyStepsWithAScopeEachLeaveNoTensor()
    {
        using Tensor x = Tensor.Ones([8]);
        long before = Tensor.LiveCount;

        for (int step = 0; step < 200; step++)
        {
            using TensorScope scope = new();
            Tensor sum = x;
            for (int i = 0; i < 100; i++)
            {
                sum = sum + x;
            }
            Assert.Equal(101 * 8, sum.Sum().ToDouble());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void CallsOfEveryKindDoNotGrowTheProcess()
    {
        using Tensor x = Tensor.Ones([16_384]);
        x.RequiresGradient = true;
        using Tensor target = Tensor.Zeros([16_384]);
        byte[] bytes = new byte[16_384 * 4];
        void Repeat(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using TensorScope scope = new();
                Tensor y = x * 2.0;
                y.Reshape(128, 128).Transpose().Mean().Backward();
                x.Gradient!.Zero();
                target.AddInPlace(1);
                target.LoadBytes(bytes);
                target.CopyBytesTo(bytes);
                Tensor?[] parts = new Operator("aten::split", "Tensor").InvokeAll(target, 4096);
                Tensor.Stack([parts[0]!, parts[1]!]);
            }
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        AssertDoesNotGrow(Repeat, 600, 3000);
    }

    [Fact]
    public void AHundredThousandSmallCallsDoNotGrowTheProcess()
    {
        using Tensor x = Tensor.Ones([16_384]);
        void Repeat(int times)
        {
            for (int i = 0; i < times; i += 4)
            {
                using TensorScope scope = new();
                Tensor copy = x.Clone();
                copy.AddInPlace(1);
                copy.Detach().MultiplyInPlace(0.5);
                if (i % 10_000 == 0)
                {
                    GC.Collect();
                }
            }
        }

        AssertDoesNotGrow(Repeat, 20_000, 100_000);
    }

    [Fact]
    public void CallsThatFailDoNotGrowTheProcess()
    {
        using Tensor x = Tensor.Ones([65_536]);
        using Tensor y = Tensor.Ones([65_537]);
        void Repeat(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using TensorScope scope = new();
                Assert.Throws<TorchException>(() => x.Clone() + y);
                Assert.Throws<TorchException>(() => Tensor.FromBytes(new byte[4], DType.Float32, 65_536));
            }
            GC.Collect();
        }

        AssertDoesNotGrow(Repeat, 50, 300);
    }

    [Fact]
    public void TensorsLiveThroughCollectionsDuringTheirCalls()
    {
        using CancellationTokenSource done = new();
        Thread collector = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            for (int i = 0; i < 500; i++)
            {
                Assert.Equal(2000, SumOfFresh());
            }
        }
        finally
        {
            done.Cancel();
            collector.Join();
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // Nothing here is held while libtorch reads it, except by the call itself.
        static double SumOfFresh() => (Tensor.Ones([1000]) + Tensor.Ones([1000])).Sum().ToDouble();
    }

    static void AssertDoesNotGrow(Action<int> repeat, int before, int then)
    {
        repeat(before);
        long settled = Environment.WorkingSet;
        repeat(then);
        long grown = Environment.WorkingSet - settled;

        Assert.True(grown < 20 * Megabyte, $"The process grew by {grown / Megabyte} MiB over {then} repetitions.");
    }
}
