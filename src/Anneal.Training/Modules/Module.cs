using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>A part of a model: a function of a tensor with parameters of its own, made of smaller parts.</summary>
/// <remarks>
/// A module of your own registers its parts in its constructor with <see cref="Add{T}"/>, <see cref="AddParameter"/> and
/// <see cref="AddBuffer"/>, and computes in <see cref="Compute"/>. Paths such as <c>layer1.0.conv1.weight</c> follow from the names.
/// </remarks>
public abstract class Module : IDisposable
{
    readonly List<KeyValuePair<string, Parameter>> parameters = [];
    readonly List<KeyValuePair<string, ModelBuffer>> buffers = [];
    readonly List<KeyValuePair<string, Module>> children = [];
    Action<Module, Tensor, Tensor>? observer;

    /// <summary>Whether it behaves as in training: dropout drops, normalization uses the batch's statistics. A frozen part never does.</summary>
    public bool IsTraining => Mode && !IsFrozen;

    /// <summary>Whether all parameters and buffers of its own stay as they are, as a rate factor of 0 asks.</summary>
    public bool IsFrozen { get; internal set; }

    /// <summary>What <see cref="Train(bool)"/> asked for.</summary>
    internal bool Mode { get; private set; } = true;

    /// <summary>Whether a watcher is shown what it computes; see <see cref="Observe"/>.</summary>
    protected bool IsObserved => observer is not null;

    /// <summary>The direct parts by name, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> Children => children;

    /// <summary>The module's own parameters by name, without its parts'.</summary>
    public IReadOnlyList<KeyValuePair<string, Parameter>> OwnParameters => parameters;

    /// <summary>The module's own buffers by name, without its parts'.</summary>
    public IReadOnlyList<KeyValuePair<string, ModelBuffer>> OwnBuffers => buffers;

    /// <summary>Multiply–adds of the module's own computation for one call; 0 where they do not count.</summary>
    /// <param name="inputShape">Shape of the input.</param>
    /// <param name="outputShape">Shape of the output.</param>
    public virtual long MultiplyAdds(long[] inputShape, long[] outputShape) => 0;

    /// <summary>The function: shapes are the module's to say.</summary>
    public Tensor Forward(Tensor input)
    {
        Tensor output = Compute(input);
        observer?.Invoke(this, input, output);
        return output;
    }

    /// <summary>The computation behind <see cref="Forward"/>.</summary>
    protected abstract Tensor Compute(Tensor input);

    /// <summary>All parameters by path, in the model's order.</summary>
    public IEnumerable<KeyValuePair<string, Parameter>> Parameters() =>
        Modules().SelectMany(part => part.Value.parameters.Select(own => KeyValuePair.Create(Join(part.Key, own.Key), own.Value)));

    /// <summary>All buffers by path, in the model's order.</summary>
    public IEnumerable<KeyValuePair<string, ModelBuffer>> Buffers() =>
        Modules().SelectMany(part => part.Value.buffers.Select(own => KeyValuePair.Create(Join(part.Key, own.Key), own.Value)));

    /// <summary>Parameters and buffers by path: what a file of weights holds.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State() =>
        Parameters().Select(named => KeyValuePair.Create(named.Key, named.Value.Value))
            .Concat(Buffers().Select(named => KeyValuePair.Create(named.Key, named.Value.Value)));

    /// <summary>This module (path "") and all its parts by path, outer before inner.</summary>
    public IEnumerable<KeyValuePair<string, Module>> Modules()
    {
        yield return KeyValuePair.Create("", this);
        foreach ((string name, Module child) in children)
        {
            foreach ((string path, Module part) in child.Modules())
            {
                yield return KeyValuePair.Create(Join(name, path), part);
            }
        }
    }

    /// <summary>Makes it and all its parts behave as in training, or as in evaluation.</summary>
    public void Train(bool training = true)
    {
        foreach ((_, Module part) in Modules())
        {
            part.Mode = training;
        }
    }

    /// <summary>Makes some of the parts behave as in training, and the others as in evaluation.</summary>
    internal void Train(Func<Module, bool> training)
    {
        foreach ((_, Module part) in Modules())
        {
            part.Mode = training(part);
        }
    }

    /// <summary>Moves all parameters and buffers to a device, and image kernels to a memory layout.</summary>
    public void To(Device device, MemoryFormat layout)
    {
        Tensor Moved(Tensor value)
        {
            using TensorScope scope = new();
            Tensor there = value.Detach().To(device);
            return TensorScope.Release((value.Rank == 4 ? there.Contiguous(layout) : there).Clone());
        }
        foreach ((_, Parameter parameter) in Parameters())
        {
            parameter.Value = Moved(parameter.Value);
        }
        foreach ((_, ModelBuffer buffer) in Buffers())
        {
            buffer.Value = Moved(buffer.Value);
        }
    }

    /// <summary>Shows a watcher what each part computes: the part, its input and its output. Null stops it.</summary>
    public void Observe(Action<Module, Tensor, Tensor>? watcher)
    {
        foreach ((_, Module part) in Modules())
        {
            part.observer = watcher;
        }
    }

    /// <summary>Registers a part and returns it.</summary>
    protected T Add<T>(string name, T part) where T : Module
    {
        children.Add(KeyValuePair.Create<string, Module>(name, part));
        return part;
    }

    /// <summary>Registers a parameter and returns it.</summary>
    protected Parameter AddParameter(string name, ParameterRole role, Tensor value)
    {
        Parameter parameter = new(value, role);
        parameters.Add(KeyValuePair.Create(name, parameter));
        return parameter;
    }

    /// <summary>Registers a buffer and returns it.</summary>
    protected ModelBuffer AddBuffer(string name, Tensor value)
    {
        ModelBuffer buffer = new(value);
        buffers.Add(KeyValuePair.Create(name, buffer));
        return buffer;
    }

    /// <summary>Releases all tensors of it and its parts.</summary>
    public void Dispose()
    {
        foreach ((_, Tensor tensor) in State().ToArray())
        {
            tensor.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";
}
