namespace Anneal.Schedules;

/// <summary>Schedules one after the other, each counting from its own step 0.</summary>
public sealed record Joined : Schedule
{
    readonly Schedule[] pieces;
    readonly long[] starts;

    Joined(Schedule[] pieces, long[] starts) => (this.pieces, this.starts) = (pieces, starts);

    /// <summary>The schedules in their order.</summary>
    public IReadOnlyList<Schedule> Pieces => pieces;

    /// <summary>The step at which each begins; the first is 0.</summary>
    public IReadOnlyList<long> Starts => starts;

    /// <inheritdoc/>
    public override long? Length => pieces[^1].Length is long length ? checked(starts[^1] + length) : null;

    /// <inheritdoc/>
    public override Plateau? Reactive => pieces[^1].Reactive;

    /// <inheritdoc/>
    public override long ReactiveFrom => starts[^1];

    /// <summary>Joins schedules; those within a joined one become pieces of this one, and pieces of no steps are left out.</summary>
    /// <param name="pieces">Each with how many steps it takes, at least 0; the last one's steps do not matter, for nothing follows it.</param>
    /// <returns>A joined schedule, or the one piece that is left.</returns>
    public static Schedule Of(IReadOnlyList<(Schedule Schedule, long Steps)> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        if (pieces.Count == 0)
        {
            throw new ArgumentException("At least one schedule is needed to join. Received: none.", nameof(pieces));
        }

        List<Schedule> schedules = [];
        List<long> starts = [];
        long start = 0;
        for (int i = 0; i < pieces.Count; i++)
        {
            (Schedule? schedule, long steps) = pieces[i];
            Require.AtLeast(0, steps, "steps");
            long end = checked(start + steps);
            bool isLast = i == pieces.Count - 1;
            if (schedule is Joined joined)
            {
                for (int k = 0; k < joined.pieces.Length && (isLast || joined.starts[k] < steps); k++)
                {
                    Add(joined.pieces[k], checked(start + joined.starts[k]));
                }
            }
            else if (isLast || steps > 0)
            {
                Add(schedule, start);
            }

            start = end;
        }

        for (int i = 0; i < schedules.Count - 1; i++)
        {
            // What follows cuts it off anyway: one call less for each evaluation.
            if (schedules[i] is Held held && held.Steps >= starts[i + 1] - starts[i])
            {
                schedules[i] = held.Schedule;
            }
        }

        return schedules.Count == 1 ? schedules[0] : new Joined([.. schedules], [.. starts]);

        void Add(Schedule schedule, long at)
        {
            schedules.Add(schedule);
            starts.Add(at);
        }
    }

    /// <inheritdoc/>
    public override double At(long step)
    {
        int piece = PieceAt(step);
        return pieces[piece].At(step - starts[piece]);
    }

    /// <inheritdoc/>
    public override double Approaching(long step)
    {
        // At a join it is the piece before it that leads there.
        int piece = step > 0 ? PieceAt(step - 1) : 0;
        return pieces[piece].Approaching(step - starts[piece]);
    }

    /// <inheritdoc/>
    public override Schedule With(PlateauState state) => new Joined([.. pieces[..^1], pieces[^1].With(state)], starts);

    /// <inheritdoc/>
    public bool Equals(Joined? other) =>
        other is not null && pieces.AsSpan().SequenceEqual(other.pieces) && starts.AsSpan().SequenceEqual(other.starts);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (Schedule piece in pieces)
        {
            hash.Add(piece);
        }

        foreach (long start in starts)
        {
            hash.Add(start);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" then ", pieces.Zip(starts, (piece, start) => $"{piece} from step {start}"));

    int PieceAt(long step)
    {
        int piece = starts.Length - 1;
        while (piece > 0 && step < starts[piece])
        {
            piece--;
        }

        return piece;
    }
}
