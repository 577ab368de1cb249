using Anneal.Tests.Shared;

namespace Anneal.Torch.Tests.Tensors;

public class TensorScopeTests
{
    [Fact]
    public void ReleasesWhatWasMadeInIt()
    {
        long before = Tensor.LiveCount;
        Tensor left;
        using (new TensorScope())
        {
            left = Tensor.Ones([2]) + 1.0;
            Assert.Equal(before + 2, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
        Assert.Throws<ObjectDisposedException>(() => left.Shape);
    }

    [Fact]
    public void LeavesWhatWasMadeOutside()
    {
        using Tensor outside = Tensor.Ones([2]);
        using (new TensorScope())
        {
            _ = outside + outside;
        }

        Assert.Equal(2, outside.Count);
    }

    [Fact]
    public void AnInnerScopeReleasesOnlyItsOwn()
    {
        using TensorScope outer = new();
        Tensor early = Tensor.Ones([1]);
        using (new TensorScope())
        {
            _ = Tensor.Ones([1]);
        }
        Tensor late = Tensor.Ones([1]);

        Assert.Equal(2, (early + late).ToDouble());
    }

    [Fact]
    public void WhatIsKeptPassesToTheScopeAround()
    {
        long before = Tensor.LiveCount;
        Tensor kept;
        using (new TensorScope())
        {
            using (new TensorScope())
            {
                kept = TensorScope.Keep(Tensor.Ones([1]));
            }
            Assert.Equal(1, kept.ToDouble());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void WhatTheOutermostScopeKeepsIsTheCallers()
    {
        Tensor kept;
        using (new TensorScope())
        {
            kept = TensorScope.Keep(Tensor.Ones([1]));
        }

        Assert.Equal(1, kept.ToDouble());
        kept.Dispose();
    }

    [Fact]
    public void KeepingATensorOfAnOuterScopeLeavesItThere()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            Tensor input = Tensor.Ones([1]);
            using (new TensorScope())
            {
                Assert.Same(input, TensorScope.Keep(TensorScope.Keep(input)));
            }
            Assert.Equal(1, input.ToDouble());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void WhatIsReleasedLeavesAllScopes()
    {
        Tensor released;
        using (new TensorScope())
        using (new TensorScope())
        {
            released = TensorScope.Release(Tensor.Ones([1]));
        }

        Assert.Equal(1, released.ToDouble());
        released.Dispose();
    }

    [Fact]
    public void WhatIsDisposedInsideIsNotReleasedTwice()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            Tensor first = Tensor.Ones([1]);
            Tensor second = Tensor.Ones([1]);
            first.Dispose();
            Tensor third = Tensor.Ones([1]);
            second.Dispose();
            Assert.Equal(before + 1, Tensor.LiveCount);
            Assert.Equal(1, third.ToDouble());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void ClosingAnOuterScopeFirstIsRefusedAndChangesNothing()
    {
        TensorScope outer = new();
        TensorScope inner = new();
        Tensor tensor = Tensor.Ones([1]);

        Assert.Throws<InvalidOperationException>(outer.Dispose);

        Assert.Equal(1, tensor.ToDouble());
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void ClosingTwiceIsClosingOnce()
    {
        using TensorScope outer = new();
        TensorScope inner = new();
        inner.Dispose();
        Tensor tensor = Tensor.Ones([1]);

        inner.Dispose();

        Assert.Equal(1, tensor.ToDouble());
    }

    [Fact]
    public void AnotherThreadHasNoPartInAScope()
    {
        using TensorScope scope = new();
        Tensor here = Tensor.Ones([1]);

        OnAnotherThread(() =>
        {
            Assert.Throws<InvalidOperationException>(scope.Dispose);
            Assert.Throws<InvalidOperationException>(() => TensorScope.Release(here));
            Assert.Throws<InvalidOperationException>(here.Dispose);
            using Tensor there = Tensor.Ones([1]);
            Assert.Null(there.Owner);
        });

        Assert.Equal(1, here.ToDouble());
    }

    [Fact]
    public void AReleasedTensorMayGoToAnotherThread()
    {
        Tensor? made = null;
        OnAnotherThread(() =>
        {
            using TensorScope scope = new();
            made = TensorScope.Release(Tensor.Ones([3]));
        });

        Assert.Equal([1f, 1f, 1f], made!.ToArray<float>());
        made.Dispose();
    }

    [Fact]
    public void ATensorThatNobodyHoldsIsReleasedByTheGarbageCollector()
    {
        long before = Tensor.LiveCount;
        MakeAndForget();

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(before, Tensor.LiveCount);

        static void MakeAndForget()
        {
            for (int i = 0; i < 100; i++)
            {
                Tensor.Ones([4]);
            }
        }
    }

    [Fact]
    public void TheCheckOnEveryTestNoticesATensorLeftBehind()
    {
        LeavesNoTensorAttribute check = new();
        check.Before(null!, null!);
        using (Tensor left = Tensor.Ones([1]))
        {
            Assert.Contains("It left 1.", Assert.ThrowsAny<Exception>(() => check.After(null!, null!)).Message);
        }
        check.After(null!, null!);
    }

    static void OnAnotherThread(Action act)
    {
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(act));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
