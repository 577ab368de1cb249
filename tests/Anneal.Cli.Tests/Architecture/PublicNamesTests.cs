using System.Reflection;
using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Training.Data;
using Anneal.Training.Data.Idx;
using Anneal.Training.Evaluation;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;
using Anneal.Training.Tuning;
using RunFolder = Anneal.Training.Runs.RunFolder;

namespace Anneal.Cli.Tests.Architecture;

/// <summary>What a newcomer sees of the libraries: names that do not clash, and errors that name what is missing.</summary>
public class PublicNamesTests
{
    static readonly Assembly[] Libraries = [.. new[] { "Anneal", "Anneal.Torch", "Anneal.Training", "Anneal.Reports" }.Select(Assembly.Load)];

    // Names that two libraries share although a program may use both, each with the reason.
    static readonly Dictionary<string, string> Shared = new()
    {
        ["RunFolder"] = "the reports read run folders without libtorch; one reader for both floors is to come",
    };

    [Fact]
    public void NoTwoPublicTypesHaveOneName() => Assert.Equal(
        Shared.Keys.Order(),
        Libraries.SelectMany(library => library.GetExportedTypes())
            .Where(type => !type.IsNested)
            .GroupBy(type => type.Name)
            .Where(named => named.Count() > 1)
            .Select(named => named.Key)
            .Order());

    // Where a program that trains from code begins. The records of a recipe are asked one by one in TechniqueValuesTests.
    static readonly Type[] FirstMet =
    [
        typeof(ScheduleText), typeof(Duration), typeof(Recipe), typeof(RecipeText), typeof(Catalog), typeof(Dataset), typeof(IdxFolder), typeof(KnownDataset),
        typeof(TrainingRun), typeof(RunPlan), typeof(ScheduleClock), typeof(TrainedModel), typeof(RunFolder), typeof(StudyFolder),
    ];

    public static TheoryData<Type> Beginnings => [.. FirstMet];

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void NullIsRefusedAsAnArgument(Type type)
    {
        List<string> failures = [];
        foreach (MethodBase method in Callable(type))
        {
            object?[] arguments = [.. method.GetParameters().Select(parameter =>
                parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)];
            Exception? thrown = Record.Exception(() => method is ConstructorInfo made ? made.Invoke(arguments) : method.Invoke(null, arguments));
            if (thrown is not TargetInvocationException { InnerException: ArgumentNullException })
            {
                string names = string.Join(", ", method.GetParameters().Select(parameter => parameter.Name));
                failures.Add($"{type.Name}.{method.Name}({names}): {(thrown?.InnerException ?? thrown)?.GetType().Name ?? "nothing"}");
            }
        }
        Assert.Equal("", string.Join("\n", failures));
    }

    // What can be called without an object, and wants one that must not be null.
    static IEnumerable<MethodBase> Callable(Type type)
    {
        NullabilityInfoContext nullability = new();
        if (type.IsGenericTypeDefinition || type.IsInterface || type.IsEnum || typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }
        MethodBase[] all =
        [
            .. type.IsAbstract ? [] : type.GetConstructors(),
            .. type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(method => !method.IsGenericMethodDefinition && !method.Name.StartsWith("op_", StringComparison.Ordinal) && !method.IsSpecialName),
        ];
        return all.Where(method =>
            method.GetParameters().All(parameter => !parameter.ParameterType.IsByRef && !parameter.ParameterType.IsByRefLike && !parameter.ParameterType.IsPointer)
            && method.GetParameters().Any(parameter =>
                !parameter.ParameterType.IsValueType && nullability.Create(parameter).ReadState == NullabilityState.NotNull));
    }
}
