using Anneal.Events;

namespace Anneal.Cli.Sessions;

/// <summary>Several observers as one that never fails.</summary>
/// <param name="observers">Owned: they end with the set.</param>
/// <param name="notice">Told once of each that fails.</param>
sealed class ObserverSet(IEnumerable<IRunObserver> observers, Action<string> notice) : IRunObserver
{
    readonly List<IRunObserver> watching = [.. observers];

    public void See(TrainingEvent happened)
    {
        foreach (IRunObserver observer in watching.ToArray())
        {
            Guard(observer, () => observer.See(happened));
        }
    }

    public void Dispose()
    {
        foreach (IRunObserver observer in watching.ToArray())
        {
            Guard(observer, observer.Dispose);
        }
    }

    void Guard(IRunObserver observer, Action act)
    {
        try
        {
            act();
        }
        catch (Exception e)
        {
            watching.Remove(observer);
            notice($"{observer.GetType().Name} failed and is left out from here on; the training goes on. {e.Message}");
        }
    }
}
