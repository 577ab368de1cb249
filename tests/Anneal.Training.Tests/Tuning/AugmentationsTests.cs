using Anneal.Durations;
using Anneal.Randomness;
using Anneal.Testing;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;
using Anneal.Training.Tests.Samples;
using Anneal.Training.Tuning;

namespace Anneal.Training.Tests.Tuning;

/// <summary>Which augmentations a search may draw, by what a network that has seen no mirrored picture makes of one.</summary>
public sealed class AugmentationsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    // Rows that are bright from end to end look the same in a mirror.
    [Fact]
    public void OffersFlipsWhereAMirroredPictureKeepsItsClass()
    {
        using Dataset data = SmallData.Striped(perClass: 40);
        (double kept, bool offers) = Mirrored(data)!.Value;
        Assert.True(offers);
        Assert.InRange(kept, 0.9, 1);
    }

    // A half that is bright is the other half in a mirror.
    [Fact]
    public void OffersNoneWhereAMirroredPictureIsOfAnotherClass()
    {
        using Dataset data = Halves();
        (double kept, bool offers) = Mirrored(data)!.Value;
        Assert.False(offers);
        Assert.InRange(kept, 0, 0.1);
    }

    [Fact]
    public void KnowsNothingWhereThereIsNoCheckpoint()
    {
        using Dataset data = Halves();
        Assert.Null(Augmentations.Mirror(folder.File("nothing.safetensors"), data, RecipeText.Standard));
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(28, 2)]
    [InlineData(32, 2)]
    [InlineData(96, 7)]
    public void CropsByAFourteenthOfThePicture(int size, int padding) =>
        Assert.Equal([new RandomCrop { Padding = padding }], Augmentations.Of(Augmentations.Crop, new ImageShape(1, size, size)));

    public void Dispose() => folder.Dispose();

    (double Kept, bool Offers)? Mirrored(Dataset data)
    {
        Recipe recipe = new()
        {
            Data = data.Name, Model = new Mlp { Hidden = [8] }, BatchSize = 10, Validation = 0.2, Duration = Duration.Epochs(20),
            LearningRate = 0.05, Precision = Precision.Float32,
        };
        using RunFolder run = RunFolder.At(folder.Path);
        Directory.CreateDirectory(run.CheckpointsFolder);
        using TrainingRun training = new(recipe, data, run);
        foreach (Events.TrainingEvent _ in training.Events())
        {
        }
        return Augmentations.Mirror(Path.Combine(run.CheckpointsFolder, run.Checkpoints()[0]), data, RecipeText.Standard);
    }

    static Dataset Halves() => new("halves", Pictures(80, 1), Pictures(8, 2), ["left", "right"]);

    static Examples Pictures(int count, ulong seed)
    {
        RandomStream noise = new(seed, "halves");
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 2))];
        byte[] pixels = [.. Enumerable.Range(0, count * 64).Select(i => (byte)(noise.NextInt(60) + (i % 8 / 4 == labels[i / 64] ? 150 : 0)))];
        return new Examples(pixels, labels, new ImageShape(1, 8, 8));
    }
}
