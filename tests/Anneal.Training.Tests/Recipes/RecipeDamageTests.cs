using System.Text;
using Anneal.Testing;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Recipes;

public sealed class RecipeDamageTests
{
    const string Recipe = """
        data: fashion-mnist
        model: {name: mlp, hidden: [16, 8]}
        optimizer:
          name: sgd
          momentum: 0.9
        learning-rate: "one-cycle(max=0.4)"
        augmentation:
          - name: random-crop
            padding: 2
          - horizontal-flip
        duration: 8ep
        seed: 7

        """;

    [Fact]
    public void EveryDamagedRecipeIsRefusedOrIsARecipe()
    {
        byte[] file = Encoding.UTF8.GetBytes(Recipe);
        (int refused, IReadOnlyList<string> accepted) = Damage.Check<RecipeException>(file, bytes =>
        {
            Recipe recipe = RecipeText.Read(Encoding.UTF8.GetString(bytes));
            // What is accepted is whole: it can be written, and says the same when it is read back.
            string text = RecipeText.Write(recipe);
            Assert.Equal(text, RecipeText.Write(RecipeText.Read(text)));
        });
        // A changed number is another recipe; most other changes are none.
        Assert.True(refused > accepted.Count, $"{refused} refused, {accepted.Count} accepted");
    }

    [Theory]
    [InlineData("a: &x [1, 2]\nb: *x")]
    [InlineData("model: !!python/object:os.system mlp")]
    [InlineData("model: mlp\n---\nmodel: mlp")]
    [InlineData("")]
    [InlineData("- model")]
    [InlineData("model: mlp\nmodel: convnet")]
    [InlineData("? [a, b]\n: c")]
    [InlineData("model: {name: System.IO.File}")]
    public void NothingButPlainValuesIsARecipe(string text) => Assert.Throws<RecipeException>(() => RecipeText.Read(text));

    [Fact]
    public void NestingHasALimit()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 100_000)) + string.Concat(Enumerable.Repeat("]", 100_000));
        Assert.Contains("nest at most", Assert.Throws<RecipeException>(() => RecipeText.Read("model: " + deep)).Message);
    }

    [Fact]
    public void LengthHasALimit() =>
        Assert.Contains("at most 1048576 characters", Assert.Throws<RecipeException>(() => RecipeText.Read(new string(' ', RecipeText.LongestText + 1))).Message);
}
