using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Anneal.Schedules;

namespace Anneal.Training.Recipes;

/// <summary>The names that a recipe file may use, of techniques by the seam they fit, and of schedules: nothing else in a file can become a type.</summary>
/// <remarks>It does not change. What reads or writes recipes takes one, so that a program's own names go wherever its recipes go.</remarks>
public sealed partial class Catalog
{
    readonly ImmutableDictionary<Type, ImmutableSortedDictionary<string, Type>> seams;

    /// <summary>A catalog without techniques, with the schedules of this library.</summary>
    public Catalog() : this(ImmutableDictionary<Type, ImmutableSortedDictionary<string, Type>>.Empty, [.. ScheduleText.Forms])
    {
    }

    Catalog(ImmutableDictionary<Type, ImmutableSortedDictionary<string, Type>> seams, ImmutableArray<ScheduleForm> schedules)
    {
        this.seams = seams;
        Schedules = schedules;
    }

    /// <summary>The kinds of schedules that a recipe's text may have.</summary>
    public IReadOnlyList<ScheduleForm> Schedules { get; }

    /// <summary>Every technique with its seam and its name.</summary>
    public IEnumerable<(Type Seam, string Name, Type Technique)> Techniques =>
        seams.SelectMany(seam => seam.Value.Select(named => (seam.Key, named.Key, named.Value)));

    /// <summary>This catalog with one technique more, under its name at the seam it fits.</summary>
    /// <typeparam name="TSeam">The recipe's property type, such as <c>Model</c>.</typeparam>
    /// <typeparam name="T">The technique's record: public properties are its values.</typeparam>
    /// <param name="name">What recipes call it, in lower case with hyphens.</param>
    /// <exception cref="ArgumentException">The technique has no constructor without parameters, or the name is taken or cannot be one.</exception>
    public Catalog With<TSeam, T>(string name) where T : TSeam
    {
        CheckName(name);
        // Not a constraint: `new()` would refuse records with required values.
        if (typeof(T).IsAbstract || typeof(T).GetConstructor(Type.EmptyTypes) is null)
        {
            throw new ArgumentException($"A technique must have a public constructor without parameters, its values being properties. Received: {typeof(T).Name}.");
        }
        ImmutableSortedDictionary<string, Type> names = seams.GetValueOrDefault(typeof(TSeam)) ?? ImmutableSortedDictionary.Create<string, Type>(StringComparer.Ordinal);
        return names.TryGetValue(name, out Type? taken)
            ? throw new ArgumentException($"A name must be given once at a seam. Received: '{name}' for {typeof(T).Name}, which is {taken.Name} already.")
            : new Catalog(seams.SetItem(typeof(TSeam), names.Add(name, typeof(T))), [.. Schedules]);
    }

    /// <summary>This catalog with one kind of schedule more.</summary>
    /// <param name="form">Its text form.</param>
    /// <exception cref="ArgumentException">Its name is taken or cannot be one.</exception>
    public Catalog With(ScheduleForm form)
    {
        ArgumentNullException.ThrowIfNull(form);
        CheckName(form.Name);
        return Schedules.Any(known => known.Name == form.Name)
            ? throw new ArgumentException($"A schedule must have a name of its own. Received: '{form.Name}', which there is already.")
            : new Catalog(seams, [.. Schedules, form]);
    }

    /// <summary>The names registered at a seam, in order; empty where the type is no seam.</summary>
    public IReadOnlyCollection<string> Names(Type seam) => seams.TryGetValue(seam, out ImmutableSortedDictionary<string, Type>? names) ? [.. names.Keys] : [];

    /// <summary>The name that recipes call a technique by; its type's name where it is not registered.</summary>
    public string NameOf<TSeam>(TSeam technique) where TSeam : class => NameOf(typeof(TSeam), technique.GetType()) ?? technique.GetType().Name;

    internal Type? Find(Type seam, string name) =>
        seams.TryGetValue(seam, out ImmutableSortedDictionary<string, Type>? names) ? names.GetValueOrDefault(name) : null;

    internal string? NameOf(Type seam, Type technique) =>
        seams.TryGetValue(seam, out ImmutableSortedDictionary<string, Type>? names) ? names.FirstOrDefault(entry => entry.Value == technique).Key : null;

    internal bool IsSeam(Type type) => seams.ContainsKey(type);

    // What YAML, or this library, would read as something else is no name.
    static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Word().IsMatch(name) || name is "none" or "null")
        {
            throw new ArgumentException($"A name must be words of small letters and digits joined by hyphens, and not none or null. Received: '{name}'.", nameof(name));
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*\\z")]
    private static partial Regex Word();
}
