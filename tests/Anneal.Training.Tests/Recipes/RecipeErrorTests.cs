using System.Text;
using Anneal.Testing;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Recipes;

public class RecipeErrorTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "sede: 1", "Line 1: no value named 'sede' here. Did you mean 'seed'? Known: data, classes, validation, seed, model, initialization, optimizer, learning-rate, batch-scaling, rate-factors, loss, augmentation, gradients, weight-noise, averaging, normalization-statistics, batch-size, accumulation, duration, precision, layout, evaluate-every, log-every, checkpoints, final-weights, stop." },
        { "seed: 1\nmodel:\n  name: resnet9\n  widht: 16", "Line 4, model: no value named 'widht' here. Did you mean 'width'? Known: width, output-scale." },
        { "model: {name: resnet18, width: 4}", "Line 1, model: no value named 'width' here. It has none." },
        { "model: resnet8", "Line 1, model: no model named 'resnet8'. Did you mean 'resnet18'? Known: convnet, mlp, resnet18, resnet34, resnet50, resnet9." },
        { "stop: [patient]", "Line 1, stop[0]: no stop rule named 'patient'. Did you mean 'patience'? Known: checkpoint-failure, maximum-seconds, non-finite, patience, target-reached." },
        { "augmentation: [{padding: 3}]", "Line 1, augmentation[0]: this needs a name: cutout, horizontal-flip, random-crop. Received: none." },
        { "model: [resnet9]", "Line 1, model: this needs one name: convnet, mlp, resnet18, resnet34, resnet50, resnet9. Received: a list." },
        { "stop:\n  - name: patience\n    metric: validation-loss", "Line 2, stop[0]: patience needs direction, measurements. Received: metric." },
        { "stop: [maximum-seconds]", "Line 1, stop[0]: maximum-seconds needs seconds. Received: no values." },
        { "checkpoints: {best: {metric: validation-loss}}", "Line 1, checkpoints.best: this needs direction. Received: metric." },
        { "checkpoints: {best: {metric: val_acc, direction: maximize}}", "Line 1, checkpoints.best.metric: No metric named 'val_acc'. A run records: training-loss, training-accuracy, validation-loss, validation-accuracy." },
        { "checkpoints: 5", "Line 1, checkpoints: it must be a map with values such as last-every-epochs. Received: 5." },
        { "batch-size: many", "Line 1, batch-size: it must be a whole number. Received: many." },
        { "batch-size: 1.5", "Line 1, batch-size: it must be a whole number. Received: 1.5." },
        { "batch-size: 99999999999", "Line 1, batch-size: it must be a whole number. Received: 99999999999." },
        { "batch-size: none", "Line 1, batch-size: it must be a whole number. Received: none." },
        { "seed: -1", "Line 1, seed: it must be a whole number of at least 0. Received: -1." },
        { "validation: nan", "Line 1, validation: it must be a number. Received: nan." },
        { "validation: [0.1]", "Line 1, validation: a number is one value. Received: a list or a map." },
        { "optimizer: {name: sgd, nesterov: yes}", "Line 1, optimizer.nesterov: it must be true or false. Received: yes." },
        { "precision: bf16", "Line 1, precision: must be one of auto, float32, bfloat16. Received: bf16." },
        { "layout: channel-last", "Line 1, layout: must be one of auto, contiguous, channels-last. Received: channel-last. Did you mean 'channels-last'?" },
        { "precision: 1", "Line 1, precision: must be one of auto, float32, bfloat16. Received: 1." },
        { "duration: 8 epochs", "Line 1, duration: ' epochs' is not a unit of duration." },
        { "duration: none", "Line 1, duration: A duration is a number with a unit, such as 30ep, 500st, 0.3run or 20000samples. Received: 'none'." },
        { "\nlearning-rate: cosin(from=1, to=0)", "Line 2, learning-rate: " },
        { "model: {name: convnet, widths: [16, x]}", "Line 1, model.widths[1]: it must be a whole number. Received: x." },
        { "seed: 1\nmodel:\n  name: resnet9\n  width: 0", "Line 4, model.width: ResNet9's width must be at least 1. Received: 0." },
        { "validation: 1", "Line 1, validation: The validation share must be at least 0 and below 1. Received: 1." },
        { "augmentation:\n  - horizontal-flip\n  - {name: cutout, size: 0}", "Line 3, augmentation[1].size: Size must be at least 1. Received: 0." },
        { "model: {name: convnet, widths: []}", "Line 1, model.widths: A convnet needs at least one stage, and widths of at least 1. Received: ." },
        { "seed: 1\nseed: 2", "Line 2: 'seed' must be given once. Received: it twice." },
        { "model: &m resnet9", "Line 1: A recipe must have no anchors, aliases or tags." },
        { "model: *m", "Line 1: A recipe must have no anchors, aliases or tags." },
        { "model: !!str resnet9", "Line 1: A recipe must have no anchors, aliases or tags." },
        { "seed: 1\n[a]: 2", "Line 2: A key must be a word." },
        { "seed: 1\n---\nseed: 2", "A recipe must be one YAML document. Received: several." },
        { "", "A recipe must have at least a model. Received: an empty text." },
        { "resnet9", "A recipe must be a map of names and values, such as 'model: resnet9'." },
        { "seed: [1", "Line " },
        { "seed: 'open", "Line " },
        { "model: " + new string('[', 50), "Line 1: A recipe must nest at most 16 deep." },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void SaysWhereAndWhyAndWhatToWrite(string yaml, string message) =>
        Assert.StartsWith(message, Assert.Throws<RecipeException>(() => RecipeText.Read(yaml)).Message, StringComparison.Ordinal);

    public static TheoryData<string, string, string> Overrides => new()
    {
        { "optimizer.momentumm", "0.5", "optimizer: no value named 'momentumm' here. Did you mean 'momentum'?" },
        { "loss.class-weights", "[", "loss.class-weights: It must be YAML." },
        { "batch-size", "x", "batch-size: it must be a whole number. Received: x." },
        { "augmentation.0.padding", "3", "augmentation.0.padding: 'augmentation' is a list, which is set as a whole, such as augmentation=[a, b]." },
        { "model.width", "0", "model.width: ResNet9's width must be at least 1. Received: 0." },
        { "seed.x", "1", "Line 1, seed: a whole number of at least 0 is one value. Received: a list or a map." },
    };

    [Theory]
    [MemberData(nameof(Overrides))]
    public void NamesThePathOfAnOverride(string path, string value, string message)
    {
        string received = Assert.Throws<RecipeException>(() => RecipeText.Read("seed: 1\naugmentation: [random-crop]", [KeyValuePair.Create(path, value)])).Message;
        Assert.StartsWith(message, received, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesALongText() => Assert.Equal(
        "A recipe must have at most 1048576 characters. Received: 1048577.",
        Assert.Throws<RecipeException>(() => RecipeText.Read(new string(' ', RecipeText.LongestText + 1))).Message);

    [Fact]
    public void ReadsAsManyKeysAsFitWithoutComparingEachWithEach()
    {
        string yaml = string.Join('\n', Enumerable.Range(0, 100_000).Select(i => $"k{i}: 1"));
        Assert.StartsWith("Line 1: no value named 'k0' here.", Assert.Throws<RecipeException>(() => RecipeText.Read(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowsTheBeginningOfALongValue()
    {
        string message = Assert.Throws<RecipeException>(() => RecipeText.Read($"batch-size: {new string('x', 100_000)}")).Message;
        Assert.Equal($"Line 1, batch-size: it must be a whole number. Received: {new string('x', 80)}....", message);
    }

    [Fact]
    public void EveryDamagedRecipeIsReadOrRefused()
    {
        byte[] recipe = Encoding.UTF8.GetBytes(
            "model: {name: mlp, hidden: [3]}\noptimizer:\n  momentum: 0.9\nlearning-rate: linear(from=1, to=0)\nduration: 2ep\nstop:\n  - name: maximum-seconds\n    seconds: 1e2\ndata: \"a\\u0041\"\n");
        (int refused, IReadOnlyList<string> accepted) = Damage.Check<RecipeException>(recipe, bytes =>
        {
            Recipe read = RecipeText.Read(Encoding.UTF8.GetString(bytes));
            // What is accepted can be written, and read again as the same.
            Assert.Equal(RecipeText.Write(read), RecipeText.Write(RecipeText.Read(RecipeText.Write(read))));
        });
        Assert.True(refused > 1000 && accepted.Count > 100, $"{refused} refused, {accepted.Count} accepted");
    }
}
