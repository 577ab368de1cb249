using System.Reflection;
using System.Text;
using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Training.Recipes;

/// <summary>What the types of a recipe look like in its text.</summary>
static class RecipeShape
{
    internal static PropertyInfo[] Properties(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .OrderBy(property => property.DeclaringType == type ? 0 : 1)];

    internal static bool IsOptional(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    internal static bool IsRecord(Type type) =>
        type.IsClass && type != typeof(string) && type != typeof(ScheduleText) && type.GetConstructor(Type.EmptyTypes) is not null;

    internal static Type? Element(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    internal static string Kebab(string name)
    {
        StringBuilder text = new();
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0)
            {
                text.Append('-');
            }
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }

    internal static string Word(Type seam) => Kebab(seam.IsInterface ? seam.Name[1..] : seam.Name).Replace('-', ' ');

    internal static string Describe(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(double) ? "a number"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(ulong) ? "a whole number of at least 0"
        : type == typeof(ScheduleText) ? "a schedule"
        : type == typeof(Duration) ? "a duration such as 8ep"
        : IsRecord(type) ? $"a map with values such as {Kebab(Properties(type)[0].Name)}"
        : "a value";
}
