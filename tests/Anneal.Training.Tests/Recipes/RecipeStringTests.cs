using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Rates;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Recipes;

/// <summary>A text in a recipe is that text, whichever way it comes in and whatever YAML would make of it.</summary>
public sealed class RecipeStringTests
{
    public static TheoryData<string> Texts =>
    [
        "FOLDER/hash #2", "#", "a #", "a# b", " leading", "trailing ", "  ", "\tx\t", "key: value", "colon:", ": x", "- x", "? x",
        "'", "it's", "'quoted'", "\"quoted\"", "\"", "%", "%YAML 1.1", "@at", "`tick", "*alias", "&anchor x", "!tag x", "!!str x", "|", "|-", ">", ">-",
        "~", "null", "none", "true", "08", "0x10", "1e3", "-0", ".inf", "---", "...", "--- x", "{", "}", "[", "]", "[a, b]", "{a: b}", "a, b", ",",
        "\\", "\\n", "a\nb", "\n", "\r\n", "a\u0085b", "\u2028", "\uFEFFx", "\u0000", "\u001b[0m", "Größe", "日本語 フォルダ", "🙂", "e\u0301", "\u00A0x\u00A0",
        "<in memory>", "C:\\data\\a b", "=", "a=b", "name: x",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void AGivenTextIsTheWholeText(string text)
    {
        Assert.Equal(text, RecipeText.Read("seed: 1", [KeyValuePair.Create("data", text)]).Data);
        Assert.Equal(text, RecipeText.With(new Recipe(), "data", text).Data);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void AWrittenTextIsReadBackEverywhere(string text)
    {
        Recipe recipe = new() { Data = text, RateFactors = [new PathRate { Path = text, Factor = 0.5 }] };
        Recipe read = RecipeText.Read(RecipeText.Write(recipe));
        Assert.Equal(text, read.Data);
        Assert.Equal(text, Assert.IsType<PathRate>(read.RateFactors[0]).Path);
        Assert.Equal(RecipeText.Write(recipe), RecipeText.Write(read));
    }

    [Fact]
    public void AnyTextIsReadBack()
    {
        const string Signs = " #:'\"%@*&!|>~-?[]{},\\\n\r\t\0=`^$()/.ab01\u0085\u2028\uFEFFé日";
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ =>
                random.Next(8) == 0 ? new System.Text.Rune(random.Next(0xE000, 0x10FFFF)).ToString() : Signs[random.Next(Signs.Length)].ToString()));
            Assert.Equal(text, RecipeText.Read(RecipeText.Write(new Recipe { Data = text })).Data);
            Assert.Equal(text, RecipeText.Read("{}", [KeyValuePair.Create("data", text)]).Data);
        }
    }

    [Fact]
    public void HalfACharacterIsRefusedRatherThanReplaced() => Assert.StartsWith(
        "A text in a recipe must be whole Unicode characters.",
        Assert.Throws<RecipeException>(() => RecipeText.Write(new Recipe { Data = "a\ud800b" })).Message);

    // What has parts is still YAML, and what is a number or a name may have blanks around it.
    [Fact]
    public void AGivenListOrMapIsYaml()
    {
        Assert.Equal([4, 5], Assert.IsType<Mlp>(With("model", "{name: mlp, hidden: [4, 5]}").Model).Hidden);
        Assert.Equal([4, 5], Assert.IsType<Mlp>(With("model", "name: mlp\nhidden:\n- 4\n- 5").Model).Hidden);
        Assert.Equal([1, 2.5], Assert.IsType<CrossEntropy>(With("loss.class-weights", " [1, 2.5] ").Loss).ClassWeights!);
        Assert.IsType<AdamW>(With("optimizer", " adamw ").Optimizer);
        Assert.Equal(7ul, With("seed", " 7 ").Seed);
        Assert.Null(With("averaging", "ema", ("averaging", " none ")).Averaging);
    }

    [Theory]
    [InlineData("batch-size", "64 # examples", "batch-size: it must be a whole number. Received: 64 # examples.")]
    [InlineData("model", "resnet9 # small", "model: no model named 'resnet9 # small'.")]
    [InlineData("precision", "float32 # exact", "precision: must be one of auto, float32, bfloat16. Received: float32 # exact.")]
    [InlineData("duration", "5ep # short", "duration: 'ep # short' is not a unit of duration.")]
    public void NothingOfAGivenValueIsDropped(string path, string value, string message) =>
        Assert.StartsWith(message, Assert.Throws<RecipeException>(() => With(path, value)).Message);

    static Recipe With(string path, string value, params (string Path, string Value)[] more) =>
        RecipeText.Read("{}", [KeyValuePair.Create(path, value), .. more.Select(one => KeyValuePair.Create(one.Path, one.Value))]);
}
