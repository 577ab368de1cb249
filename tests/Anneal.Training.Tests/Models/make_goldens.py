#!/usr/bin/python3
"""Makes torchvision.txt and goldens.json with Debian's torch 1.13 and torchvision 0.14. Run in this folder.

Numbers that both sides need come from noise(), which Noise.cs repeats.
"""
import json

import numpy
import torch
import torchvision


def noise(count, key):
    """Numbers evenly spread over -1 to 1, from a multiplicative hash of their place."""
    places = numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(key * 1000003 + 1)
    mixed = (places * numpy.uint64(2654435761)) % numpy.uint64(1 << 32)
    mixed = mixed ^ (mixed >> numpy.uint64(15))
    mixed = (mixed * numpy.uint64(2246822519)) % numpy.uint64(1 << 32)
    return mixed.astype(numpy.float64) / 2**31 - 1


def tensor(shape, key, scale=1.0, shift=0.0):
    count = int(numpy.prod(shape))
    return torch.tensor((noise(count, key) * scale + shift).astype(numpy.float32).reshape(shape))


def fill(model):
    with torch.no_grad():
        for key, (name, value) in enumerate(sorted(model.state_dict().items())):
            shape = list(value.shape)
            if name.endswith("num_batches_tracked"):
                value.zero_()
            elif name.endswith("running_var"):
                value.copy_(tensor(shape, key, 0.5, 1))
            elif len(shape) == 1:
                # Scales near 1, everything else near 0.
                value.copy_(tensor(shape, key, 0.1, 1 if name.endswith("weight") else 0))
            else:
                value.copy_(tensor(shape, key, (6 / numpy.prod(shape[1:])) ** 0.5))


lines = []
outputs = {}
for name in ("resnet18", "resnet34", "resnet50"):
    build = getattr(torchvision.models, name)
    for path, value in build(num_classes=10).state_dict().items():
        lines.append(f"{name} {path} [{', '.join(str(size) for size in value.shape)}]")
    model = build(num_classes=10)
    fill(model)
    model.eval()
    with torch.no_grad():
        outputs[name] = model(tensor([2, 3, 32, 32], 999)).flatten().double().tolist()
open("torchvision.txt", "w").write("\n".join(lines) + "\n")

norm = torch.nn.BatchNorm2d(3, eps=1e-3, momentum=0.2)
fill(norm)
steps = []
for step in range(3):
    values = norm(tensor([4, 3, 2, 2], 100 + step, 2 + step, 0.5 * step))
    steps.append(values.detach().flatten().double().tolist())
state = {name: value.flatten().double().tolist() for name, value in norm.state_dict().items()}
norm.eval()
evaluated = norm(tensor([4, 3, 2, 2], 200, 2)).detach().flatten().double().tolist()
norms = {"training": steps, "state": state, "evaluated": evaluated}

json.dump({"outputs": outputs, "batch-norm": norms}, open("goldens.json", "w"), indent=0)
