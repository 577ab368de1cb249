using System.Reflection;
using Anneal.Torch;
using Xunit.v3;

namespace Anneal.Tests.Shared;

/// <summary>Checks that a test releases every tensor it makes. For an assembly whose tests do not run in parallel.</summary>
/// <remarks>
/// Live tensors are counted for the whole process. A test project takes part with this file, and with
/// <c>[assembly: LeavesNoTensor]</c> and <c>[assembly: CollectionBehavior(DisableTestParallelization = true)]</c>.
/// What a class makes in its constructor or in a fixture is not counted to a test.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LeavesNoTensorAttribute : BeforeAfterTestAttribute
{
    long before;

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => before = Tensor.LiveCount;

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        // Not equality: a tensor that an earlier, failed test left behind may be collected meanwhile.
        long left = Tensor.LiveCount - before;
        Assert.True(left <= 0, $"A test must release every tensor it makes: open a TensorScope. It left {left}.");
    }
}
