using Anneal.Training.Data;
using Anneal.Training.Recipes;
using Anneal.Training.Tuning.Steps;

namespace Anneal.Training.Tuning;

/// <summary>Finds a recipe for a data set by the seven steps (Stanford CS231n, "Choosing hyperparameters"), within a time budget.</summary>
/// <remarks>
/// Every step writes down what it found before the next begins, and every trial when it has ended; a study that was
/// interrupted goes on after the last of these when it is run again in the same folder. It waits for its trials on the
/// thread that calls it, and computes on no other: OpenMP keeps a team of threads for each thread that computes, and a second
/// team sleeps between its steps. The speed that the final training is planned by was measured a third too low there.
/// </remarks>
public sealed class Study(
    StudyOptions options, Dataset data, ITrialRunner runner, StudyFolder folder, IStudyObserver observer, TimeProvider time)
{
    /// <summary>Runs all steps that are not yet done, and the final training.</summary>
    /// <returns>How the final training ended.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop; what was found so far is in the folder.</exception>
    public TrialOutcome Run(CancellationToken cancellation)
    {
        if (options.Start is { Validation: 0 })
        {
            throw new RecipeException("validation: a study compares its trials by the validation examples, and needs some. Received: validation 0.");
        }
        if (options.Start is { } start)
        {
            // Refused before anything is trained.
            Plain.Of(start);
        }
        StudyState? before = folder.ReadState();
        Check(before);
        StudyCourse course = new(
            options, data, runner, folder, observer, new StudyClock(time, options.Budget, before?.Spent ?? 0), before ?? new StudyState { Recipe = "" });
        try
        {
            foreach (IStudyStep step in (ReadOnlySpan<IStudyStep>)
            [
                new ChooseStart(), new CheckInitialLoss(), new OverfitSmallSample(), new FindRates(),
                new CoarseSearch(), new Refinement(), new FinalTraining(),
            ])
            {
                step.Run(course, cancellation);
            }
            return course.Outcome ?? throw new InvalidOperationException("The last step of a study says how it ended.");
        }
        finally
        {
            course.Save();
        }
    }

    void Check(StudyState? before)
    {
        if (before is { DataFingerprint.Length: > 0 } && before.DataFingerprint != data.Fingerprint)
        {
            throw new RecipeException(
                $"A study goes on with the data it began with. Received: {data.Name}, whose content is another; name another folder.");
        }
        if (before is not null && before.Seed != options.Seed)
        {
            throw new RecipeException(
                $"A study goes on with the seed it began with, {before.Seed}. Received: {options.Seed}; name another folder.");
        }
    }
}
