using Anneal.Training.Speed;

namespace Anneal.Training.Tests.Speed;

/// <summary>Updates that take as long as they are told to.</summary>
/// <param name="seconds">By settings.</param>
/// <param name="otherwise">What all others take.</param>
sealed class FakeTimer(Dictionary<ExecutionSettings, double> seconds, double otherwise = 0.05) : IUpdateTimer
{
    double sinceCall;

    /// <summary>Every update that was made.</summary>
    public List<ExecutionSettings> Calls { get; } = [];

    /// <summary>All that they took.</summary>
    public double Spent { get; private set; }

    /// <summary>What the first update in a way takes in addition.</summary>
    public double First { get; init; }

    /// <summary>What an update takes at least soon after a change to more threads.</summary>
    public double AfterCall { get; init; }

    public double AfterCallSeconds { get; init; }

    /// <summary>How many times as long updates take, by the time spent so far.</summary>
    public Func<double, double> Slowdown { get; init; } = _ => 1;

    public double Time(ExecutionSettings settings)
    {
        double took = seconds.GetValueOrDefault(settings, otherwise) * Slowdown(Spent);
        took += Calls.Contains(settings) ? 0 : First;
        sinceCall = Calls.Count > 0 && Calls[^1].Threads == settings.Threads ? sinceCall : 0;
        took = settings.Threads > 1 && sinceCall < AfterCallSeconds ? Math.Max(took, AfterCall) : took;
        Calls.Add(settings);
        Spent += took;
        sinceCall += took;
        return took;
    }
}
