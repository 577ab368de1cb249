namespace Anneal.Training.Recipes;

/// <summary>The names that a recipe file may use, by the seam they fit: nothing else in a file can become a type.</summary>
public sealed class Catalog
{
    readonly Dictionary<Type, SortedDictionary<string, Type>> seams = [];

    /// <summary>Registers a technique under its name at the seam it fits.</summary>
    /// <typeparam name="TSeam">The recipe's property type, such as <c>Model</c>.</typeparam>
    /// <typeparam name="T">The technique's record: public properties are its values.</typeparam>
    /// <param name="name">What recipes call it, in lower case with hyphens.</param>
    /// <returns>This catalog.</returns>
    /// <exception cref="ArgumentException">The technique has no constructor without parameters.</exception>
    public Catalog Add<TSeam, T>(string name) where T : TSeam
    {
        // Not a constraint: `new()` would refuse records with required values.
        if (typeof(T).IsAbstract || typeof(T).GetConstructor(Type.EmptyTypes) is null)
        {
            throw new ArgumentException($"A technique must have a public constructor without parameters, its values being properties. Received: {typeof(T).Name}.");
        }
        if (!seams.TryGetValue(typeof(TSeam), out SortedDictionary<string, Type>? names))
        {
            seams[typeof(TSeam)] = names = new(StringComparer.Ordinal);
        }
        names.Add(name, typeof(T));
        return this;
    }

    /// <summary>The names registered at a seam, in order; empty where the type is no seam.</summary>
    public IReadOnlyCollection<string> Names(Type seam) => seams.TryGetValue(seam, out SortedDictionary<string, Type>? names) ? names.Keys : [];

    /// <summary>The name that recipes call a technique by; its type's name where it is not registered.</summary>
    public string NameOf<TSeam>(TSeam technique) where TSeam : class => NameOf(typeof(TSeam), technique.GetType()) ?? technique.GetType().Name;

    internal Type? Find(Type seam, string name) => seams.TryGetValue(seam, out SortedDictionary<string, Type>? names) && names.TryGetValue(name, out Type? found) ? found : null;

    internal string? NameOf(Type seam, Type technique) =>
        seams.TryGetValue(seam, out SortedDictionary<string, Type>? names) ? names.FirstOrDefault(entry => entry.Value == technique).Key : null;

    internal bool IsSeam(Type type) => seams.ContainsKey(type);
}
