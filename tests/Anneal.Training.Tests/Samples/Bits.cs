using Anneal.Torch;
using Anneal.Training.Modules;

namespace Anneal.Training.Tests.Samples;

/// <summary>Tensors as bytes, to compare them bit by bit.</summary>
static class Bits
{
    public static Dictionary<string, string> Of(Module model) => Of(model.State());

    public static Dictionary<string, string> Of(IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.ToDictionary(named => named.Key, named => Of(named.Value));

    static string Of(Tensor tensor)
    {
        byte[] bytes = new byte[tensor.Count * tensor.DType.Size()];
        tensor.CopyBytesTo(bytes);
        return Convert.ToHexString(bytes);
    }
}
