using System.Text.Json;
using Anneal.Testing;

namespace Anneal.Cli.Tests.Programs;

/// <summary>What somebody tries on the first day: each gets the rule, what was received, and what to do.</summary>
public sealed class NewcomerTests : IClassFixture<NewcomerTests.FinishedRun>
{
    readonly AnnealProgram anneal;

    public NewcomerTests(FinishedRun run) => anneal = run.Program;

    [Theory]
    [InlineData("Follow a recipe: train", "help", "train")]
    [InlineData("Examples:", "help")]
    public void HelpIsACommandToo(string text, params string[] arguments)
    {
        Result result = anneal.Run(arguments);
        Assert.Contains(text, result.Output);
        Assert.Equal((0, ""), (result.Code, result.Error));
    }

    [Theory]
    [InlineData(2, "No command named 'trian'. Did you mean 'train'?", "help", "trian")]
    [InlineData(2, "'anneal train' needs <recipe.yaml>. The recipe to follow", "train")]
    [InlineData(2, "'anneal predict' needs <images>. An index", "predict", "run")]
    [InlineData(2, "--out needs <folder>.", "train", "recipe.yaml", "--out")]
    [InlineData(2, "Options come after their command. Received: --set before 'train'.", "--set", "seed=1", "train", "recipe.yaml")]
    [InlineData(2, "no value named 'lr' here. Did you mean learning-rate?", "train", "recipe.yaml", "--set", "lr=")]
    [InlineData(2, "Did you mean duration, such as duration=10ep?", "train", "recipe.yaml", "--set", "epochs=")]
    [InlineData(2, "Did you mean optimizer.weight-decay?", "train", "recipe.yaml", "--set", "weight_decay=0.1")]
    [InlineData(2, "on the command line it is --threads.", "train", "recipe.yaml", "--set", "threads=1")]
    [InlineData(2, "duration: A length needs its unit: 5ep for passes over the data, 5st for updates. Received: 5.", "train", "recipe.yaml", "--set", "duration=5")]
    [InlineData(2, "log-every: A length needs its unit", "inspect", "recipe.yaml", "--set", "log-every=50")]
    [InlineData(2, "'data' is a folder.", "train", "data")]
    [InlineData(3, "Did you mean 'fashion-mnist'?", "inspect", "Fashion-MNIST")]
    [InlineData(3, "Did you mean 'fashion-mnist'?", "tune", "FashionMNIST")]
    [InlineData(3, "'table.csv', which is a file. It seems to hold tables. They are not read as they are: write them as IDX files", "tune", "table.csv")]
    [InlineData(3, "It seems to hold tables.", "inspect", "table.csv")]
    [InlineData(3, "Found: cat. It seems to hold pictures.", "tune", "pictures")]
    [InlineData(3, "'data/train-images-idx3-ubyte', which is a file. Name its folder: ", "tune", "data/train-images-idx3-ubyte")]
    [InlineData(3, "There are some in 'nested/raw': name that folder.", "inspect", "nested")]
    [InlineData(3, "A run is a folder. There is no folder 'nowhere'.", "resume", "nowhere")]
    [InlineData(3, "A run is a folder. There is no folder 'nowhere'.", "doctor", "nowhere")]
    [InlineData(3, "A run is a folder. Received: recipe.yaml, which is a file.", "resume", "recipe.yaml")]
    [InlineData(3, "Received: recipe.yaml, which is a file.", "report", "recipe.yaml")]
    [InlineData(3, "Received: recipe.yaml, which is a file.", "runs", "recipe.yaml")]
    [InlineData(3, "There is neither at 'nowhere'.", "evaluate", "nowhere")]
    [InlineData(3, "which has them last. Move them", "inspect", "last")]
    [InlineData(3, "must be whole gzip data", "inspect", "cut")]
    [InlineData(2, "--svg must name a file in a folder that exists. Received: nowhere/x.svg", "lr-find", "recipe.yaml", "--svg", "nowhere/x.svg")]
    [InlineData(2, "--svg must name a file in a folder that exists. Received: data, which is a folder.", "schedule", "constant(1)", "--steps", "1", "--svg", "data")]
    public void SaysWhatToDo(int code, string message, params string[] arguments)
    {
        Result result = anneal.Run(arguments);
        Assert.Contains(message, result.Error);
        Assert.Equal((code, ""), (result.Code, result.Output));
    }

    [Fact]
    public void OddDataIsRemarkedOn()
    {
        Assert.Contains("remark: Every class needs training examples. 2 of 6 have none: 2, 4.", anneal.Run("inspect", "odd").Output);
        Assert.Contains("remark: Images must differ, or nothing can be learned from them. All 8 training images are equal.", anneal.Run("inspect", "odd").Output);
        Result train = anneal.Run("train", "recipe.yaml", "--set", "data=odd", "--set", "duration=2st", "--set", "validation=0", "--out", "odd-run", "--threads", "1", "--quiet", "--no-report");
        Assert.Contains("anneal: Every class needs training examples.", train.Error);
        Assert.Contains("anneal: Images must differ", train.Error);
        Assert.Equal(0, train.Code);
    }

    [Theory]
    [InlineData("kind", "recipe", "inspect", "recipe.yaml")]
    [InlineData("kind", "data", "inspect", "data")]
    [InlineData("kind", "idx", "inspect", "data/train-labels-idx1-ubyte")]
    [InlineData("kind", "tensors", "inspect", "run/model.safetensors")]
    [InlineData("kind", "model", "inspect", "mlp")]
    [InlineData("name", "cosine(from=1, to=0)", "schedule", "cosine(from=1, to=0)", "--steps", "4")]
    [InlineData("report", "report.html", "report", "run")]
    [InlineData("name", "", "doctor", "run")]
    [InlineData("libtorch", "", "doctor", "--environment")]
    public void EveryCommandSpeaksJson(string key, string value, params string[] arguments)
    {
        Result result = anneal.Run([.. arguments, "--json"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.All(result.Output.TrimEnd().Split('\n'), line => Assert.EndsWith(value, JsonElement.Parse(line).GetProperty(key).GetString()));
    }

    [Fact]
    public void JsonSaysWhatTheTextSays()
    {
        JsonElement data = JsonElement.Parse(anneal.Run("inspect", "data", "--json").Output);
        Assert.Equal([1, 8, 8], data.GetProperty("image").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal([50, 50, 50, 50], data.GetProperty("classes").EnumerateArray().Select(entry => entry.GetProperty("training").GetInt32()));

        JsonElement recipe = JsonElement.Parse(anneal.Run("inspect", "recipe.yaml", "--json").Output);
        Assert.Equal((27, 9, 1108), (recipe.GetProperty("steps").GetInt32(), recipe.GetProperty("steps-per-epoch").GetInt32(), recipe.GetProperty("parameters").GetInt32()));

        JsonElement schedule = JsonElement.Parse(anneal.Run("schedule", "linear(from=1, to=0)", "--steps", "4", "--json").Output);
        Assert.Equal([1, 0.75, 0.5, 0.25], schedule.GetProperty("values").EnumerateArray().Select(number => number.GetDouble()));
    }

    public sealed class FinishedRun : IDisposable
    {
        public FinishedRun()
        {
            Assert.Equal(0, Program.Run("train", "recipe.yaml", "--threads", "1", "--out", "run", "--quiet").Code);
            File.WriteAllText(Program.PathOf("table.csv"), "label,pixel\n1,2\n");
            Directory.CreateDirectory(Program.PathOf("pictures/cat"));
            File.WriteAllText(Program.PathOf("pictures/cat/one.PNG"), "");
            TinyData.WriteTo(Program.PathOf("nested/raw"));
            WriteData("last", [4, 8, 8, 3], [0, 1, 2, 3]);
            // Eight equal images, of which none is of class 2 or 4.
            WriteData("odd", [8, 4, 4], [0, 1, 3, 5, 0, 1, 3, 5]);
            TinyData.WriteTo(Program.PathOf("cut"));
            Program.Shell("gzip cut/train-images-idx3-ubyte; truncate --size=-8 cut/train-images-idx3-ubyte.gz");
        }

        public AnnealProgram Program { get; } = new();

        public void Dispose() => Program.Dispose();

        void WriteData(string folder, int[] shape, byte[] labels)
        {
            Directory.CreateDirectory(Program.PathOf(folder));
            foreach (string part in new[] { "train", "t10k" })
            {
                WriteIdx($"{folder}/{part}-images-idx3-ubyte", shape, new byte[shape.Aggregate((a, b) => a * b)]);
                WriteIdx($"{folder}/{part}-labels-idx1-ubyte", [labels.Length], labels);
            }
        }

        void WriteIdx(string name, int[] shape, byte[] bytes) => File.WriteAllBytes(
            Program.PathOf(name), [0, 0, 8, (byte)shape.Length, .. shape.SelectMany(size => new byte[] { 0, 0, (byte)(size >> 8), (byte)size }), .. bytes]);
    }
}
