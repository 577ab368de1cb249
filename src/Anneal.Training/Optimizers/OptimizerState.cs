using Anneal.Torch;
using Anneal.Training.Modules;

namespace Anneal.Training.Optimizers;

/// <summary>Tensors that an optimizer keeps for each parameter, all zero at the start: of its shape, on its device, in its memory order.</summary>
sealed class OptimizerState : IDisposable
{
    readonly GroupState[] groups;

    /// <summary>State with one tensor a parameter under each name, such as <c>momentum</c>.</summary>
    internal OptimizerState(IReadOnlyList<ParameterGroup> groups, params string[] names)
    {
        HashSet<Parameter> known = [];
        foreach ((string path, Parameter parameter) in groups.SelectMany(group => group.Parameters))
        {
            if (!known.Add(parameter))
            {
                throw new ArgumentException($"Each parameter must be in one group. Received: '{path}' in two.");
            }
        }
        this.groups = [.. groups.Select(group => new GroupState(group, names))];
    }

    /// <summary>The groups, their state in the order and on the device of the parameters as they are now.</summary>
    internal IReadOnlyList<GroupState> Follow()
    {
        foreach (GroupState group in groups)
        {
            group.Follow();
        }
        return groups;
    }

    /// <summary>All tensors by name and path, such as <c>momentum.layer1.weight</c>.</summary>
    internal IReadOnlyList<KeyValuePair<string, Tensor>> Tensors => [.. Follow().SelectMany(group => group.Tensors)];

    public void Dispose()
    {
        foreach (GroupState group in groups)
        {
            group.Dispose();
        }
    }
}

/// <summary>The state of one group.</summary>
sealed class GroupState : IDisposable
{
    readonly string[] names;
    readonly CurrentTensors parameters;
    readonly Tensor?[][] tensors;
    readonly TensorList?[] lists;

    internal GroupState(ParameterGroup group, string[] names)
    {
        this.names = names;
        Group = group;
        parameters = new CurrentTensors([.. group.Parameters.Select(named => (Func<Tensor>)(() => named.Value.Value))]);
        tensors = [.. names.Select(_ => new Tensor?[group.Parameters.Count])];
        lists = new TensorList?[names.Length];
    }

    internal ParameterGroup Group { get; }

    internal TensorList Parameters => parameters.List;

    /// <summary>The tensors under one name, parameter by parameter.</summary>
    internal TensorList this[int name] => lists[name]!;

    internal IEnumerable<KeyValuePair<string, Tensor>> Tensors =>
        names.SelectMany((name, n) => Group.Parameters.Select((named, i) => KeyValuePair.Create($"{name}.{named.Key}", tensors[n][i]!)));

    internal void Follow()
    {
        if (!parameters.Follow())
        {
            return;
        }
        using GradientMode.Restore unrecorded = GradientMode.Off();
        for (int n = 0; n < names.Length; n++)
        {
            for (int i = 0; i < tensors[n].Length; i++)
            {
                Tensor fresh = TensorScope.Release(parameters[i].ZerosLike());
                if (tensors[n][i] is { } before)
                {
                    fresh.CopyFrom(before);
                    before.Dispose();
                }
                tensors[n][i] = fresh;
            }
            lists[n]?.Dispose();
            lists[n] = new TensorList(tensors[n]!);
        }
    }

    public void Dispose()
    {
        parameters.Dispose();
        foreach (TensorList? list in lists)
        {
            list?.Dispose();
        }
        foreach (Tensor? tensor in tensors.SelectMany(named => named))
        {
            tensor?.Dispose();
        }
    }
}
