using Anneal.Durations;
using Anneal.Stopping;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Initialization;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Rates;
using Anneal.Training.Regularization;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Recipes;

public class RecipeTextTests
{
    // Nothing in it has its default value, save where there is only one.
    static readonly Recipe Everything = new()
    {
        Data = "/data/Größe: a \"quoted\" #1 \\ 🙂",
        Classes = 7,
        Validation = 0.25,
        Seed = ulong.MaxValue,
        Model = new ConvNet { Widths = [8, 16], Dropout = 0.1 },
        Initialization = new TorchDefault { Distribution = Distribution.Uniform, ZeroGamma = true, HeadGain = 0.5 },
        Optimizer = new AdamW { Beta1 = "linear(from=0.95, to=0.85)", Beta2 = 0.99, Epsilon = 1e-6, WeightDecay = 0.02, Decoupled = false },
        LearningRate = "linear(from=0, to=0.1) for 0.3run then cosine(from=0.1, to=0)",
        BatchScaling = new SquareRootScaling { Reference = 512, Factor = 0.5 },
        RateFactors = [new LayerDecay { Factor = 0.9 }, new Discriminative { Divisor = 2 }, new BiasRate { Factor = 3 }, new PathRate { Path = "head", Factor = 0.1 }],
        Loss = new CrossEntropy { Smoothing = "constant(0.1) for 6ep then constant(0)", ClassWeights = [1, 2, 0.5, 1, 1, 1, 1e-7] },
        Augmentation = [new RandomCrop { Padding = 2 }, new HorizontalFlip { Probability = 0.25 }, new Cutout { Size = 6 }],
        Gradients = [new ClipGradientNorm { Maximum = 2.5 }],
        WeightNoise = "constant(0) for 6ep then constant(0.075)",
        Averaging = new ExponentialMovingAverage { Decay = 0.99, HalfLife = 100, Warmup = false, WarmupScale = 2, WarmupPower = 0.75 },
        NormalizationStatistics = NormalizationStatistics.Running,
        BatchSize = 64,
        Accumulation = 2,
        Duration = "20000samples",
        Precision = Precision.Bfloat16,
        Layout = Layout.ChannelsLast,
        EvaluateEvery = Duration.RunFraction(0.1),
        LogEvery = Duration.Steps(5),
        Checkpoints = new()
        {
            LastEveryEpochs = 2, LastEverySteps = 100, KeepLast = 3,
            Best = new BestMetric { Metric = "validation-loss", Direction = Direction.Minimize },
            KeepEveryEpochs = 10, KeepEverySteps = 1000,
        },
        FinalWeights = FinalWeights.Best,
        Stop =
        [
            new NonFiniteSteps { InARow = 2, InTotal = 20 },
            new Patience { Metric = "validation-loss", Direction = Direction.Minimize, Measurements = 3, SmallestImprovement = 0.001 },
            new TargetReached { Metric = "validation-accuracy", Direction = Direction.Maximize, Target = 0.93 },
            new MaximumSeconds { Seconds = 600 },
            new CheckpointFailure { InARow = 2 },
        ],
    };

    const string EverythingText = """
        data: "/data/Gr\u00f6\u00dfe: a \"quoted\" #1 \\ \U0001f642"
        classes: 7
        validation: 0.25
        seed: 18446744073709551615
        model:
          name: convnet
          widths: [8, 16]
          dropout: 0.1
        initialization:
          name: torch-default
          distribution: uniform
          zero-gamma: true
          head-gain: 0.5
        optimizer:
          name: adamw
          beta1: linear(from=0.95, to=0.85)
          beta2: constant(0.99)
          epsilon: 1e-6
          weight-decay: constant(0.02)
          decoupled: false
        learning-rate: linear(from=0, to=0.1) for 0.3run then cosine(from=0.1, to=0)
        batch-scaling:
          name: square-root
          reference: 512
          factor: 0.5
        rate-factors:
          - name: layer-decay
            factor: 0.9
          - name: discriminative
            divisor: 2
          - name: bias-rate
            factor: 3
          - name: path-rate
            path: head
            factor: 0.1
        loss:
          name: cross-entropy
          smoothing: constant(0.1) for 6ep then constant(0)
          class-weights: [1, 2, 0.5, 1, 1, 1, 1e-7]
        augmentation:
          - name: random-crop
            padding: 2
          - name: horizontal-flip
            probability: 0.25
          - name: cutout
            size: 6
        gradients:
          - name: clip-norm
            maximum: 2.5
        weight-noise: constant(0) for 6ep then constant(0.075)
        averaging:
          name: ema
          decay: 0.99
          half-life: 100
          warmup: false
          warmup-scale: 2
          warmup-power: 0.75
        normalization-statistics: running
        batch-size: 64
        accumulation: 2
        duration: 20000samples
        precision: bfloat16
        layout: channels-last
        evaluate-every: 0.1run
        log-every: 5st
        checkpoints:
          last-every-epochs: 2
          last-every-steps: 100
          keep-last: 3
          best:
            metric: validation-loss
            direction: minimize
          keep-every-epochs: 10
          keep-every-steps: 1000
        final-weights: best
        stop:
          - name: non-finite
            in-a-row: 2
            in-total: 20
          - name: patience
            metric: validation-loss
            direction: minimize
            measurements: 3
            smallest-improvement: 0.001
          - name: target-reached
            metric: validation-accuracy
            direction: maximize
            target: 0.93
          - name: maximum-seconds
            seconds: 600
          - name: checkpoint-failure
            in-a-row: 2

        """;

    [Fact]
    public void WritesEveryValueByItsName() => Assert.Equal(EverythingText.ReplaceLineEndings("\n"), RecipeText.Write(Everything));

    [Fact]
    public void ReadsBackWhatItWrites()
    {
        Recipe read = RecipeText.Read(RecipeText.Write(Everything));
        Assert.Equal(RecipeText.Write(Everything), RecipeText.Write(read));
        Assert.True(Everything == read);
        Assert.Equal(Everything.GetHashCode(), read.GetHashCode());
    }

    [Fact]
    public void ReadsBackTheDefaults() => Assert.True(new Recipe() == RecipeText.Read(RecipeText.Write(new Recipe())));

    [Fact]
    public void ReadsBackEveryKnownTechnique()
    {
        foreach (Model model in new Model[] { new Mlp { Hidden = [], Activation = ActivationKind.LeakyRelu }, new ResNet9 { Width = 3 }, new ResNet18(), new ResNet34(), new ResNet50() })
        {
            Recipe recipe = new() { Model = model, Checkpoints = new() { Best = null }, Stop = [] };
            Assert.True(recipe == RecipeText.Read(RecipeText.Write(recipe)));
            Assert.False(recipe == Everything);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("- list")]
    [InlineData("a, b]")]
    [InlineData("trailing ")]
    [InlineData(" leading")]
    [InlineData("key: value")]
    [InlineData("colon:")]
    [InlineData("it's #1 # no comment")]
    [InlineData("tab\tnewline\nnull\0next\u0085line\u2028bell\a")]
    [InlineData("&anchor")]
    [InlineData("*alias")]
    [InlineData("!tag")]
    [InlineData("true")]
    [InlineData("")]
    public void ReadsBackAnyText(string text) =>
        Assert.Equal(text, RecipeText.Read(RecipeText.Write(new Recipe { Data = text })).Data);

    [Fact]
    public void KeepsTheDefaultsOfWhatIsLeftOut()
    {
        Recipe read = RecipeText.Read("model: convnet\n");
        Assert.Equal(RecipeText.Write(new Recipe { Model = new ConvNet() }), RecipeText.Write(read));
    }

    [Fact]
    public void TakesTheShortForms()
    {
        Recipe read = RecipeText.Read(
            """
            # A comment
            model: {name: resnet9, width: 8}
            augmentation: horizontal-flip
            gradients: [clip-norm]
            averaging: none
            optimizer:
              momentum: 0.8
            loss: {smoothing: 0.1}
            checkpoints: {keep-last: 5}
            stop: none
            seed: 3   # another
            """);
        Assert.Equal(new ResNet9 { Width = 8 }, read.Model);
        Assert.Equal([new HorizontalFlip()], read.Augmentation);
        Assert.Equal([new ClipGradientNorm()], read.Gradients);
        Assert.Null(read.Averaging);
        Assert.Equal(new Sgd { Momentum = 0.8 }, read.Optimizer);
        Assert.Equal(new CheckpointPolicy { KeepLast = 5 }, read.Checkpoints);
        Assert.Empty(read.Stop);
        Assert.Equal(3ul, read.Seed);
    }

    [Theory]
    [InlineData("model.width", "16")]
    [InlineData("model", "{name: resnet9, width: 16}")]
    public void OverridesAValueByItsPath(string path, string value) =>
        Assert.Equal(new ResNet9 { Width = 16 }, RecipeText.Read("model: resnet9", [KeyValuePair.Create(path, value)]).Model);

    [Fact]
    public void OverridesWhatTheTextLeavesOut()
    {
        Recipe read = RecipeText.Read(
            "seed: 1",
            [
                KeyValuePair.Create("optimizer.momentum", "0.5"), KeyValuePair.Create("optimizer.nesterov", "true"),
                KeyValuePair.Create("averaging", "ema"), KeyValuePair.Create("averaging.decay", "0.5"),
                KeyValuePair.Create("learning-rate", "constant(0.1) for 2ep then constant(0)"), KeyValuePair.Create("seed", "2"),
            ]);
        Assert.Equal(new Sgd { Momentum = 0.5, Nesterov = true }, read.Optimizer);
        Assert.Equal(new ExponentialMovingAverage { Decay = 0.5 }, read.Averaging);
        Assert.Equal("constant(0.1) for 2ep then constant(0)", read.LearningRate.ToString());
        Assert.Equal(2ul, read.Seed);
    }

    [Fact]
    public void OverridesListsAsAWhole()
    {
        Recipe read = RecipeText.Read(
            "augmentation: [cutout]\nmodel: convnet\naveraging: ema",
            [
                KeyValuePair.Create("augmentation", "[{name: random-crop, padding: 3}, horizontal-flip]"), KeyValuePair.Create("model.widths", "[4, 5]"),
                KeyValuePair.Create("averaging", "none"), KeyValuePair.Create("gradients", ""),
            ]);
        Assert.Equal([new RandomCrop { Padding = 3 }, new HorizontalFlip()], read.Augmentation);
        Assert.Equal([4, 5], ((ConvNet)read.Model).Widths);
        Assert.Null(read.Averaging);
        Assert.Empty(read.Gradients);
    }

    [Fact]
    public void ChangesOneValueOfARecipe()
    {
        Assert.Equal(0.8, ((CrossEntropy)RecipeText.With(Everything, "loss.smoothing", "0.8").Loss).Smoothing.Resolve(new RunLength(1, 1, 1)).At(0));
        Assert.Equal(new ResNet18(), RecipeText.With(Everything, "model", "resnet18").Model);
    }

    [Fact]
    public void RefusesToWriteWhatNoFileCanName() => Assert.Equal(
        "A recipe file can only name what is registered. Received: OwnModel, which is not; register it in the catalog.",
        Assert.Throws<RecipeException>(() => RecipeText.Write(new Recipe { Model = new OwnModel() })).Message);

    [Fact]
    public void ReadsTechniquesOfYourOwnOnceTheyAreRegistered()
    {
        Catalog catalog = new Catalog().With<Model, OwnModel>("own");
        Assert.Equal(new OwnModel(), RecipeText.Read("model: own", catalog: catalog).Model);
        Assert.Throws<RecipeException>(() => RecipeText.Read("model: resnet9", catalog: catalog));
        ArgumentException e = Assert.Throws<ArgumentException>(() => new Catalog().With<IBatchTransform, OnBatch>("on-batch"));
        Assert.Equal("A technique must have a public constructor without parameters, its values being properties. Received: OnBatch.", e.Message);
    }
}
