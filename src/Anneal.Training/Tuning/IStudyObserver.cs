using Anneal.Events;
using Anneal.Search;

namespace Anneal.Training.Tuning;

/// <summary>Watches a study. It only watches.</summary>
public interface IStudyObserver
{
    /// <summary>A step of the seven begins.</summary>
    void Begins(int step, string title);

    /// <summary>A step came to a finding.</summary>
    void Found(StepFinding finding);

    /// <summary>A trial was started: its number and what it changes, in words.</summary>
    void Started(int trial, string change);

    /// <summary>Something happened in a trial.</summary>
    void Happened(int trial, TrainingEvent happened);

    /// <summary>A trial has ended and is in the notebook.</summary>
    void Ended(NotebookEntry entry);
}
