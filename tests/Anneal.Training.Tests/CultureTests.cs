using System.Globalization;
using Anneal.Torch;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests;

/// <summary>Texts are English and numbers invariant, whatever the culture of the program that uses the libraries.</summary>
public sealed class CultureTests : IDisposable
{
    readonly CultureInfo before = CultureInfo.CurrentCulture;

    // As German writes numbers. A culture by name would be invariant in these tests (InvariantGlobalization).
    public CultureTests()
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = culture;
    }

    public void Dispose() => CultureInfo.CurrentCulture = before;

    [Fact]
    public void ErrorsHavePoints()
    {
        Assert.Contains("1.5", Assert.Throws<ArgumentException>(() => new Mlp { Dropout = 1.5 }).Message);
        Assert.Contains("-0.5, 1", Assert.Throws<ArgumentException>(() => new CrossEntropy { ClassWeights = [-0.5, 1] }).Message);
    }

    [Fact]
    public void RecipesHavePointsAndReadBack()
    {
        Recipe recipe = new() { Validation = 0.25, LearningRate = 0.05 };
        string text = RecipeText.Write(recipe);
        Assert.Contains("validation: 0.25", text);
        Assert.Contains("0.05", text);
        Assert.DoesNotContain("0,", text);
        Assert.Equal(0.25, RecipeText.Read(text).Validation);
    }

    [Fact]
    public void EveryInterpolatedStringOfTheLibrariesIsInvariant() => Assert.All(
        [typeof(Tensor).Assembly, typeof(Recipe).Assembly],
        library => Assert.NotNull(library.GetType("System.Runtime.CompilerServices.DefaultInterpolatedStringHandler")));
}
