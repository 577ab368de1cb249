using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>x + branch(x) (He et al. 2016): the branch keeps the shape.</summary>
public sealed class Residual : Module, IResidualBranch
{
    readonly Module branch;

    /// <summary>A connection around a branch.</summary>
    public Residual(Module branch) => this.branch = Add("branch", branch);

    /// <inheritdoc/>
    public BatchNorm2d? LastNormalization => branch.Modules().Select(part => part.Value).OfType<BatchNorm2d>().LastOrDefault();

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input + branch.Forward(input);
}
