using Anneal.Training.Regularization;

namespace Anneal.Training.Tests.Regularization;

public class ClipGradientNormTests
{
    [Fact]
    public void LeavesAShortGradientAlone() => Assert.Equal(1, new ClipGradientNorm { Maximum = 2 }.Apply([], 1.5));

    // torch.nn.utils.clip_grad_norm_: max_norm / (norm + 1e-6).
    [Fact]
    public void ShortensALongGradientToTheMaximum() => Assert.Equal(2 / (8 + 1e-6), new ClipGradientNorm { Maximum = 2 }.Apply([], 8), 1e-15);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void AMaximumThatIsNotAboveZeroIsRefused(double maximum) =>
        Assert.Throws<ArgumentException>(() => new ClipGradientNorm { Maximum = maximum });
}
