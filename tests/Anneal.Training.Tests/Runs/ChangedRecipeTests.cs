using System.Globalization;
using Anneal.Testing;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;

namespace Anneal.Training.Tests.Runs;

public sealed class ChangedRecipeTests : IDisposable
{
    static readonly Recipe A = new() { LearningRate = 0.1 };
    static readonly Recipe B = new() { LearningRate = 10 };
    static readonly Recipe C = new() { LearningRate = 0.01 };

    readonly TemporaryFolder temporary = new();
    readonly RunFolder folder;

    public ChangedRecipeTests()
    {
        folder = RunFolder.At(temporary.Path);
        folder.Write(A);
    }

    [Fact]
    public void KeepsWhatWasFollowed()
    {
        Assert.Equal("recipe-until-step-00000050.yaml", GoOn(B, 50));
        Assert.Equal("recipe-until-step-00000080.yaml", GoOn(C, 80));
        Assert.Equal([("recipe-until-step-00000050.yaml", 0.1), ("recipe-until-step-00000080.yaml", 10)], Kept());
    }

    [Fact]
    public void ForgetsAChangeThatCameToNothing()
    {
        // B diverged at once, and the run goes on from the same checkpoint with C: nothing that is left followed B.
        GoOn(B, 50);
        Assert.Equal("recipe-until-step-00000050.yaml", GoOn(C, 50));
        Assert.Equal([("recipe-until-step-00000050.yaml", 0.1)], Kept());
        // Back to A it never changed.
        Assert.Null(GoOn(A, 50));
        Assert.Empty(Kept());
    }

    [Fact]
    public void FollowsTheCheckpointWhereItIsAnEarlierOne()
    {
        GoOn(B, 50);
        GoOn(C, 80);
        Assert.Equal("recipe-until-step-00000040.yaml", GoOn(C, 40));
        Assert.Equal([("recipe-until-step-00000040.yaml", 0.1)], Kept());
        Assert.Null(GoOn(B, 0));
        Assert.Empty(Kept());
    }

    [Fact]
    public void SeesNoChangeInAnotherWayOfWriting()
    {
        File.WriteAllText(Path.Combine(temporary.Path, "recipe.yaml"), "# an older version wrote fewer keys\nlearning-rate: constant(1e-1)\n");
        Assert.Null(GoOn(A, 50));
    }

    [Fact]
    public void OutlivesAKillBeforeTheNewRecipeIsWritten()
    {
        folder.Change(B, 50);
        Assert.Null(GoOn(A, 50));
        Assert.Empty(Kept());
    }

    public void Dispose()
    {
        folder.Dispose();
        temporary.Dispose();
    }

    string? GoOn(Recipe next, long step)
    {
        string? kept = folder.Change(next, step);
        folder.Write(next);
        return kept;
    }

    (string, double)[] Kept() =>
    [
        .. Directory.GetFiles(temporary.Path, "recipe-until-step-*").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), double.Parse(RecipeText.Read(File.ReadAllText(file)).LearningRate.Pieces[0].Arguments[0].Value, CultureInfo.InvariantCulture))),
    ];
}
