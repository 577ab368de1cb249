using Anneal.Events;

namespace Anneal.Cli.Sessions;

/// <summary>Watches a run. It only watches: one that fails is reported and left out, and the run goes on.</summary>
interface IRunObserver : IDisposable
{
    void See(TrainingEvent happened);
}
