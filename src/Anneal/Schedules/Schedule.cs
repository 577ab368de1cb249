using System.Text;

namespace Anneal.Schedules;

/// <summary>A number that changes during training, as a pure function of the step.</summary>
/// <remarks>
/// A schedule is closed-form: evaluating it needs no step before it, allocates nothing, and is defined for every step
/// from 0, also long after the end of the run. It has no state, so nothing of it has to be saved; where its last piece
/// is a <see cref="Plateau"/>, it is replaced by another schedule after each measurement, and that piece's state is saved.
/// </remarks>
public abstract record Schedule
{
    /// <summary>The value to use for one optimizer update.</summary>
    /// <param name="step">Updates made before it, counted from 0.</param>
    public abstract double At(long step);

    /// <summary>The steps it takes, after which it holds its last value; null where it has no end of its own.</summary>
    public virtual long? Length => null;

    /// <summary>The value that the steps before this one lead to: what is held when the schedule is cut off here.</summary>
    /// <param name="step">At least 0.</param>
    /// <remarks>It differs from <see cref="At"/> only where the value jumps, as it does at a warm restart.</remarks>
    public virtual double Approaching(long step) => At(step);

    /// <summary>The last piece, where it depends on measurements; null for every schedule but <see cref="Plateau"/> and what ends with it.</summary>
    public virtual Plateau? Reactive => null;

    /// <summary>The step from which measurements count for <see cref="Reactive"/>: where that piece begins.</summary>
    public virtual long ReactiveFrom => 0;

    /// <summary>The schedule after a measurement: itself, unless it has a <see cref="Reactive"/> piece that has begun.</summary>
    /// <param name="step">Updates made before the measurement.</param>
    /// <param name="measured">The metric that <see cref="Plateau.Metric"/> names.</param>
    public Schedule Observe(long step, double measured) =>
        Reactive is Plateau plateau && step >= ReactiveFrom ? With(plateau.Next(plateau.State, measured)) : this;

    /// <summary>This schedule with the saved state of its <see cref="Reactive"/> piece.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public virtual Schedule With(PlateauState state) =>
        throw new InvalidOperationException($"Only a schedule that ends with a plateau has a state. Received: {this}.");

    /// <summary>This schedule for so many steps; after them it holds the value it has come to.</summary>
    /// <param name="steps">At least 0.</param>
    /// <exception cref="InvalidOperationException">It ends with a <see cref="Plateau"/>, which never ends.</exception>
    public Schedule For(long steps)
    {
        if (Reactive is not null)
        {
            throw new InvalidOperationException($"A plateau takes the rest of the run: nothing cuts it off or follows it. Received: {this} for {steps} steps.");
        }

        return Length == steps ? this : new Held(this, steps);
    }

    /// <summary>This schedule to its end, then another that starts from its own step 0.</summary>
    /// <param name="next">What follows.</param>
    /// <exception cref="InvalidOperationException">This schedule has no end of its own: say <see cref="For"/> first.</exception>
    public Schedule Then(Schedule next)
    {
        long length = Length ?? throw new InvalidOperationException($"A schedule that another follows must have an end: write For(steps) before Then. Received: {this}.");
        return Joined.Of([(this, length), (next, 0)]);
    }

    /// <summary>Prints nothing of what is here: it follows from the values of each kind.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}
