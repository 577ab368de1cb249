using System.Text.Json;
using Anneal.Calibration;
using Anneal.Events;
using Anneal.Metrics;
using Anneal.Runs;
using Anneal.Search;

namespace Anneal.Reports.Tests.Samples;

/// <summary>A study's folder that looks like a real one. All numbers are invented, from one seed; none was ever measured.</summary>
static class SampleStudy
{
    public static readonly string[] Classes =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    const int StepsPerEpoch = 430;

    const string Recipe = """
        # Found by `anneal tune fashion-mnist --budget 10m`.
        data: fashion-mnist
        validation: 5000
        model: resnet9(width=32)
        initialization: he
        optimizer: sgd(momentum=0.9, nesterov=true)
        learning-rate: one-cycle(max=0.21)
        weight-decay: 0.0005
        smoothing: constant(0.1) for 10ep then constant(0)
        augmentation:
          - random-crop(padding=2)
          - horizontal-flip
        averaging: ema(decay=0.999)
        batch: 128
        duration: 12ep
        seed: 7

        """;

    public static string WriteTo(string folder)
    {
        Random random = new(7);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "run.json"), JsonSerializer.Serialize(Information, RunJson.Default.RunInformation));
        File.WriteAllText(Path.Combine(folder, "study.json"), """{"command": "./anneal tune fashion-mnist --budget 10m --seed 7"}""");
        File.WriteAllText(Path.Combine(folder, "recipe.yaml"), Recipe);
        File.WriteAllText(Path.Combine(folder, "evaluation.json"), JsonSerializer.Serialize(MakeEvaluation(random), RunJson.Default.Evaluation));
        WriteEvents(folder, Events(random, new(12, 0.21, 5e-4, 0.933, 3.1), final: true));

        List<NotebookEntry> notebook = [];
        for (int number = 1; number <= 24; number++)
        {
            notebook.Add(MakeTrial(folder, number, random, notebook));
        }

        File.WriteAllLines(Path.Combine(folder, "notebook.jsonl"), notebook.Select(entry => JsonSerializer.Serialize(entry, RunJson.Default.NotebookEntry)));
        File.WriteAllLines(Path.Combine(folder, "steps.jsonl"), Steps(random).Select(step => JsonSerializer.Serialize(step, RunJson.Default.StepFinding)));
        return folder;
    }

    static RunInformation Information => new()
    {
        Anneal = "0.1.0",
        Started = new DateTimeOffset(2026, 1, 15, 9, 30, 12, TimeSpan.Zero),
        // A worker's, as in a real study: the command that began the study is study.json's.
        Command = "anneal train runs/tune-fashion-mnist/recipe.yaml --out runs/tune-fashion-mnist",
        Seed = 7,
        Libtorch = "1.13.1",
        LibtorchPath = "/usr/lib/x86_64-linux-gnu",
        Threads = 2,
        Device = "cpu",
        Precision = "bfloat16",
        Layout = "channels-last",
        Processor = "An Imagined Processor 9000 @ 2.70GHz",
        Cores = 2,
        System = "Debian GNU/Linux 12 (bookworm)",
        Data = "fashion-mnist",
        DataFingerprint = "5b1f6f0c3c1d8e6a9b7d2f4e8c0a1b3d5f7e9c2b4a6d8f0e1c3b5a7d9f2e4c6b",
        Classes = Classes,
        GitCommit = "4111ad7",
    };

    readonly record struct Shape(int Epochs, double Rate, double Decay, double Accuracy, double Speed);

    static List<TrainingEvent> Events(Random random, Shape shape, bool final = false, int? stopAfter = null, bool diverges = false)
    {
        int steps = shape.Epochs * StepsPerEpoch;
        int last = (stopAfter ?? shape.Epochs) * StepsPerEpoch;
        double secondsPerStep = final ? 0.031 : 0.024;
        List<TrainingEvent> events =
        [
            new RunStarted
            {
                Step = 0, Seconds = 0, Model = final ? "resnet9" : "convnet", Parameters = final ? 1_227_146 : 29_482, Steps = steps,
                StepsPerEpoch = StepsPerEpoch, TrainingExamples = 55_000, ValidationExamples = 5_000, Classes = 10, Seed = 7,
            },
        ];
        double floor = 2.2 * (1 - shape.Accuracy);
        int every = final ? 10 : 43;
        for (int step = every; step <= last; step += every)
        {
            double epochs = (double)step / StepsPerEpoch;
            double progress = (double)step / steps;
            double loss = floor + (2.303 - floor) * Math.Exp(-shape.Speed * epochs) + 0.35 * Math.Exp(-0.6 * epochs) * (1 - progress);
            loss *= 1 + 0.07 * (random.NextDouble() - 0.5);
            bool broken = diverges && step > 250;
            double rate = final ? OneCycle(progress, shape.Rate) : shape.Rate;
            Dictionary<string, double> values = new() { ["learning-rate"] = rate, ["momentum"] = final ? 0.95 - 0.1 * OneCycle(progress, 1) : 0.9, ["weight-decay"] = shape.Decay };
            if (final)
            {
                values["smoothing"] = epochs <= 10 ? 0.1 : 0;
            }

            events.Add(new StepEnded
            {
                Step = step, Seconds = step * secondsPerStep, Epoch = (int)((step - 1) / StepsPerEpoch), Loss = broken ? loss * Math.Exp((step - 250) / 60.0) : loss,
                GradientNorm = 1.4 * Math.Exp(-0.2 * epochs) + 0.2 * random.NextDouble(), ExamplesPerSecond = 128 / secondsPerStep, Values = values,
            });
            if (broken && step >= 420)
            {
                events.Add(new StepSkipped { Step = step, Seconds = step * secondsPerStep, Cause = "loss", InARow = 1, InTotal = 1 });
                events.Add(new RunEnded { Step = step, Seconds = step * secondsPerStep, Outcome = "diverged", Reason = "The loss was not finite in 10 steps in a row." });
                return events;
            }
            if (step % StepsPerEpoch != 0)
            {
                continue;
            }

            int epoch = step / StepsPerEpoch;
            double reached = shape.Accuracy - (shape.Accuracy - 0.1) * Math.Exp(-shape.Speed * 0.55 * epoch) - 0.012 * Math.Exp(-epoch / 3.0) + 0.004 * (random.NextDouble() - 0.5);
            events.Add(new EpochEnded { Step = step, Seconds = step * secondsPerStep, Epoch = epoch - 1, TrainingLoss = loss, TrainingAccuracy = Math.Clamp(reached - 0.012 + 0.0022 * epoch, 0, 1), ExamplesPerSecond = 128 / secondsPerStep });
            events.Add(new Evaluated { Step = step, Seconds = step * secondsPerStep + 0.4, Split = "validation", Loss = 0.06 + 2.4 * (1 - reached), Accuracy = Math.Clamp(reached, 0, 1), Examples = 5000, Epochs = epoch });
        }
        events.Add(new RunEnded
        {
            Step = last, Seconds = last * secondsPerStep + 0.5, Outcome = stopAfter is null ? "completed" : "stopped",
            Reason = stopAfter is null ? $"All {shape.Epochs} epochs were made." : "Its accuracy lay below the median of the trials before it.",
        });
        return events;
    }

    static double OneCycle(double progress, double max) => progress < 0.3
        ? max * (0.04 + 0.96 * (1 - Math.Cos(Math.PI * progress / 0.3)) / 2)
        : max * (1 + Math.Cos(Math.PI * (progress - 0.3) / 0.7)) / 2;

    static NotebookEntry MakeTrial(string folder, int number, Random random, List<NotebookEntry> before)
    {
        bool coarse = number <= 16;
        double rate = Math.Pow(10, -3 + 2.7 * random.NextDouble());
        double decay = Math.Pow(10, -5 + 2.5 * random.NextDouble());
        NotebookEntry? parent = coarse ? null : before.Take(16).OrderByDescending(entry => entry.ValidationAccuracy).ElementAt((number - 17) % 4);
        if (parent is not null)
        {
            (rate, decay) = (double.Parse(parent.Change["learning-rate"]), double.Parse(parent.Change["weight-decay"]) * (number > 20 ? 3 : 1));
        }

        double miss = Math.Abs(Math.Log10(rate / 0.08));
        bool diverges = rate > 0.35;
        int epochs = coarse ? 2 : 6;
        double accuracy = 0.905 - 0.045 * miss * miss + (coarse ? 0 : 0.018) + (number > 20 ? 0.004 : 0);
        int? stop = coarse && !diverges && accuracy < 0.86 ? 1 : null;
        List<TrainingEvent> events = Events(random, new(epochs, rate, decay, accuracy, 4 - Math.Min(2.5, 1.4 * miss)), stopAfter: stop, diverges: diverges);

        string name = number.ToString("0000");
        string trial = Path.Combine(folder, "trials", name);
        Directory.CreateDirectory(trial);
        File.WriteAllText(Path.Combine(trial, "recipe.yaml"), $"model: convnet\nlearning-rate: {rate:R}\nweight-decay: {decay:R}\n");
        WriteEvents(trial, events);

        Evaluated? best = events.OfType<Evaluated>().MaxBy(measured => measured.Accuracy);
        Dictionary<string, string> change = new() { ["learning-rate"] = rate.ToString("R"), ["weight-decay"] = decay.ToString("R") };
        if (number > 20)
        {
            change["augmentation"] = "random-crop(padding=2), horizontal-flip";
        }

        return new()
        {
            Trial = number,
            Parent = parent?.Trial,
            Step = coarse ? 4 : number <= 20 ? 5 : 7,
            Hypothesis = coarse ? "A draw from the space: log-uniform in rate and weight decay."
                : number <= 20 ? "What led after two epochs leads after six with a schedule, too."
                : "The gap between training and validation closes with flips and three times the weight decay.",
            Change = change,
            Outcome = diverges ? "diverged" : stop is null ? "completed" : "stopped-early",
            ValidationAccuracy = best?.Accuracy,
            ValidationLoss = best?.Loss,
            Epochs = events[^1].Step / (double)StepsPerEpoch,
            Seconds = events[^1].Seconds,
            Diagnoses = diverges ? ["diverging"] : coarse ? [] : number <= 20 ? ["overfit"] : ["healthy"],
            Conclusion = diverges ? $"The loss left its range at rate {rate:G2}; stay below 0.35."
                : stop is not null ? $"Stopped after one epoch: {best?.Accuracy:P1} lies below the median of {0.868:P1}."
                : coarse ? $"Reached {best?.Accuracy:P2} in two epochs."
                : number <= 20 ? $"Still gained 0.8 points in the last epoch; training leads validation by 1.3 points."
                : "The gap is 0.2 points; more epochs should pay.",
            Folder = "trials/" + name,
        };
    }

    static IEnumerable<StepFinding> Steps(Random random)
    {
        yield return new()
        {
            Step = 1, Title = "Check the initial loss", Passed = true, Seconds = 0.62,
            Finding = "The first forward pass gives a loss of 2.3147, within 0.6 % of ln 10 = 2.3026. All layers start in range.",
            Numbers = new Dictionary<string, double> { ["initial-loss"] = 2.3147, ["expected-loss"] = 2.302585, ["layers-in-range"] = 8, ["parameters"] = 1_227_146 },
            Layers =
            [
                .. new[] { ("stem.conv", 0.012, 0.98, 0.0), ("stem.relu", 0.41, 0.59, 0.493), ("layer1.conv", -0.034, 1.12, 0.0), ("layer1.relu", 0.43, 0.66, 0.507), ("residual1.0", 0.021, 0.94, 0.0), ("residual1.1", 0.52, 0.88, 0.412), ("layer2.conv", -0.048, 1.31, 0.0), ("head", 0.0021, 0.31, 0.0) }
                    .Select(layer => new LayerActivation { Layer = layer.Item1, Mean = layer.Item2, StandardDeviation = layer.Item3, Zeros = layer.Item4, Verdict = "just right" }),
                new() { Layer = "head.scale", Mean = 1.1e-5, StandardDeviation = 0.00042, Zeros = 0.002, Verdict = "too small" },
            ],
        };
        double[] steps = [.. Enumerable.Range(1, 120).Select(step => (double)step)];
        yield return new()
        {
            Step = 2, Title = "Overfit a small sample", Passed = true, Seconds = 6.4,
            Finding = "Ten mini-batches were learned by heart: 100 % training accuracy after 96 steps, without regularization or augmentation.",
            Numbers = new Dictionary<string, double> { ["steps-to-fit"] = 96, ["training-accuracy"] = 1, ["learning-rate"] = 0.03 },
            Curves =
            [
                new() { Name = "loss", X = steps, Y = [.. steps.Select(step => 2.3 * Math.Exp(-step / 24) * (1 + 0.1 * random.NextDouble()))] },
                new() { Name = "accuracy", X = steps, Y = [.. steps.Select(step => Math.Min(1, 1.02 - 0.92 * Math.Exp(-step / 24)))] },
            ],
        };
        double[] hundred = [.. Enumerable.Range(1, 100).Select(step => (double)step)];
        double[] rates = [.. Enumerable.Range(0, 100).Select(i => 1e-7 * Math.Pow(1e8, i / 99.0))];
        double[] raw = [.. rates.Select(rate => Sweep(rate) * (1 + 0.06 * (random.NextDouble() - 0.5)))];
        int kept = Array.FindIndex(raw, loss => loss > 4 * 0.62);
        yield return new()
        {
            Step = 3, Title = "Find the learning rate that makes the loss go down", Passed = true, Seconds = 21.7,
            Finding = "The loss falls fastest near 0.083 and turns up at 0.9. Of four fixed rates 0.1 came lowest after 100 steps.",
            Numbers = new Dictionary<string, double> { ["chosen-rate"] = 0.083, ["lowest-loss"] = 0.62, ["rate-where-it-turns-up"] = 0.9 },
            Curves =
            [
                new() { Name = "raw loss", X = rates[..kept], Y = raw[..kept] },
                new() { Name = "smoothed loss", X = rates[..kept], Y = [.. rates[..kept].Select(Sweep)] },
                .. new[] { (0.1, 14.0), (0.01, 26.0), (0.001, 75.0), (0.0001, 600.0) }.Select(rate => new NamedCurve
                {
                    Name = $"rate {rate.Item1}",
                    X = hundred,
                    Y = [.. hundred.Select(step => 0.55 + 1.75 * Math.Exp(-step / rate.Item2) + 0.05 * random.NextDouble())],
                }),
            ],
            Suggestions =
            [
                new() { Rule = "steepest", Rate = 0.083, Reason = "Where the smoothed loss falls fastest per decade." },
                new() { Rule = "valley", Rate = 0.047, Reason = "Two thirds into the longest stretch that falls without a break." },
                new() { Rule = "minimum", Rate = 0.062, Reason = "A tenth of the rate with the lowest loss." },
            ],
        };
        yield return new() { Step = 4, Title = "Search coarsely", Passed = true, Seconds = 171, Finding = "16 draws of up to two epochs: the best four lie between 0.03 and 0.2; 3 were stopped early and 1 diverged.", Numbers = new Dictionary<string, double> { ["trials"] = 16, ["best-validation-accuracy"] = 0.9038 } };
        yield return new() { Step = 5, Title = "Refine", Passed = true, Seconds = 118, Finding = "The best four for six epochs: trial 18 leads.", Numbers = new Dictionary<string, double> { ["trials"] = 4, ["best-validation-accuracy"] = 0.9202 } };
        yield return new() { Step = 6, Title = "Look at the learning curves", Passed = true, Seconds = 0.1, Finding = "Overfit: training accuracy leads validation by 1.3 points after six epochs, and the gap still grows. Regularize more." };
        yield return new() { Step = 7, Title = "Go back to step 5 with a change", Passed = true, Seconds = 0.1, Finding = "Flips and crops on, weight decay times three." };
        yield return new() { Step = 5, Round = 1, Title = "Refine", Passed = true, Seconds = 124, Finding = "With the change trial 22 leads.", Numbers = new Dictionary<string, double> { ["trials"] = 4, ["best-validation-accuracy"] = 0.9241 } };
        yield return new() { Step = 6, Round = 1, Title = "Look at the learning curves", Passed = false, Seconds = 0.1, Finding = "Still rising: 0.5 points gained in the last epoch. Train longer." };
        yield return new() { Step = 8, Title = "Final training", Passed = true, Seconds = 160.5, Finding = "Twelve epochs with the best recipe on a wider model; weights averaged.", Numbers = new Dictionary<string, double> { ["epochs"] = 12, ["validation-accuracy"] = 0.9327 } };
    }

    static double Sweep(double rate)
    {
        double fall = 1 / (1 + Math.Pow(rate / 0.02, -1.1));
        double rise = Math.Pow(rate / 1.6, 2.2);
        return 2.31 - 1.72 * fall + rise;
    }

    static Evaluation MakeEvaluation(Random random)
    {
        int[] right = [884, 988, 902, 937, 905, 984, 789, 977, 987, 969];
        (int Truth, int Predicted, int Count)[] wrong =
        [
            (0, 6, 84), (0, 3, 14), (0, 2, 13), (0, 8, 5), (1, 3, 9), (1, 0, 3), (2, 4, 44), (2, 6, 42), (2, 3, 8), (2, 0, 4), (3, 4, 26), (3, 6, 21), (3, 0, 12), (3, 1, 4),
            (4, 2, 47), (4, 6, 29), (4, 3, 19), (5, 7, 11), (5, 9, 5), (6, 0, 98), (6, 4, 52), (6, 2, 43), (6, 3, 15), (6, 8, 3), (7, 9, 16), (7, 5, 7), (8, 6, 6), (8, 4, 4), (8, 0, 3), (9, 7, 27), (9, 5, 4),
        ];
        int[][] confusion = [.. Enumerable.Range(0, 10).Select(_ => new int[10])];
        for (int i = 0; i < 10; i++)
        {
            confusion[i][i] = right[i];
        }

        foreach ((int truth, int predicted, int count) in wrong)
        {
            confusion[truth][predicted] = count;
        }

        int correct = right.Sum();
        int examples = confusion.Sum(row => row.Sum());

        PredictedExample Example(int truth, int predicted, double confidence) => new()
        {
            Index = random.Next(10_000), Label = truth, Predicted = predicted, Confidence = confidence, Shape = [1, 28, 28], Pixels = Silhouettes.Draw(truth, random),
        };

        return new()
        {
            Split = "test",
            Examples = examples,
            Accuracy = (double)correct / examples,
            Loss = 0.2163,
            Classes = Classes,
            Confusion = confusion,
            Temperature = 1.284,
            Before = Calibration(0.042, 0.112, 0.2163, 0.1051, overconfident: 0.09),
            After = Calibration(0.0087, 0.041, 0.1921, 0.1013, overconfident: 0.012),
            Mistakes = [.. wrong.OrderByDescending(pair => pair.Count).Take(16).Select((pair, i) => Example(pair.Truth, pair.Predicted, 0.998 - 0.004 * i))],
            Samples = [.. Enumerable.Range(0, 16).Select(i => Example(i * 7 % 10, i == 5 ? 7 : i * 7 % 10, 0.62 + 0.38 * random.NextDouble()))],
        };
    }

    static CalibrationSummary Calibration(double expected, double maximum, double likelihood, double brier, double overconfident) => new()
    {
        ExpectedCalibrationError = expected,
        MaximumCalibrationError = maximum,
        NegativeLogLikelihood = likelihood,
        BrierScore = brier,
        Bins =
        [
            .. Enumerable.Range(0, 15).Select(i =>
            {
                (double lower, double upper) = (i / 15.0, (i + 1) / 15.0);
                int count = i < 3 ? 0 : (int)(12 * Math.Pow(1.62, i - 3)) * (i == 14 ? 4 : 1);
                double confidence = (lower + upper) / 2;
                return new ReliabilityBin
                {
                    Lower = lower, Upper = upper, Count = count,
                    Confidence = count == 0 ? 0 : confidence,
                    Accuracy = count == 0 ? 0 : Math.Clamp(confidence - overconfident * Math.Sin(Math.PI * confidence) * 1.1 + (i % 3 - 1) * 0.008, 0, 1),
                };
            }),
        ],
    };

    static void WriteEvents(string folder, IEnumerable<TrainingEvent> events) =>
        File.WriteAllLines(Path.Combine(folder, "events.jsonl"), events.Select(EventLines.Write));
}
