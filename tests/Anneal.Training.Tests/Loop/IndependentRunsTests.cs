using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Loop;

public class IndependentRunsTests
{
    // Dropout and weight noise draw from generators.
    static readonly Recipe Drawing = Small.Recipe with { Model = new ConvNet { Widths = [3], Dropout = 0.3 }, WeightNoise = 0.01 };

    [Fact]
    public void TwoRunsThatTakeTurnsTrainAsEachAlone()
    {
        Recipe other = Drawing with { Seed = 8 };
        (Dictionary<string, string> one, Dictionary<string, string> two) = (Alone(Drawing), Alone(other));
        using Dataset data = SmallData.Striped();
        using TrainingRun first = new(Drawing, data);
        using IEnumerator<TrainingEvent> events = first.Events().GetEnumerator();
        events.MoveNext();
        events.MoveNext();
        using TrainingRun second = new(other, data);
        using IEnumerator<TrainingEvent> others = second.Events().GetEnumerator();
        while (events.MoveNext() | others.MoveNext())
        {
        }
        Assert.Equal(one, Bits.Of(first.Model));
        Assert.Equal(two, Bits.Of(second.Model));
    }

    [Fact]
    public void TwoRunsOnTwoThreadsTrainAsEachAlone()
    {
        Recipe[] recipes = [Drawing, Drawing with { Seed = 8 }];
        Dictionary<string, string>[] alone = [.. recipes.Select(Alone)];
        Dictionary<string, string>[] together = new Dictionary<string, string>[2];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() => together[i] = Alone(recipes[i])))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(alone, together);
    }

    [Fact]
    public void ARunNeitherReadsNorMovesLibtorchsGenerator()
    {
        Dictionary<string, string> before = Alone(Drawing);
        Generator.Seed(Device.Cpu, 99);
        byte[] state = Generator.GetState(Device.Cpu);
        Assert.Equal(before, Alone(Drawing));
        Assert.Equal(state, Generator.GetState(Device.Cpu));
    }

    [Fact]
    public void AModuleThatDrawsItsOwnNumbersFollowsFromTheSeed()
    {
        Recipe recipe = Small.Recipe with { Model = new Drawn(), Duration = Duration.Steps(3) };
        Dictionary<string, string> first = Alone(recipe);
        Generator.Seed(Device.Cpu, 5);
        Assert.Equal(first, Alone(recipe));
        Assert.NotEqual(first, Alone(recipe with { Seed = 8 }));
    }

    [Fact]
    public void TheCallersDataStaysTheCallers()
    {
        using Dataset data = SmallData.Striped();
        Tensor images = data.Training.Images, targets = data.Test.Targets;
        using (TrainingRun run = new(Small.Recipe, data))
        {
            _ = run.Events().Count();
        }
        Assert.Same(images, data.Training.Images);
        Assert.Same(targets, data.Test.Targets);
        // And it is still there to be read.
        Assert.NotEmpty(data.Training.Pixels(0));
    }

    [Fact]
    public void ACancelledRunTrainsNothing()
    {
        using MemoryStore store = new();
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(Small.Recipe, data, store);
        Dictionary<string, string> before = Bits.Of(run.Model);
        Assert.Equal("RunStarted 0, last 0, interrupted 0", Small.Outline(run.Events(new CancellationToken(canceled: true))));
        Assert.Equal(before, Bits.Of(run.Model));

        // It goes on from there as if nothing had been.
        using TrainingRun resumed = new(Small.Recipe, data);
        resumed.Restore("x", store.Newest, []);
        _ = resumed.Events().Count();
        Assert.Equal(Alone(Small.Recipe), Bits.Of(resumed.Model));
    }

    [Fact]
    public void ARunCancelledBetweenTwoStepsSavesWhereItIs()
    {
        using MemoryStore store = new();
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(Small.Recipe with { LogEvery = Duration.Steps(1) }, data, store);
        _ = run.Events().First(happened => happened.Step == 3);
        Assert.Equal("last 3, interrupted 3", Small.Outline(run.Events(new CancellationToken(canceled: true))));
        Assert.Equal(3, store.Newest.Progress.Step);
    }

    [Fact]
    public void TransformsKeepTheStreamsThatOldRunsDrewFrom()
    {
        (IBatchTransform Transform, string Stream)[] streams =
            [(new Cutout(), "Cutout"), (new HorizontalFlip(), "HorizontalFlip"), (new RandomCrop(), "RandomCrop")];
        Assert.All(streams, each => Assert.Equal(each.Stream, each.Transform.Stream));
        // What the catalog has and this list has not would draw from a stream that nobody has written down.
        Assert.Equal(streams.Length, RecipeText.Standard.Names(typeof(IBatchTransform)).Count);
    }

    static Dictionary<string, string> Alone(Recipe recipe)
    {
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(recipe, data);
        _ = run.Events().Count();
        return Bits.Of(run.Model);
    }

    sealed record Drawn : Model
    {
        public override Module Build(ImageShape input, int classes) => new DrawnModule(input.Count, classes);
    }

    sealed class DrawnModule : Module
    {
        readonly Anneal.Training.Modules.Linear linear;
        readonly Parameter shift;

        internal DrawnModule(int inputs, int classes)
        {
            linear = Add("linear", new Anneal.Training.Modules.Linear(inputs, classes));
            Tensor drawn = Tensor.Zeros([classes]);
            drawn.FillNormal();
            shift = AddParameter("shift", ParameterRole.Bias, drawn);
        }

        protected override Tensor Compute(Tensor input) => linear.Forward(input.Flatten(1)) + shift.Value;
    }
}
