using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>Any operator of libtorch's dispatcher, by name. It is looked up at its first call.</summary>
/// <remarks>Calls go through autograd and autocast like any other caller's.</remarks>
public sealed class Operator
{
    readonly string name;
    readonly string overload;
    nint found;

    /// <summary>An operator by its full name, such as <c>aten::add</c>.</summary>
    /// <param name="name">Namespace and name, such as <c>aten::conv2d</c>.</param>
    /// <param name="overload">The overload's name, such as <c>Tensor</c>; empty for the default one.</param>
    public Operator(string name, string overload = "")
    {
        this.name = name;
        this.overload = overload;
    }

    /// <summary>Calls it and returns its one result, or the first of several.</summary>
    /// <param name="arguments">Arguments by position; those left out at the end take the operator's defaults.</param>
    /// <exception cref="TorchException">libtorch refused the call.</exception>
    public Tensor Invoke(params ReadOnlySpan<Argument> arguments)
    {
        nint result = 0;
        Call(arguments, new Span<nint>(ref result));
        return new Tensor(result);
    }

    /// <summary>Calls it for its effect and drops what it returns.</summary>
    /// <param name="arguments">Arguments by position; those left out at the end take the operator's defaults.</param>
    /// <exception cref="TorchException">libtorch refused the call.</exception>
    public void Run(params ReadOnlySpan<Argument> arguments) => Call(arguments, []);

    /// <summary>Calls it and returns all its results.</summary>
    /// <param name="arguments">Arguments by position; those left out at the end take the operator's defaults.</param>
    /// <exception cref="TorchException">libtorch refused the call, or returned more than 64 tensors.</exception>
    public Tensor[] InvokeAll(params ReadOnlySpan<Argument> arguments)
    {
        Span<nint> results = stackalloc nint[64];
        int count = Call(arguments, results);
        Tensor[] tensors = new Tensor[Math.Min(count, results.Length)];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor(results[i]);
        }
        return count <= results.Length ? tensors : throw new TorchException($"{this} returned {count} tensors; at most 64 can be received.");
    }

    int Call(ReadOnlySpan<Argument> arguments, Span<nint> results)
    {
        try
        {
            if (found == 0)
            {
                found = OperatorCall.Find(name, overload);
            }
            return OperatorCall.Make(found, arguments, results);
        }
        catch (TorchException e)
        {
            throw new TorchException($"{this}({Show(arguments)}): {e.Message}", e) { IsOutOfMemory = e.IsOutOfMemory };
        }
    }

    static string Show(ReadOnlySpan<Argument> arguments)
    {
        string[] shown = new string[arguments.Length];
        for (int i = 0; i < shown.Length; i++)
        {
            shown[i] = arguments[i].ToString();
        }
        return string.Join(", ", shown);
    }

    /// <inheritdoc/>
    public override string ToString() => overload.Length == 0 ? name : $"{name}.{overload}";
}
