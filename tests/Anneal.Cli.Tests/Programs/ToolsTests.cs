using System.Text.Json;

namespace Anneal.Cli.Tests.Programs;

public sealed class ToolsTests : IClassFixture<AnnealProgram>
{
    readonly AnnealProgram anneal;

    public ToolsTests(AnnealProgram anneal) => this.anneal = anneal;

    [Fact]
    public void PrintsEveryValueOfARecipeOnOneClock()
    {
        string[] lines = Lines("schedule", "--from", "recipe.yaml", "--csv");
        Assert.Equal("step,\"learning-rate\",\"momentum\",\"weight-decay\",\"label-smoothing\"", lines[0]);
        Assert.Equal(27, lines.Length - 1);
        Assert.Equal("26,0.02,0.90000000000000002,0,0", lines[27]);
    }

    [Fact]
    public void PrintsAChartWithKeyPointsAndWritesAPicture()
    {
        string[] lines = Lines("schedule", "linear(from=0, to=0.4) for 2ep then cosine(from=0.4, to=0)", "--steps", "50", "--steps-per-epoch", "10", "--svg", "picture.svg");
        Assert.Equal("linear(from=0, to=0.4) for 2ep then cosine(from=0.4, to=0)", lines[0]);
        Assert.Equal(["step       value", "   0           0", "  20         0.4", "  49  0.00109562"], lines[^4..]);
        Assert.Contains("<svg", File.ReadAllText(anneal.PathOf("picture.svg")));
    }

    [Fact]
    public void FindsTheLearningRateOfARecipe()
    {
        string[] lines = Lines("lr-find", "recipe.yaml", "--from", "0.001", "--to", "100", "--iterations", "60", "--set", "loss.smoothing=0.3", "--seeds", "2", "--svg", "sweep.svg", "--threads", "1");
        Assert.Matches("^range test of recipe.yaml: [0-9]+ of 60 updates, the rate rising exponentially from 0.001 to 100, mean of 2 seeds$", lines[0]);
        foreach (string rule in new[] { "valley", "steepest", "minimum", "slide" })
        {
            string line = Assert.Single(lines, line => line.Contains($"  {rule} ", StringComparison.Ordinal));
            Assert.InRange(double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], System.Globalization.CultureInfo.InvariantCulture), 1e-4, 100);
        }
        Assert.Contains("highest of the seeds", File.ReadAllText(anneal.PathOf("sweep.svg")));
    }

    [Theory]
    [InlineData("triangular(min=0.001, max=0.002, half=3ep)", "triangular", "half=3ep")]
    [InlineData("exp-range(min=0.001, max=0.002, half=400st, gamma=0.999)", "exp-range", "half=2ep, gamma=0.999")]
    public void WritesTheFoundPairIntoACyclicRecipe(string rate, string kind, string rest)
    {
        string file = anneal.PathOf($"{kind}.yaml");
        File.WriteAllText(file, "# mine\n" + AnnealProgram.Recipe.Replace("learning-rate: 0.02", $"learning-rate: {rate}"));
        Lines("lr-find", file, "--from", "0.001", "--to", "100", "--iterations", "60", "--set", "loss.smoothing=0.3", "--write", "--threads", "1");
        string[] written = File.ReadAllLines(file);
        Assert.Equal("# mine", written[0]);
        string line = Assert.Single(written, line => line.StartsWith("learning-rate: ", StringComparison.Ordinal));
        Assert.StartsWith($"learning-rate: {kind}(min=", line);
        Assert.EndsWith($"{rest})", line);
        Assert.DoesNotContain("max=0.002", line);
        Assert.Equal(0, anneal.Run("train", file, "--threads", "1", "--out", $"trained-{kind}", "--quiet").Code);
    }

    [Theory]
    [InlineData(2, "--write needs a recipe whose learning rate is one of", "--write")]
    [InlineData(2, "--from must be above 0 and below --to", "--from", "1", "--to", "0.1")]
    [InlineData(2, "--iterations must be from 20", "--iterations", "10")]
    [InlineData(1, "The range test suggests no rate. The loss did not fall", "--to", "1e-6")]
    public void RefusesARangeTestThatCanShowNothing(int code, string message, params string[] more)
    {
        Result result = anneal.Run(["lr-find", "recipe.yaml", .. more]);
        Assert.Contains(message, result.Error);
        Assert.Equal(code, result.Code);
    }

    [Fact]
    public void SaysWhyARuleOfTheRangeTestFindsNothing()
    {
        string file = anneal.PathOf("gentle.yaml");
        File.WriteAllText(file, AnnealProgram.Recipe.Replace("learning-rate: 0.02", "learning-rate: triangular(min=0.01, max=0.02, half=1ep)"));
        Result result = anneal.Run("lr-find", file, "--from", "0.001", "--to", "0.01", "--iterations", "60", "--threads", "1", "--write");
        Assert.Matches("(?m)^ +minimum +none", result.Output);
        Assert.Matches("(?m)^ +cycle +none", result.Output);
        Assert.Contains("There is no pair to write", result.Error);
        Assert.Equal(1, result.Code);
        Assert.Contains("max=0.02", File.ReadAllText(file));
    }

    [Fact]
    public void WritesTheRangeTestAsJson()
    {
        string line = Assert.Single(Lines("lr-find", "recipe.yaml", "--from", "0.001", "--to", "100", "--iterations", "60", "--set", "loss.smoothing=0.3", "--threads", "1", "--json"));
        JsonElement found = JsonElement.Parse(line);
        Assert.Equal("valley", found.GetProperty("suggestions")[0].GetProperty("rule").GetString());
        Assert.Equal(found.GetProperty("cycle").GetProperty("maximum").GetDouble() / 4, found.GetProperty("cycle").GetProperty("minimum").GetDouble());
        Assert.Equal(found.GetProperty("smoothed").GetProperty("x").GetArrayLength(), found.GetProperty("smoothed").GetProperty("y").GetArrayLength());
    }

    [Fact]
    public void WritesThePairForTheReferenceBatch()
    {
        string Written(string name, string more)
        {
            File.WriteAllText(anneal.PathOf(name), AnnealProgram.Recipe.Replace("learning-rate: 0.02", "learning-rate: triangular(min=0.001, max=0.002, half=3ep)") + more);
            Lines("lr-find", name, "--from", "0.001", "--to", "100", "--iterations", "60", "--set", "loss.smoothing=0.3", "--write", "--threads", "1");
            return Assert.Single(File.ReadAllLines(anneal.PathOf(name)), line => line.StartsWith("learning-rate: ", StringComparison.Ordinal));
        }
        double Maximum(string line) => double.Parse(line.Split("max=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        // Batches of 20 against 10: the rates in use are twice those written.
        double scaled = Maximum(Written("scaled.yaml", "\nbatch-scaling: {name: linear, reference: 10}\n"));
        Assert.Equal(Maximum(Written("unscaled.yaml", "\n")) / 2, scaled, 0.01 * scaled);
    }

    [Fact]
    public void ShowsTheGroupsAndTheScaledRateOfARecipe()
    {
        string[] lines = Lines("inspect", "recipe.yaml", "--set", "batch-scaling={name: linear, reference: 10}", "--set", "rate-factors=[{name: path-rate, path: 1, factor: 0.5}]");
        Assert.Contains("learning rate: times 2 by the linear rule, for 20 examples in an update against 10", lines);
        Assert.Equal(
            [
                "first     last      parameters  rate  weight decay",
                "1.weight  1.weight       1,024  ×0.5            ×1",
                "1.bias    1.bias            16  ×0.5            ×0",
                "3.weight  3.weight          64    ×1            ×1",
                "3.bias    3.bias             4    ×1            ×0",
            ],
            lines[^5..]);
    }

    [Fact]
    public void SpellsTheScaledRateOutInTheRunsRecipe()
    {
        Assert.Equal(0, anneal.Run("train", "recipe.yaml", "--threads", "1", "--out", "spelled", "--quiet", "--set", "duration=2st", "--set", "batch-scaling={name: square-root, reference: 5}").Code);
        Assert.Contains("batch-scaling:\n  name: square-root\n  reference: 5\n  factor: 2\n", File.ReadAllText(anneal.PathOf("spelled/recipe.yaml")));
        Result other = anneal.Run("train", "spelled/recipe.yaml", "--out", "other", "--set", "batch-size=10");
        Assert.Contains("batch-scaling: The factor must be what the rule comes to, 1.414", other.Error);
        Assert.Equal(2, other.Code);
    }

    [Fact]
    public void ShowsTheLayersOfAModel()
    {
        string[] lines = Lines("inspect", "convnet", "--in-channels", "3", "--size", "32", "--classes", "100");
        Assert.Equal("convnet for images of 3×32×32 in 100 classes", lines[0]);
        Assert.Matches(@"^total +[\d,]+ +[\d,]+$", lines[^1]);
    }

    [Fact]
    public void ShowsWhatADataSetHolds()
    {
        string[] lines = Lines("inspect", "data");
        Assert.Equal("data set data: images of 1×8×8, 4 classes", lines[0]);
        Assert.Equal("training 200 examples, test 60", lines[1]);
        Assert.Equal("3      3            50    15", lines[^1]);
    }

    [Fact]
    public void SaysWhichLibtorchIsUsed()
    {
        string[] lines = Lines("doctor", "--environment");
        string path = Assert.Single(lines, line => line.StartsWith("libtorch path", StringComparison.Ordinal))["libtorch path".Length..].Trim();
        Assert.True(File.Exists(path), path);
        foreach (string name in new[] { "anneal", ".NET", "processor", "cores", "memory", "native library", "threads", "CUDA", "BLAS", "CPU features", "build options" })
        {
            Assert.Contains(lines, line => line.StartsWith(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void LoadsNoLibtorchForWhatNeedsNone()
    {
        // With a native library that cannot be found, only commands that use it fail.
        Assert.Equal(0, anneal.RunWithout("runs", ".").Code);
        Assert.Equal(0, anneal.RunWithout("schedule", "--from", "recipe.yaml").Code);
        Result failed = anneal.RunWithout("doctor", "--environment");
        Assert.Contains("The native library must be built once", failed.Error);
        Assert.Equal(1, failed.Code);
    }

    string[] Lines(params string[] arguments)
    {
        Result result = anneal.Run(arguments);
        Assert.Equal((0, ""), (result.Code, result.Error));
        return result.Output.TrimEnd().Split('\n');
    }
}
