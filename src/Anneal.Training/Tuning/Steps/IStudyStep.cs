namespace Anneal.Training.Tuning.Steps;

/// <summary>One step of a study.</summary>
interface IStudyStep
{
    /// <summary>Does what is not yet done of the step, and writes down what it found.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    void Run(StudyCourse course, CancellationToken cancellation);
}
