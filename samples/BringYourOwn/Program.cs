// A model, a loss and a batch transform of one's own, plugged into the same seams as the library's.
//
//   ./anneal --help                               builds the native library, once
//   dotnet run -c Release --project samples/BringYourOwn

using Anneal.Durations;
using Anneal.Events;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Losses;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using BringYourOwn;

using Dataset fashion = Dataset.Open("fashion-mnist");

Recipe recipe = new()
{
    Model = new SeparableNet { Width = 24 },
    Loss = new FocalLoss { Focus = "linear(from=2, to=0)" },
    Augmentation = [new HorizontalFlip(), new Brightness { Range = 0.2 }],
    Optimizer = new AdamW { WeightDecay = 0.01 },
    LearningRate = "one-cycle(max=0.01)",
    Duration = Duration.Epochs(2),
};

// From code nothing has to be registered. For a YAML file the names are added to a catalog:
Catalog catalog = RecipeText.Standard
    .With<Model, SeparableNet>("separable-net")
    .With<ILoss, FocalLoss>("focal")
    .With<IBatchTransform, Brightness>("brightness");
Console.WriteLine(RecipeText.Write(recipe, catalog));

using TrainingRun run = recipe.Start(fashion, seed: 1, catalog);
foreach (Evaluated measured in run.Events().OfType<Evaluated>())
{
    Console.WriteLine($"epoch {measured.Epochs}: {measured.Accuracy:P1} of the validation examples");
}
