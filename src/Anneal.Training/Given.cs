using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Anneal.Training;

/// <summary>For properties that are never null: says so where one is given, by its name.</summary>
static class Given
{
    internal static T Value<T>([NotNull] T? value, [CallerMemberName] string name = "") where T : class
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }
}
