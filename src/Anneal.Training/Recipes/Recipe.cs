using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Stopping;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Data;
using Anneal.Training.Initialization;
using Anneal.Training.Loop;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Rates;
using Anneal.Training.Regularization;

namespace Anneal.Training.Recipes;

/// <summary>Everything that one training run needs, written down. A YAML file has the same names in the same order.</summary>
public sealed record Recipe
{
    /// <summary>What <see cref="Data"/> says of data that a program made: no file holds it, and whoever reads the recipe must be given it.</summary>
    public const string InMemory = "<in memory>";

    /// <summary>The data set: a known name such as <c>fashion-mnist</c>, a folder of IDX files, or <see cref="InMemory"/>.</summary>
    public string Data { get; init => field = Given.Value(value); } = "fashion-mnist";

    /// <summary>Classes that the model tells apart; null for as many as the data has.</summary>
    public int? Classes
    {
        get;
        init => field = value is null or >= 2 ? value : throw new ArgumentException($"Classes must be at least 2. Received: {value}.");
    }

    /// <summary>Share of the training examples set aside for validation, the same share of each class; 0 to below 1.</summary>
    public double Validation
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentException($"The validation share must be at least 0 and below 1. Received: {value}.");
    } = 0.1;

    /// <summary>What all random draws derive from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The network.</summary>
    public Model Model { get; init => field = Given.Value(value); } = new ResNet9();

    /// <summary>How its weights are drawn.</summary>
    public Initializer Initialization { get; init => field = Given.Value(value); } = new He();

    /// <summary>How gradients change the weights.</summary>
    public Optimizer Optimizer { get; init => field = Given.Value(value); } = new Sgd();

    /// <summary>The learning rate over the run.</summary>
    public ScheduleText LearningRate { get; init => field = StepValues.AtLeastZero(value, "learning-rate"); } = 0.1;

    /// <summary>How the learning rate follows the batch size; null where it is meant as it is written.</summary>
    public BatchScaling? BatchScaling { get; init; }

    /// <summary>Multipliers of the learning rate for some of the parameters; they multiply each other.</summary>
    public IReadOnlyList<IRateFactor> RateFactors { get; init => field = ValueList.From(value); } = ValueList.Of<IRateFactor>([]);

    /// <summary>What is made small.</summary>
    public ILoss Loss { get; init => field = Given.Value(value); } = new CrossEntropy();

    /// <summary>Changes to each training batch, in order.</summary>
    public IReadOnlyList<IBatchTransform> Augmentation { get; init => field = ValueList.From(value); } = ValueList.Of<IBatchTransform>([]);

    /// <summary>Changes to the gradients before each update, in order.</summary>
    public IReadOnlyList<IGradientTransform> Gradients { get; init => field = ValueList.From(value); } = ValueList.Of<IGradientTransform>([]);

    /// <summary>σ of the weight noise over the run, at least 0: the gradients are those of weights with so much Gaussian noise; null for none.</summary>
    public ScheduleText? WeightNoise { get; init => field = value is null ? null : StepValues.AtLeastZero(value, "weight-noise"); }

    /// <summary>The average of weights that is measured and kept beside the raw ones; null for none.</summary>
    public IWeightAverage? Averaging { get; init; }

    /// <summary>Which statistics normalization evaluates with.</summary>
    public NormalizationStatistics NormalizationStatistics { get; init; }

    /// <summary>Examples in one forward pass.</summary>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"The batch size must be at least 1. Received: {value}.");
    } = 128;

    /// <summary>Forward passes whose gradients are averaged into one update.</summary>
    public int Accumulation
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"Accumulation must be at least 1. Received: {value}.");
    } = 1;

    /// <summary>How long to train.</summary>
    public Duration Duration { get; init; } = Duration.Epochs(10);

    /// <summary>The precision of matrix products and convolutions.</summary>
    public Precision Precision { get; init; }

    /// <summary>The memory order of images.</summary>
    public Layout Layout { get; init; }

    /// <summary>How often the validation examples are measured; they always are at the end, unless the run diverged or was interrupted.</summary>
    public Duration EvaluateEvery { get; init; } = Duration.Epochs(1);

    /// <summary>How often a step is written to the log.</summary>
    public Duration LogEvery { get; init; } = Duration.Steps(20);

    /// <summary>Which checkpoints are written and kept.</summary>
    public CheckpointPolicy Checkpoints { get; init => field = Given.Value(value); } = new();

    /// <summary>Which weights the finished run's model has.</summary>
    public FinalWeights FinalWeights { get; init; }

    /// <summary>When to end the run before its time: the first rule that wants to. A list of your own replaces <see cref="NonFiniteSteps"/> too; name it where you want it.</summary>
    public IReadOnlyList<IStopRule> Stop { get; init => field = ValueList.From(value); } = ValueList.Of<IStopRule>([new NonFiniteSteps()]);

    /// <summary>A run of this recipe, ready to train: enumerate <see cref="TrainingRun.Events"/>. It keeps no checkpoints.</summary>
    /// <param name="data">The data, opened, instead of what <see cref="Data"/> names. The run reads it and does not dispose it.</param>
    /// <param name="seed">In place of the recipe's own; null for that.</param>
    /// <param name="catalog">The names of techniques and schedules, for what is written; <see cref="RecipeText.Standard"/> unless given.</param>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    public TrainingRun Start(Dataset data, ulong? seed = null, Catalog? catalog = null) =>
        new(seed is { } other ? this with { Seed = other } : this, data, catalog: catalog);
}
