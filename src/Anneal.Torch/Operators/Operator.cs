using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>Any operator of libtorch's dispatcher, by name. It is looked up at its first call.</summary>
/// <remarks>Calls go through autograd and autocast like any other caller's.</remarks>
public sealed class Operator
{
    const int MostResults = 64;

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
    /// <exception cref="TorchException">libtorch refused the call, or the first result is no tensor.</exception>
    public Tensor Invoke(params ReadOnlySpan<Argument> arguments)
    {
        nint result = 0;
        Call(arguments, new Span<nint>(ref result));
        return result != 0 ? new Tensor(result) : throw new TorchException($"{this} must return a tensor to be invoked; it returned none. Use Run or InvokeAll.");
    }

    /// <summary>Calls it for its effect and drops what it returns.</summary>
    /// <param name="arguments">Arguments by position; those left out at the end take the operator's defaults.</param>
    /// <exception cref="TorchException">libtorch refused the call.</exception>
    public void Run(params ReadOnlySpan<Argument> arguments) => Call(arguments, []);

    /// <summary>Calls it and returns all its results; null stands for one that the operator left undefined.</summary>
    /// <param name="arguments">Arguments by position; those left out at the end take the operator's defaults.</param>
    /// <exception cref="TorchException">libtorch refused the call, or returned more than 64 tensors.</exception>
    public Tensor?[] InvokeAll(params ReadOnlySpan<Argument> arguments)
    {
        Span<nint> results = stackalloc nint[MostResults];
        int count = Call(arguments, results);
        Tensor?[] tensors = new Tensor?[Math.Min(count, results.Length)];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = results[i] != 0 ? new Tensor(results[i]) : null;
        }
        if (count > MostResults)
        {
            foreach (Tensor? tensor in tensors)
            {
                tensor?.Dispose();
            }
            throw new TorchException($"An operator must return at most {MostResults} tensors. Received: {count} from {this}.");
        }
        return tensors;
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
