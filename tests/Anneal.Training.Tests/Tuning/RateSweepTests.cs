using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;
using Anneal.Training.Tuning;

namespace Anneal.Training.Tests.Tuning;

public class RateSweepTests
{
    static readonly RateSweep Sweep = new() { From = 1e-4, To = 1, Iterations = 30 };

    // Everything that a sweep could touch: running statistics, momentum, draws of libtorch's generator, an order of the data.
    static readonly Recipe Stateful = Small.Recipe with
    {
        Model = new ConvNet { Widths = [3], Dropout = 0.3 },
        Optimizer = new Sgd { Momentum = 0.9 },
        Augmentation = [new HorizontalFlip()],
    };

    [Fact]
    public void LeavesARunInProgressBitForBitAsItWas()
    {
        using Dataset data = SmallData.Striped();
        using MemoryStore alone = new();
        using (TrainingRun run = new(Stateful, data, alone))
        {
            foreach (TrainingEvent _ in run.Events())
            {
            }
        }

        using MemoryStore beside = new();
        using (TrainingRun run = new(Stateful, data, beside))
        {
            foreach (TrainingEvent happened in run.Events())
            {
                if (happened is StepEnded { Step: 4 })
                {
                    Dictionary<string, string> before = Bits.Of(run.Model);
                    byte[] generator = Generator.GetState(Device.Cpu);
                    Sweep.Run(Stateful, data);
                    Assert.Equal(before, Bits.Of(run.Model));
                    Assert.Equal(generator, Generator.GetState(Device.Cpu));
                }
            }
        }
        // What the run then made of its optimizer's state, its draws and its place in the data.
        Assert.Equal(Bits.Of(alone.Newest.Tensors), Bits.Of(beside.Newest.Tensors));
        Assert.Equal(alone.Newest.Progress.Generator, beside.Newest.Progress.Generator);
    }

    [Fact]
    public void RaisesTheRateByEqualFactorsOrDifferences()
    {
        using Dataset data = SmallData.Striped();
        (double[] exponential, double[] losses) = Sweep.Run(Small.Recipe, data);
        Assert.Equal(30, losses.Length);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(1e-4 * Math.Pow(1e4, i / 30.0), exponential[i], 1e-12 * exponential[i]);
        }
        (double[] linear, _) = (Sweep with { To = 0.1, IsLinear = true }).Run(Small.Recipe, data);
        Assert.Equal(30, linear.Length);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(1e-4 + ((0.1 - 1e-4) * i / 30), linear[i], 1e-12);
        }
    }

    [Fact]
    public void BeginsWithTheLossesOfATrainingAtTheseRates()
    {
        // The sweep is the recipe's own training: same weights, same batches.
        using Dataset data = SmallData.Striped();
        (_, double[] losses) = Sweep.Run(Small.Recipe, data);
        Recipe written = Small.Recipe with { LearningRate = "exponential(from=1e-4, to=1) for 30st", LogEvery = Duration.Steps(1) };
        double[] trained = [.. Small.Train(written).OfType<StepEnded>().Select(step => step.Loss)];
        Assert.Equal(trained, losses[..trained.Length]);
    }

    [Fact]
    public void EndsWhereTheLossDiverges()
    {
        using Dataset data = SmallData.Striped();
        (double[] rates, double[] losses) = (Sweep with { To = 1e9, Iterations = 60 }).Run(Small.Recipe, data);
        Assert.InRange(losses.Length, 10, 59);
        Assert.Equal(rates.Length, losses.Length);
        Assert.All(losses[..^1], loss => Assert.True(double.IsFinite(loss)));
    }

    [Fact]
    public void TellsTheRateAtWhichTheLossWasNotFinite()
    {
        using Dataset data = SmallData.Striped();
        (double[] rates, double[] losses) = (Sweep with { From = 1e20, To = 1e38, Iterations = 60 }).Run(Small.Recipe, data);
        Assert.True(double.IsNaN(losses[^1]));
        Assert.All(losses[..^1], loss => Assert.True(double.IsFinite(loss)));
        Assert.Equal(1e20 * Math.Pow(1e18, (rates.Length - 1) / 60.0), rates[^1], 1e-6 * rates[^1]);
    }

    [Theory]
    [InlineData(0, 1, 30)]
    [InlineData(1, 1, 30)]
    [InlineData(1, double.PositiveInfinity, 30)]
    [InlineData(double.NaN, 1, 30)]
    [InlineData(0.1, 1, 19)]
    public void RefusesRatesThatDoNotRise(double from, double to, int iterations)
    {
        using Dataset data = SmallData.Striped();
        Assert.Throws<ArgumentException>(() => new RateSweep { From = from, To = to, Iterations = iterations }.Run(Small.Recipe, data));
    }
}
