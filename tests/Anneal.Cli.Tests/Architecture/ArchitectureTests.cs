using System.Reflection;
using System.Runtime.InteropServices;

namespace Anneal.Cli.Tests.Architecture;

/// <summary>The rules that keep the floors of the house apart. A new project gets a line in <see cref="MayReference"/>.</summary>
public class ArchitectureTests
{
    const string Bcl = "the base class library";
    const string Interop = "Anneal.Torch.Interop";

    // Each project, and all that it may know.
    static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Anneal"] = [],
        ["Anneal.Torch"] = ["Anneal"],
        ["Anneal.Training"] = ["Anneal", "Anneal.Torch", "YamlDotNet"],
        ["Anneal.Reports"] = ["Anneal"],
        ["Anneal.Cli"] = ["Anneal", "Anneal.Torch", "Anneal.Training", "Anneal.Reports", "Spectre.Console", "System.CommandLine"],
    };

    // The composition root talks to people and looks at the clock; nothing else does.
    static readonly string[] Libraries = [.. MayReference.Keys.Where(name => name != "Anneal.Cli")];

    // Where the wrapped thing meets its wrapper, and nowhere else, a handle is in an internal signature.
    static readonly string[] DoorsToInterop =
    [
        "Anneal.Torch.Tensor..ctor", "Anneal.Torch.Tensor.get_Pointer", "Anneal.Torch.TensorList.get_Pointer",
        "Anneal.Torch.Serialization.IFileCalls", "Anneal.Torch.Serialization.SystemFileCalls",
    ];

    public static TheoryData<string> AllProjects => [.. MayReference.Keys];

    public static TheoryData<string> LibraryProjects => [.. Libraries];

    [Fact]
    public void EveryProjectHasRules() => Assert.Equal(
        MayReference.Keys.Order(),
        Directory.GetFiles(AppContext.BaseDirectory, "Anneal*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal) && name != "Anneal.Testing")
            .Order());

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void AProjectKnowsOnlyWhatItMay(string project) => Assert.Empty(Load(project)
        .GetReferencedAssemblies()
        .Select(reference => IsBcl(reference) ? Bcl : reference.Name!)
        .Except([Bcl, .. MayReference[project]]));

    [Theory]
    [MemberData(nameof(LibraryProjects))]
    public void ALibraryHasNoConsoleNoWallClockAndNoSharedRandomNumbers(string project) => AssertUsesNone(
        project,
        use => use.Target == typeof(Console)
            || Is(use, typeof(DateTime), "get_Now", "get_UtcNow", "get_Today")
            || Is(use, typeof(DateTimeOffset), "get_Now", "get_UtcNow")
            || Is(use, typeof(Random), "get_Shared")
            || (Is(use, typeof(Random), ".ctor") && Parameters(use).Length == 0)
            || Is(use, typeof(Environment), "Exit", "FailFast"));

    [Fact]
    public void TheCoreHasNoFileNoClockAndNoSurroundings() => AssertUsesNone(
        "Anneal",
        use => use.Target == typeof(File) || use.Target == typeof(Directory) || use.Target == typeof(FileStream)
            || use.Target == typeof(FileInfo) || use.Target == typeof(DirectoryInfo)
            || use.Target == typeof(System.Diagnostics.Stopwatch) || use.Target == typeof(System.Diagnostics.Process)
            || use.Target == typeof(TimeProvider)
            || (use.Target == typeof(Environment) && use.Used.Name != "get_NewLine" && use.Used.Name != "get_CurrentManagedThreadId")
            || use.Target?.Namespace?.StartsWith("System.Net", StringComparison.Ordinal) == true
            || Is(use, typeof(Thread), "Sleep"));

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void NativeCallsAreDeclaredInInteropOnly(string project) => Assert.Empty(
        from type in Load(project).GetTypes()
        where type.Namespace != Interop
        from method in CompiledCode.Methods(type)
        where method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
        select $"{type.FullName}.{method.Name}");

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void LibrariesAreLoadedInOneNamespace(string project) => AssertUsesNone(
        project,
        use => use.By.Namespace != Interop && use.Target == typeof(NativeLibrary));

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void NoPointerOrHandleLeavesInterop(string project) => Assert.Empty(
        from type in Load(project).GetTypes()
        where type.Namespace != Interop && !type.IsNested
        where !DoorsToInterop.Contains(type.FullName)
        from pair in CompiledCode.Signatures(type)
        where pair.Signature.Any(IsNative)
        let name = $"{type.FullName}.{pair.Member.Name}"
        where !DoorsToInterop.Contains(name)
        select name);

    [Fact]
    public void NothingNativeIsPublic() => Assert.Empty(
        from type in Load("Anneal.Torch").GetExportedTypes()
        from pair in CompiledCode.Signatures(type)
        where pair.Member is MethodBase { IsPublic: true } or FieldInfo { IsPublic: true }
        where type.Namespace == Interop || pair.Signature.Any(IsNative)
        select $"{type.FullName}.{pair.Member.Name}");

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void TextNeverBecomesATypeAMethodOrCode(string project) => AssertUsesNone(
        project,
        use => Is(use, typeof(Type), "GetType", "InvokeMember", "GetMethod", "GetTypeFromProgID") && Parameters(use).Contains(typeof(string))
            || Is(use, typeof(Assembly), "Load", "LoadFrom", "LoadFile", "UnsafeLoadFrom", "GetType", "CreateInstance") && Parameters(use).Length > 0
            || Is(use, typeof(Module), "GetType")
            || Is(use, typeof(Activator), "CreateInstance", "CreateInstanceFrom") && Parameters(use).Contains(typeof(string))
            || Is(use, typeof(Delegate), "CreateDelegate") && Parameters(use).Contains(typeof(string))
            || use.Target == typeof(System.Runtime.Loader.AssemblyLoadContext)
            || use.Target?.Namespace is "System.Reflection.Emit" or "System.Runtime.Serialization.Formatters.Binary");

    [Fact]
    public void TheLoopKnowsNoConcreteTechnique()
    {
        Assembly training = Load("Anneal.Training");
        Type[] seams = [.. training.GetExportedTypes().Where(type =>
            (type.IsInterface || (type.IsAbstract && !type.IsSealed))
            && type.Namespace is "Anneal.Training.Augmentation" or "Anneal.Training.Averaging" or "Anneal.Training.Checkpoints"
                or "Anneal.Training.Initialization" or "Anneal.Training.Losses" or "Anneal.Training.Models"
                or "Anneal.Training.Optimizers" or "Anneal.Training.Regularization")];
        Type[] techniques = [.. training.GetTypes().Where(type => !type.IsAbstract && seams.Any(seam => seam.IsAssignableFrom(type)))];
        Assert.Contains(typeof(Training.Optimizers.Sgd), techniques);

        AssertUsesNone("Anneal.Training", use =>
            use.By.Namespace == "Anneal.Training.Loop" && techniques.Contains(use.Target));
    }

    [Fact]
    public void TheRulesSeeWhatTheyForbid()
    {
        Use[] uses = [.. CompiledCode.Uses(typeof(Offender).Assembly).Where(use => use.By.FullName!.StartsWith(typeof(Offender).FullName!, StringComparison.Ordinal))];

        Assert.Contains(uses, use => use.Name == "System.Console.WriteLine");
        Assert.Contains(uses, use => use.Name == "System.DateTime.get_Now");
        Assert.Contains(uses, use => Is(use, typeof(Type), "GetType") && Parameters(use).Contains(typeof(string)));
        Assert.Contains(uses, use => use.Used == typeof(FileStream));
        Assert.True(IsNative(typeof(Span<nint>)));
        Assert.True(IsNative(typeof(byte).MakePointerType().MakeByRefType()));
        Assert.True(IsNative(typeof(SafeHandle[])));
        Assert.False(IsNative(typeof(Dictionary<string, long[]>)));
    }

    static void AssertUsesNone(string project, Func<Use, bool> forbidden) =>
        Assert.Empty(CompiledCode.Uses(Load(project)).Where(forbidden).Select(use => use.ToString()).Distinct());

    static Assembly Load(string project) => Assembly.Load(project);

    static bool IsBcl(AssemblyName reference) =>
        File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), reference.Name + ".dll"));

    static bool Is(Use use, Type type, params string[] members) => use.Used.DeclaringType == type && members.Contains(use.Used.Name);

    static Type[] Parameters(Use use) => use.Used is MethodBase method ? [.. method.GetParameters().Select(parameter => parameter.ParameterType)] : [];

    static bool IsNative(Type type) =>
        type.IsPointer || type.IsFunctionPointer
        || type == typeof(nint) || type == typeof(nuint) || typeof(SafeHandle).IsAssignableFrom(type)
        || (type.HasElementType && IsNative(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(IsNative));

    /// <summary>Does what no library may, in code that is compiled and never run.</summary>
    static class Offender
    {
        static readonly Action<string> Offend = text =>
        {
            Console.WriteLine(DateTime.Now);
            Console.WriteLine(Type.GetType(text));
        };

        static bool Holds(object thing) => thing is FileStream;

        internal static object All => (Offend, (Func<object, bool>)Holds);
    }
}
