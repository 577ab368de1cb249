using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Anneal.Schedules;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Recipes;

/// <summary>What holds for the values of every technique of the catalog, and of the recipe itself.</summary>
public sealed class TechniqueValuesTests
{
    public static TheoryData<Type> Techniques => [typeof(Recipe), .. RecipeText.Standard.Techniques.Select(named => named.Technique)];

    [Theory]
    [MemberData(nameof(Techniques))]
    public void EqualValuesAreEqualTechniques(Type type)
    {
        object one = Full(type), other = Full(type);
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void ListsAreTheirValues(Type type)
    {
        foreach (PropertyInfo list in Values(type).Where(property => property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable))))
        {
            Assert.True(IsValueList(list.GetValue(Full(type))), $"{type.Name}.{list.Name}");
            Assert.True(IsValueList(list.GetValue(Made(type))), $"{type.Name}.{list.Name}");
        }
    }

    // What no value may be is refused where it is given, not when a run comes to it.
    [Theory]
    [MemberData(nameof(Techniques))]
    public void ImpossibleNumbersAreRefusedAtOnce(Type type)
    {
        foreach (PropertyInfo property in Values(type))
        {
            Type kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object[] impossible = kind == typeof(double) ? [double.NaN, double.PositiveInfinity, double.NegativeInfinity]
                : kind == typeof(int) ? [-1]
                : kind == typeof(long) ? [-1L]
                : kind == typeof(ScheduleText) ? [(ScheduleText)(-0.5)]
                : [];
            foreach (object value in impossible)
            {
                Assert.True(Refusal(type, property, value) is ArgumentException, $"{type.Name}.{property.Name} takes {value}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void NullIsRefusedByItsName(Type type)
    {
        NullabilityInfoContext nullability = new();
        foreach (PropertyInfo property in Values(type).Where(property => !property.PropertyType.IsValueType))
        {
            if (nullability.Create(property).WriteState == NullabilityState.NotNull)
            {
                ArgumentNullException refused = Assert.IsType<ArgumentNullException>(Refusal(type, property, null));
                Assert.EndsWith(property.Name, refused.ParamName!.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Theory]
    [InlineData("optimizer.momentum", "1.5")]
    [InlineData("optimizer.momentum", "1")]
    [InlineData("loss.smoothing", "1.01")]
    public void SharesAreRefusedAboveTheirRange(string path, string value) =>
        Assert.StartsWith($"{path}: ", Assert.Throws<RecipeException>(() => RecipeText.With(new Recipe(), path, value)).Message);

    [Fact]
    public void ListsOfAnyKindAreCopied()
    {
        List<int> widths = [8, 16];
        ConvNet net = new() { Widths = widths };
        Assert.Equal(new ConvNet { Widths = [8, 16] }, net);
        Assert.NotEqual(new ConvNet { Widths = [16, 8] }, net);
        widths.Add(3);
        Assert.Equal([8, 16], net.Widths);
        Assert.Equal(new CrossEntropy { ClassWeights = [1, 2] }, new CrossEntropy { ClassWeights = new double[] { 1, 2 } });
    }

    static bool IsValueList(object? list) =>
        list is null || (list.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueList<>));

    static Exception? Refusal(Type type, PropertyInfo property, object? value) =>
        Record.Exception(() => property.SetValue(Made(type), value)) is TargetInvocationException { InnerException: { } inner } ? inner : null;

    // Without its required values, which `new` would ask for.
    static object Made(Type type) => Activator.CreateInstance(type)!;

    // Lists that are arrays, and what is required.
    static object Full(Type type)
    {
        object made = Made(type);
        foreach (PropertyInfo property in Values(type))
        {
            Type kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object? value = kind == typeof(IReadOnlyList<int>) ? new[] { 3, 4 }
                : kind == typeof(IReadOnlyList<double>) ? new[] { 1.5, 2 }
                : !property.IsDefined(typeof(RequiredMemberAttribute)) ? null
                : kind == typeof(string) ? (property.Name == "Metric" ? "validation-loss" : "head")
                : kind == typeof(int) ? 2
                : kind == typeof(double) ? 0.5
                : null;
            if (value is not null)
            {
                property.SetValue(made, value);
            }
        }
        return made;
    }

    static IEnumerable<PropertyInfo> Values(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });
}
