using System.Diagnostics;

namespace Anneal.Cli.Tests.Programs;

public sealed class KilledRunTests : IDisposable
{
    const int Kills = 10;

    // Everything that has a state: two averages of each gradient, averaged weights, dropout, shuffling, augmentation, two schedules of which one reacts.
    const string Recipe = """
        data: data
        seed: 3
        model: {name: mlp, hidden: [16], dropout: 0.2}
        optimizer: {name: adamw, weight-decay: "plateau(0.1, factor=0.7, patience=1, metric=validation-loss)"}
        learning-rate: one-cycle(max=0.01)
        augmentation: [{name: random-crop, padding: 1}, horizontal-flip]
        gradients: [{name: clip-norm, maximum: 1}]
        averaging: {name: ema}
        batch-size: 20
        accumulation: 2
        duration: 40ep
        evaluate-every: 7st
        log-every: 1st
        checkpoints: {last-every-steps: 3, keep-every-steps: 60}
        """;

    readonly AnnealProgram anneal = new();

    public KilledRunTests() => File.WriteAllText(anneal.PathOf("killed.yaml"), Recipe);

    [Fact]
    public void EndsWithTheSameBitsWhereverItIsKilled()
    {
        Result whole = anneal.Run("train", "killed.yaml", "--out", "whole", "--threads", "1", "--quiet", "--no-report", "--no-evaluate");
        Assert.Equal((0, ""), (whole.Code, whole.Error));

        // Any moment must do; the seed only makes a failure come again.
        Random random = new(20260321);
        string[] begin = ["train", "killed.yaml", "--out", "killed", "--threads", "1"];
        string[] resume = ["resume", "killed"];
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process process = anneal.Start([.. kill == 0 ? begin : resume, "--json", "--quiet", "--no-report", "--no-evaluate"]);
            for (int lines = random.Next(1, 35); lines > 0 && process.StandardOutput.ReadLine() is not null; lines--)
            {
            }
            Thread.Sleep(random.Next(0, 8));
            process.Kill();
            process.WaitForExit();
            Assert.Equal(137, process.ExitCode);
        }
        Result last = anneal.Run([.. resume, "--quiet", "--no-report", "--no-evaluate"]);
        Assert.Equal((0, ""), (last.Code, last.Error));
        SavedRun.AssertSame(anneal.PathOf("whole"), anneal.PathOf("killed"));
    }

    public void Dispose() => anneal.Dispose();
}
