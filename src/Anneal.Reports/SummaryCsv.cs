using System.Globalization;
using Anneal.Events;

namespace Anneal.Reports;

/// <summary>A run as a table: one row a pass over the training data; <c>summary.csv</c> in its folder.</summary>
/// <remarks>
/// It follows from the events alone, so it can be made again from <c>events.jsonl</c> at any time. What was not
/// measured at an epoch's end is an empty cell. Numbers read back to the same bits.
/// </remarks>
public static class SummaryCsv
{
    /// <summary>Writes the header and the rows, each ended by a line feed.</summary>
    /// <param name="writer">Receives the table.</param>
    /// <param name="events">A run's events in order. Those after a checkpoint from which the run was resumed count once.</param>
    public static void Write(TextWriter writer, IEnumerable<TrainingEvent> events)
    {
        List<TrainingEvent> made = [];
        foreach (TrainingEvent happened in events)
        {
            if (happened is RunResumed)
            {
                made.RemoveAll(earlier => earlier.Step > happened.Step);
            }

            made.Add(happened);
        }

        Dictionary<long, Evaluated> validations = RunHistory.PickValidations(made).ToDictionary(measured => measured.Step);
        List<StepEnded> steps = [.. made.OfType<StepEnded>().Where(step => step.Values.ContainsKey("learning-rate"))];

        writer.Write("epoch,step,seconds,training-loss,training-accuracy,validation-loss,validation-accuracy,learning-rate,examples-per-second\n");
        int next = 0;
        double? rate = null;
        foreach (EpochEnded epoch in made.OfType<EpochEnded>())
        {
            for (; next < steps.Count && steps[next].Step <= epoch.Step; next++)
            {
                rate = steps[next].Values["learning-rate"];
            }

            validations.TryGetValue(epoch.Step, out Evaluated? measured);
            writer.Write(string.Join(',',
                epoch.Epoch.ToString(CultureInfo.InvariantCulture), epoch.Step.ToString(CultureInfo.InvariantCulture), Cell(epoch.Seconds),
                Cell(epoch.TrainingLoss), Cell(epoch.TrainingAccuracy),
                Cell(measured?.Loss), Cell(measured?.Accuracy),
                Cell(rate), Cell(epoch.ExamplesPerSecond)) + "\n");
        }
    }

    static string Cell(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
