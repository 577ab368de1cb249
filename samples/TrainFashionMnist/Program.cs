using Anneal.Durations;
using Anneal.Events;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

using Dataset fashion = Dataset.Open("fashion-mnist");

Recipe recipe = new()
{
    Model = new ResNet9 { Width = 8 },
    Optimizer = new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4 },
    LearningRate = "one-cycle(max=0.2)",
    Loss = new CrossEntropy { Smoothing = "constant(0.1) for 3ep then constant(0)" },
    Augmentation = [new RandomCrop { Padding = 2 }, new HorizontalFlip()],
    Duration = Duration.Epochs(4),
};

using TrainingRun run = recipe.Start(fashion, seed: 7);
foreach (Evaluated measured in run.Events().OfType<Evaluated>())
{
    Console.WriteLine($"epoch {measured.Epochs}: {measured.Accuracy:P1} of the validation examples");
}

Console.WriteLine($"test: {run.Evaluate(fashion.Test).Accuracy:P1}");
