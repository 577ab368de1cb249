using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Anneal.Training.Recipes;

/// <summary>A list that is its values: it does not change, and equals any other of equal values in the same order.</summary>
/// <remarks>Records compare their properties; with an array among them, two equal recipes would not be equal.</remarks>
/// <typeparam name="T">Values that compare by what they are, such as records.</typeparam>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Of))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    readonly ImmutableArray<T> values;

    internal ValueList(ImmutableArray<T> values) => this.values = values;

    /// <inheritdoc/>
    public int Count => values.Length;

    /// <inheritdoc/>
    public T this[int index] => values[index];

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && values.AsSpan().SequenceEqual(other.values.AsSpan(), EqualityComparer<T>.Default);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (T value in values)
        {
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)values).GetEnumerator();

    /// <summary>The values in brackets.</summary>
    public override string ToString() => $"[{string.Join(", ", values)}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes lists that are their values.</summary>
public static class ValueList
{
    /// <summary>A copy of some values.</summary>
    public static ValueList<T> Of<T>(ReadOnlySpan<T> values) => new([.. values]);

    /// <summary>A copy of a list; the list itself where it is one already.</summary>
    /// <param name="values">None of them null.</param>
    /// <param name="name">What errors call the list.</param>
    /// <exception cref="ArgumentNullException">The list is null, or has null in it.</exception>
    public static ValueList<T> From<T>(IReadOnlyList<T> values, [CallerMemberName] string name = "")
    {
        ArgumentNullException.ThrowIfNull(values, name);
        return values.Any(value => value is null)
            ? throw new ArgumentNullException(name, "A list must hold no null.")
            : values as ValueList<T> ?? new([.. values]);
    }
}
