namespace Anneal.Schedules;

/// <summary>A number that changes during training, as a pure function of the step.</summary>
/// <remarks>
/// A schedule is closed-form: evaluating it needs no step before it, allocates nothing, and is defined for every step
/// from 0, also long after the end of the run. It has no state, so nothing of it has to be saved.
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

    /// <summary>This schedule for so many steps; after them it holds the value it has come to.</summary>
    /// <param name="steps">At least 0.</param>
    public Schedule For(long steps) => Length == steps ? this : new Held(this, steps);

    /// <summary>This schedule to its end, then another that starts from its own step 0.</summary>
    /// <param name="next">What follows.</param>
    /// <exception cref="InvalidOperationException">This schedule has no end of its own: say <see cref="For"/> first.</exception>
    public Schedule Then(Schedule next)
    {
        long length = Length ?? throw new InvalidOperationException($"A schedule that another follows must have an end: write For(steps) before Then. Received: {this}.");
        return Joined.Of([(this, length), (next, 0)]);
    }
}
