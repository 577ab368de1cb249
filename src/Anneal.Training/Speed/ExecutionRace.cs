using Anneal.Runs;
using Anneal.Statistics;
using Anneal.Training.Recipes;

namespace Anneal.Training.Speed;

/// <summary>Finds the fastest way to compute an update by timing a few in each, in turn: what else the machine does then slows all alike.</summary>
/// <remarks>
/// First precision and threads, then thread counts between one and all, then the memory layout; each time against the winner so far.
/// What is far behind has no second turn. Within a few per cent the simpler way wins: fewer threads, single precision, the layout of the
/// rule of thumb.
/// </remarks>
/// <param name="timer">Times updates.</param>
/// <param name="updates">Updates of the run that this is for.</param>
sealed class ExecutionRace(IUpdateTimer timer, long updates)
{
    // A difference below these is not worth threads that others could use, or bits that could be had.
    const double WorthDoublingThreads = 1.05;
    const double WorthBFloat16 = 1.03;
    const double WorthOtherLayout = 1.03;

    // After its first turn, and after a later one.
    const double HopelessAtFirst = 1.5;
    const double Hopeless = 1.25;

    // The first update in a way compiles kernels. Where it is long, and this many times the best, that is enough to know;
    // where it is very long, compiling is little of it.
    const double HopelessFirstUpdate = 3;
    const double LongSeconds = 0.25;
    const double VeryLongSeconds = 0.7;

    // A turn is as many updates as fit; the first of short ones finds the caches full of what was timed before.
    const double TurnSeconds = 0.03;
    const int LongestTurn = 64;
    const double ShortSeconds = 0.005;

    // Threads that are called to work are first put on one core, by a system that finds out within this time. Then as many updates
    // in a row must be near the quickest.
    const double LeastSettleSeconds = 0.2;
    const double MostSettleSeconds = 0.4;
    const double Near = 1.5;
    const int NearInARow = 3;

    readonly List<Entrant> entrants = [];
    double spent;
    int threads = 1;

    /// <summary>Seconds that measuring may take, but for the first turns of the first two ways: in one thread and in all.</summary>
    internal const double MostSeconds = 2;

    /// <summary>Share of a run's time that measuring may take, with the same exception.</summary>
    internal const double MostShare = 0.05;

    /// <summary>Seconds of an update in one thread below which more are not tried: dividing the work costs more than it gains.</summary>
    internal const double TooShortToDivide = 0.001;

    /// <summary>Turns of each of the ways that are not far behind.</summary>
    internal const int Rounds = 3;

    /// <summary>The choice, with what was measured, the chosen one first.</summary>
    internal (ExecutionSettings Chosen, IReadOnlyList<MeasuredUpdate> Measured) Decide(ExecutionQuestion question)
    {
        ExecutionSettings rule = question.Rule;
        ExecutionSettings best = Fastest(rule, [.. Corners(question)]);
        int[] between = [.. question.Threads.Skip(1).SkipLast(1).Reverse()];
        best = Fastest(rule, [best, .. between.Select(count => best with { Threads = count })]);
        best = Fastest(rule, [best, .. question.Layouts.Where(layout => layout != best.Layout).Select(layout => best with { Layout = layout })]);
        IEnumerable<Entrant> measured = entrants.Where(entrant => entrant.Seconds.Count > 0);
        return (best, [.. measured.OrderByDescending(entrant => entrant.Settings == best).ThenBy(entrant => entrant.Median).Select(entrant => entrant.Measured)]);
    }

    // Ordered so that threads are called to work once a round: one, all; in the other precision all, one; and one again.
    static IEnumerable<ExecutionSettings> Corners(ExecutionQuestion question)
    {
        int[] counts = question.Threads.Count == 1 ? [question.Threads[0]] : [question.Threads[0], question.Threads[^1]];
        Precision usual = question.Rule.Precision;
        return
        [
            .. counts.Select(count => question.Rule with { Threads = count }),
            .. from precision in question.Precisions
               where precision != usual
               from count in counts.Reverse()
               select question.Rule with { Precision = precision, Threads = count },
        ];
    }

    ExecutionSettings Fastest(ExecutionSettings rule, ExecutionSettings[] settings)
    {
        List<Entrant> running = [];
        foreach (ExecutionSettings each in settings)
        {
            // The first two are tried in any case: where other work makes many threads collapse, the first alone takes all the time there is.
            bool tries = (entrants.Count < 2 || spent < Budget) && (each.Threads == 1 || !IsTooShortToDivide);
            if (entrants.Find(known => known.Settings == each) is { } known)
            {
                running.Add(known);
            }
            else if (settings.Length > 1 && tries && Enter(each) is { } entrant)
            {
                running.Add(entrant);
            }
        }
        if (running.Count == 0)
        {
            return settings[0];
        }
        LeaveOut(running, HopelessAtFirst);
        for (int round = 1; round < Rounds && running.Count > 1 && spent < Budget; round++)
        {
            running.ForEach(Turn);
            LeaveOut(running, Hopeless);
        }
        return running.MinBy(entrant => entrant.Median * Handicap(entrant.Settings, rule))!.Settings;
    }

    static void LeaveOut(List<Entrant> running, double factor)
    {
        double best = running.Min(entrant => entrant.Median);
        running.RemoveAll(entrant => entrant.Median > factor * best);
    }

    // Null where the first update shows that it is not worth a second.
    Entrant? Enter(ExecutionSettings settings)
    {
        Entrant entrant = new(settings);
        double first = Time(settings);
        if (first > LongSeconds && entrants.Count > 0 && first > HopelessFirstUpdate * Best)
        {
            return null;
        }
        entrants.Add(entrant);
        if (first > VeryLongSeconds)
        {
            entrant.Seconds.Add(first);
        }
        else
        {
            Turn(entrant, first > LongSeconds ? first : 0);
        }
        return entrant;
    }

    void Turn(Entrant entrant) => Turn(entrant, entrant.Median);

    void Turn(Entrant entrant, double usual)
    {
        bool calls = entrant.Settings.Threads > 1 && entrant.Settings.Threads != threads;
        threads = entrant.Settings.Threads;
        if (calls || usual < ShortSeconds)
        {
            usual = calls ? Settle(entrant.Settings) : Time(entrant.Settings);
        }
        int count = Math.Clamp((int)(TurnSeconds / Math.Max(usual, 1e-9)), 1, LongestTurn);
        for (int i = 0; i < count; i++)
        {
            entrant.Seconds.Add(Time(entrant.Settings));
        }
    }

    // What the last of the updates took; none of them counts.
    double Settle(ExecutionSettings settings)
    {
        double seconds = 0;
        double quickest = double.PositiveInfinity;
        double last;
        int near = 0;
        do
        {
            last = Time(settings);
            seconds += last;
            quickest = Math.Min(quickest, last);
            near = last <= Near * quickest ? near + 1 : 0;
        }
        while (seconds < LeastSettleSeconds || (near < NearInARow && seconds < MostSettleSeconds));
        return last;
    }

    double Time(ExecutionSettings settings)
    {
        double seconds = timer.Time(settings);
        spent += seconds;
        return seconds;
    }

    bool IsTooShortToDivide => entrants.Exists(entrant => entrant.Settings.Threads == 1 && entrant.Median < TooShortToDivide);

    double Best => entrants.Min(entrant => entrant.Median);

    double Budget => Math.Min(MostSeconds, MostShare * updates * Best);

    static double Handicap(ExecutionSettings settings, ExecutionSettings rule) =>
        Math.Pow(WorthDoublingThreads, Math.Log2(settings.Threads))
        * (settings.Precision == Precision.Bfloat16 ? WorthBFloat16 : 1)
        * (settings.Layout != rule.Layout ? WorthOtherLayout : 1);

    sealed class Entrant(ExecutionSettings settings)
    {
        internal ExecutionSettings Settings { get; } = settings;

        internal List<double> Seconds { get; } = [];

        internal double Median => Statistics.Median.Of([.. Seconds]);

        internal MeasuredUpdate Measured => new()
        {
            Precision = Settings.PrecisionName, Layout = Settings.LayoutName, Threads = Settings.Threads, Seconds = Median, Updates = Seconds.Count,
        };
    }
}
