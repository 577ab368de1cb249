using Anneal.Training.Tuning;

namespace Anneal.Training.Tests.Tuning;

public sealed class TrialLengthTests
{
    // Fashion-MNIST has 422 updates a pass, 1,260 digits in batches of 64 have 20, 270 of three classes in batches of 16 have 17.
    [Theory]
    [InlineData(422, 1000, 1)]
    [InlineData(422, 422, 1)]
    [InlineData(422, 390, 1)]
    [InlineData(422, 300, 300.0 / 422)]
    [InlineData(422, 10, 200.0 / 422)]
    [InlineData(20, 1000, 20)]
    [InlineData(20, 300, 15)]
    [InlineData(20, 0, 10)]
    [InlineData(17, 5000, 24)]
    [InlineData(7, 5000, 58)]
    public void ACoarseTrialIsAPassOrHundredsOfUpdates(long perEpoch, double affordable, double epochs) =>
        Assert.Equal(epochs, TrialLength.CoarseEpochs(perEpoch, affordable), 1e-12);

    [Theory]
    [InlineData(422, 10, 1, 4)]
    [InlineData(422, 2.9, 1, 2)]
    [InlineData(422, 1.9, 1, 0)]
    [InlineData(20, 1000, 20, 60)]
    [InlineData(20, 35.5, 20, 35)]
    [InlineData(20, 29, 20, 0)]
    public void ARefiningTrialIsLongerThanACoarseOne(long perEpoch, double affordable, double coarse, int passes) =>
        Assert.Equal(passes, TrialLength.RefiningPasses(perEpoch, affordable, coarse));
}
