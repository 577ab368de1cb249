using Anneal.Runs;

namespace Anneal.Tests.Runs;

public class EarlierRecipeTests
{
    [Theory]
    [InlineData(1, "recipe-until-step-00000001.yaml")]
    [InlineData(123_456_789, "recipe-until-step-123456789.yaml")]
    public void ReadsTheStepBackFromTheName(long step, string file)
    {
        Assert.Equal(file, EarlierRecipe.FileOf(step));
        Assert.Equal(step, EarlierRecipe.StepOf(file));
    }

    [Theory]
    [InlineData("recipe.yaml")]
    [InlineData("recipe-until-step-.yaml")]
    [InlineData("recipe-until-step--5.yaml")]
    [InlineData("recipe-until-step-mine.yaml")]
    [InlineData("recipe-until-step-99999999999999999999.yaml")]
    [InlineData("recipe-until-step-5.yaml.new")]
    public void KnowsNoStepOfAnotherName(string file) => Assert.Null(EarlierRecipe.StepOf(file));
}
