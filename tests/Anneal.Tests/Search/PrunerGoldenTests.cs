using System.Text.Json;
using Anneal.Search;
using Anneal.Stopping;

namespace Anneal.Tests.Search;

/// <summary>Against Optuna's pruners, decision by decision, in simulated studies of three trials at a time (<c>pruner_golden.py</c>).</summary>
public class PrunerGoldenTests
{
    const int Steps = 16;
    static readonly JsonElement Golden = GoldenFile.Read("pruner_golden.json");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void DecidesAsOptunaDoes(int which)
    {
        JsonElement study = Golden[which];
        IPruner pruner = Pruner(study);
        Dictionary<int, TrialSnapshot> trials = [];
        foreach (JsonElement[] report in study.GetProperty("reports").EnumerateArray().Select(r => r.EnumerateArray().ToArray()))
        {
            int number = report[0].GetInt32();
            int step = report[1].GetInt32();
            double value = report[2].ValueKind == JsonValueKind.Null ? double.NaN : report[2].GetDouble();
            TrialSnapshot trial = trials.GetValueOrDefault(number) ?? new() { Number = number, State = TrialState.Running };
            trial = trial with { Intermediate = [.. trial.Intermediate, new(step, value)] };

            bool ended = pruner.Decide(trial, [.. trials.Values]) is not null;

            Assert.True(report[3].GetBoolean() == ended, $"Trial {number} at step {step}: {value}.");
            trials[number] = trial with { State = ended ? TrialState.Pruned : step == Steps ? TrialState.Completed : TrialState.Running };
        }
    }

    static IPruner Pruner(JsonElement study)
    {
        Direction direction = study.GetProperty("direction").GetString() == "maximize" ? Direction.Maximize : Direction.Minimize;
        return study.GetProperty("pruner").GetString() == "median"
            ? new MedianRule { Direction = direction, StartupTrials = study.GetProperty("startup").GetInt32(), WarmupEpochs = study.Number("warmup") }
            : new SuccessiveHalving { Direction = direction, FirstRungEpochs = study.Number("first"), ReductionFactor = study.GetProperty("factor").GetInt32() };
    }
}
