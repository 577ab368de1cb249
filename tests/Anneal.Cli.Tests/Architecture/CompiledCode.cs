using System.Reflection;
using System.Reflection.Emit;

namespace Anneal.Cli.Tests.Architecture;

/// <summary>What compiled code uses, read from its instructions.</summary>
static class CompiledCode
{
    const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<ushort, OpCode> Instructions = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(instruction => (ushort)instruction.Value);

    /// <summary>Every member and type that an instruction of the assembly names.</summary>
    public static IEnumerable<Use> Uses(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in Methods(type)
        from used in UsedBy(method)
        select new Use(type, method, used);

    /// <summary>Methods and constructors that a type declares.</summary>
    public static IEnumerable<MethodBase> Methods(Type type) => type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All));

    /// <summary>Members of a type that code outside it can name, with the types in their signatures.</summary>
    public static IEnumerable<(MemberInfo Member, Type[] Signature)> Signatures(Type type)
    {
        IEnumerable<(MemberInfo, Type[])> methods = Methods(type)
            .Where(method => !method.IsPrivate)
            .Select(method => ((MemberInfo)method, (Type[])
            [
                .. method.GetParameters().Select(parameter => parameter.ParameterType),
                .. method is MethodInfo { ReturnType: { } returned } ? [returned] : Type.EmptyTypes,
            ]));
        IEnumerable<(MemberInfo, Type[])> fields = type.GetFields(All)
            .Where(field => !field.IsPrivate)
            .Select(field => ((MemberInfo)field, new[] { field.FieldType }));
        return methods.Concat(fields);
    }

    static IEnumerable<MemberInfo> UsedBy(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int place = 0; place < code.Length;)
        {
            ushort number = code[place++];
            if (number == 0xFE)
            {
                number = (ushort)(0xFE00 | code[place++]);
            }
            OperandType operand = Instructions[number].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, place), ofType, ofMethod)!;
            }
            place += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, place)),
                _ => 4,
            };
        }
    }
}

/// <summary>One place in the code that names a member or type.</summary>
sealed record Use(Type By, MethodBase In, MemberInfo Used)
{
    /// <summary>The type that is used, or that has the member which is.</summary>
    public Type? Target => Used as Type ?? Used.DeclaringType;

    /// <summary>Such as <c>System.DateTime.get_Now</c>.</summary>
    public string Name => Used is Type type ? type.FullName ?? type.Name : $"{Used.DeclaringType?.FullName}.{Used.Name}";

    /// <summary>Such as <c>Anneal.Torch.Engine.get_Version uses System.DateTime.get_Now</c>.</summary>
    public override string ToString() => $"{By.FullName}.{In.Name} uses {Name}";
}
