"""Writes goldens.json: for each case an operator's inputs, its output and the gradients of its inputs, by PyTorch 1.13 on a CPU.

Run with Debian's python3-torch: python3 make_goldens.py
A case is named by the method of Anneal.Torch.Tensor that it checks, then what is particular to it.
"""
import json
import math
import os

import torch
import torch.nn.functional as F

torch.manual_seed(20)
torch.set_num_threads(1)
NAMES = {
    torch.uint8: "UInt8", torch.int8: "Int8", torch.int16: "Int16", torch.int32: "Int32", torch.int64: "Int64",
    torch.float16: "Float16", torch.float32: "Float32", torch.float64: "Float64", torch.bool: "Boolean", torch.bfloat16: "BFloat16",
}


def written(tensor):
    flat = tensor.detach().contiguous().reshape(-1)
    values = flat.to(torch.float64).tolist()
    if tensor.dtype != torch.float64:
        values = [float(f"{v:.9g}") for v in values]  # enough to name a float32 exactly
    texts = [v if math.isfinite(v) else str(v).replace("inf", "Infinity").replace("nan", "NaN") for v in values]
    return {"type": NAMES[tensor.dtype], "shape": list(tensor.shape), "values": texts}


cases = []


def case(name, run, *inputs, gradient=True):
    """Runs one case. Floating-point inputs record gradients; an operator in place is given clones."""
    inputs = [x.clone() for x in inputs]
    before = [written(x) for x in inputs]
    leaves = [x.requires_grad_() if gradient and x.dtype in (torch.float32, torch.float64) else x for x in inputs]
    output = run(*leaves)
    entry = {"name": name, "inputs": before, "output": written(output)}
    if gradient:
        # Not all ones: an operator that mixes elements up must not pass.
        seed = torch.cos(torch.arange(output.numel(), dtype=torch.float64)).reshape(output.shape).to(output.dtype)
        output.backward(seed)
        entry["seed"] = written(seed)
        entry["gradients"] = [written(x.grad) if x.grad is not None else None for x in leaves]
    cases.append(entry)


def in_place(name, change, *inputs):
    def run(x, *rest):
        change(x, *rest)
        return x
    case(name, run, *inputs, gradient=False)


normal = torch.randn
x = normal(3, 4)
y = normal(3, 4)
row = normal(4)
positive = normal(3, 4).abs() + 0.5
image = normal(2, 4, 4, 3)
indices = torch.tensor([2, 0, 2])

# Creation.
case("Full", lambda: torch.full([2, 3], 1.5), gradient=False)
case("Full/Int64", lambda: torch.full([2, 3], 7, dtype=torch.int64), gradient=False)
case("Full/Boolean", lambda: torch.full([2], True), gradient=False)
case("Full/a single number", lambda: torch.full([], 2.25, dtype=torch.float64), gradient=False)
case("Zeros", lambda: torch.zeros([3], dtype=torch.float16), gradient=False)
case("Ones", lambda: torch.ones([3, 1], dtype=torch.bfloat16), gradient=False)
case("ZerosLike", torch.zeros_like, x, gradient=False)
case("Range", lambda: torch.arange(5), gradient=False)
case("To/Int32", lambda a: a.to(torch.int32), x, gradient=False)
case("To/Float64", lambda a: a.to(torch.float64), x)
case("To/BFloat16", lambda a: a.to(torch.bfloat16), x, gradient=False)
case("To/device and Float16", lambda a: a.to("cpu", torch.float16), x, gradient=False)
case("Clone", lambda a: a.clone(), x)
case("Clone/channels last", lambda a: a.clone(memory_format=torch.channels_last), image)
case("Detach", lambda a: a.detach() * 2, x, gradient=False)
in_place("CopyFrom", lambda a, b: a.copy_(b), x, row)
in_place("CopyFrom/another type", lambda a, b: a.copy_(b), x, torch.tensor([[1], [2], [3]]))
in_place("Fill", lambda a: a.fill_(0.1), x)
in_place("Zero", lambda a: a.zero_(), x)
case("OneHot", lambda i: F.one_hot(i, 4), indices, gradient=False)

# Element by element.
case("op_Addition", lambda a, b: a + b, x, row)
case("op_Addition/number", lambda a: a + 1.5, x)
case("op_Addition/Int64 and number", lambda a: a + 1.5, indices, gradient=False)
case("op_Subtraction", lambda a, b: a - b, x, row)
case("op_Subtraction/number", lambda a: a - 1.5, x)
case("op_UnaryNegation", lambda a: -a, x)
case("op_Multiply", lambda a, b: a * b, x, row)
case("op_Multiply/number", lambda a: a * -2.5, x)
case("op_Division", lambda a, b: a / b, x, positive)
case("op_Division/number", lambda a: a / 3.0, x)
case("op_Division/Int64", lambda a, b: a / b, torch.tensor([7, 8]), torch.tensor([2, 3]), gradient=False)
case("Relu", F.relu, x)
case("ReluInPlace", lambda a: F.relu(a * 1.0, inplace=True), x)
case("Gelu", F.gelu, x)
case("Silu", F.silu, x)
case("Mish", F.mish, x)
case("LeakyRelu", F.leaky_relu, x)
case("LeakyRelu/slope 0.2", lambda a: F.leaky_relu(a, 0.2), x)
case("Sigmoid", torch.sigmoid, x)
case("Tanh", torch.tanh, x)
case("Exp", torch.exp, x)
case("Log", torch.log, positive)
case("Log/of zero and below", torch.log, torch.tensor([0.0, -1.0]), gradient=False)
case("Sqrt", torch.sqrt, positive)
case("Abs", torch.abs, x)
case("Pow", lambda a: a.pow(2.5), positive)
case("Pow/3", lambda a: a.pow(3), x)
case("Clamp", lambda a: a.clamp(-0.5, 0.75), x)
case("Clamp/below", lambda a: a.clamp(min=0.1), x)
case("Clamp/above", lambda a: a.clamp(max=0.1), x)
in_place("ClampInPlace", lambda a: a.clamp_(-0.5, 0.75), x)
in_place("ClampInPlace/above", lambda a: a.clamp_(max=0.1), x)
case("EqualTo", lambda a, b: a == b, indices, torch.tensor([2, 1, 2]), gradient=False)
case("EqualTo/number", lambda a: a == 2, indices, gradient=False)
case("LessThan", lambda a: a < 0.25, x, gradient=False)
case("GreaterThan", lambda a: a > 0.25, x, gradient=False)
case("IsFinite", torch.isfinite, torch.tensor([1.0, math.inf, -math.inf, math.nan]), gradient=False)
case("Where", lambda a, b: torch.where(a > b, a, b), x, y)
case("Dropout/evaluation", lambda a: F.dropout(a, 0.5, training=False), x)
in_place("AddInPlace", lambda a, b: a.add_(b), x, row)
in_place("AddInPlace/scale", lambda a, b: a.add_(b, alpha=-0.5), x, y)
in_place("AddInPlace/Int64", lambda a, b: a.add_(b), indices, torch.tensor([1, 1, 1]))
in_place("AddInPlace/number", lambda a: a.add_(0.5), x)
in_place("MultiplyInPlace", lambda a, b: a.mul_(b), x, row)
in_place("MultiplyInPlace/number", lambda a: a.mul_(0.5), x)
in_place("LerpInPlace", lambda a, b: a.lerp_(b, 0.3), x, y)

# Reductions.
case("Sum", lambda a: a.sum(), x)
case("Sum/Boolean", lambda a: a.sum(), torch.tensor([True, False, True]), gradient=False)
case("Sum/dimensions", lambda a: a.sum([0, 2]), image)
case("Sum/dimensions kept", lambda a: a.sum([1], keepdim=True), x)
case("Mean", lambda a: a.mean(), x)
case("Mean/dimensions", lambda a: a.mean([2, 3]), image)
case("Mean/dimensions kept", lambda a: a.mean([0], keepdim=True), x)
case("Max", lambda a: a.max(), x)
case("Min", lambda a: a.min(), x)
case("ArgMax", lambda a: a.argmax(1), x, gradient=False)
case("ArgMax/last", lambda a: a.argmax(-1), image, gradient=False)
case("StandardDeviation", lambda a: a.std(), x)
case("StandardDeviation/biased", lambda a: a.std(unbiased=False), x)
case("Norm", lambda a: torch.linalg.vector_norm(a), x)
case("All", lambda a: a.all(), torch.tensor([True, True]), gradient=False)
case("All/not", lambda a: a.all(), torch.tensor([True, False]), gradient=False)
case("Softmax", lambda a: a.softmax(1), x * 3)
case("Softmax/first", lambda a: a.softmax(0), x)
case("LogSoftmax", lambda a: a.log_softmax(-1), x * 100)

# Shapes.
case("Reshape", lambda a: a.reshape(2, -1), x)
case("Flatten", lambda a: a.flatten(), x)
case("Flatten/from 1", lambda a: a.flatten(1), image)
case("Flatten/1 to 2", lambda a: a.flatten(1, 2), image)
case("Permute", lambda a: a.permute(0, 2, 3, 1), image)
case("Unsqueeze", lambda a: a.unsqueeze(1), x)
case("Squeeze", lambda a: a.squeeze(), normal(1, 3, 1))
case("Slice", lambda a: a[:, 1:3], x)
case("Slice/step", lambda a: a[0:3:2], x)
case("Select", lambda a: a.select(1, 2), x)
case("Contiguous", lambda a: a.t().contiguous(), x)
case("Contiguous/channels last", lambda a: a.contiguous(memory_format=torch.channels_last), image)
case("Concatenate", lambda a, b: torch.cat([a, b]), x, normal(2, 4))
case("Concatenate/columns", lambda a, b: torch.cat([a, b], 1), x, y)
case("Stack", lambda a, b: torch.stack([a, b]), x, y)
case("Stack/last", lambda a, b: torch.stack([a, b], -1), x, y)
case("Expand", lambda a: a.expand(3, 4), row)
case("Pad", lambda a: F.pad(a, [1, 0, 0, 2]), x)
case("Pad/value", lambda a: F.pad(a, [2, 1], value=-1.5), x)

# Indexing.
case("IndexSelect", lambda a, i: a.index_select(0, i), x, indices)
case("Gather", lambda a, i: a.gather(1, i), x, torch.tensor([[0, 0], [3, 1], [2, 2]]))

# Matrix products.
case("MatMul", torch.matmul, x, normal(4, 2))
case("MatMul/batches", torch.matmul, normal(5, 1, 3, 4), normal(2, 4, 2))
case("MatMul/vectors", torch.matmul, row, normal(4))
case("Linear", F.linear, x, normal(2, 4), normal(2))
case("Linear/no bias", F.linear, image, normal(3, 3))
case("Transpose", lambda a: a.t(), x)

# Convolution, pooling, normalization.
case("Conv2d", F.conv2d, image, normal(3, 4, 3, 3), normal(3))
case("Conv2d/no bias, stride 2, padding 1", lambda a, w: F.conv2d(a, w, None, 2, 1), image, normal(3, 4, 3, 3))
case("Conv2d/groups and dilation", lambda a, w, b: F.conv2d(a, w, b, 1, 2, 2, 2), image, normal(6, 2, 3, 3), normal(6))
case("MaxPool2d", lambda a: F.max_pool2d(a, 2, 2), image)
case("MaxPool2d/overlapping, padding 1", lambda a: F.max_pool2d(a, 3, 2, 1), image)
case("AvgPool2d", lambda a: F.avg_pool2d(a, 2, 2), image)
case("AvgPool2d/padding 1", lambda a: F.avg_pool2d(a, 3, 1, 1), image)
case("AdaptiveAvgPool2d", lambda a: F.adaptive_avg_pool2d(a, (1, 1)), image)
case("AdaptiveAvgPool2d/2 by 3", lambda a: F.adaptive_avg_pool2d(a, (2, 3)), image)
case("GlobalMaxPool2d", lambda a: a.amax([2, 3], keepdim=True), image)
mean, variance = normal(4), normal(4).abs() + 0.5
case("BatchNorm", lambda a, w, b: F.batch_norm(a, mean.clone(), variance.clone(), w, b, True, 0.1, 1e-5), image, normal(4), normal(4))
case("BatchNorm/evaluation", lambda a, w, b: F.batch_norm(a, torch.zeros(4), torch.full([4], 2.0), w, b, False, 0.1, 1e-3), image, normal(4), normal(4))
case("BatchNorm/without weights and buffers", lambda a: F.batch_norm(a, None, None, None, None, True, 0.1, 1e-5), image)


def running(a, m, v):
    F.batch_norm(a, m, v, None, None, True, 0.1, 1e-5)
    return torch.stack([m, v])


case("BatchNorm/updates the buffers", running, image, mean, variance, gradient=False)

# Losses.
target = torch.tensor([1, 0, 3])
case("CrossEntropy", F.cross_entropy, x, target)
case("CrossEntropy/smoothing 0.1", lambda a, t: F.cross_entropy(a, t, label_smoothing=0.1), x, target)
case("CrossEntropy/probabilities", F.cross_entropy, x, y.softmax(1))
case("CrossEntropy/class weights", lambda a, t: F.cross_entropy(a, t, torch.tensor([1.0, 2.0, 0.5, 3.0])), x, target)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "goldens.json"), "w") as file:
    file.write('{"torch":' + json.dumps(torch.__version__) + ',"cases":[\n')
    file.write(",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases))
    file.write("\n]}\n")
print(len(cases), "cases")
