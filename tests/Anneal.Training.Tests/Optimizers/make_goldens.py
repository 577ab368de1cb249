"""Writes goldens.json: parameters after some steps of PyTorch's own optimizers. Run with Debian's python3-torch 1.13."""
import json
import math
import os

import torch

SHAPES = [[3, 2, 3, 3], [7], [5, 4], [1]]
STEPS = 20
KEPT = [1, 2, 20]


def start(k, i):
    return math.cos(0.5 * i + k)


def gradient(step, k, i):
    return math.sin(0.7 * step + 0.3 * i + k)


def rate(step):
    return 0.1 / (1 + 0.2 * step)


def numbers(shape, function):
    count = math.prod(shape)
    return [function(i) for i in range(count)]


def run(make, dtype):
    parameters = [
        torch.nn.Parameter(torch.tensor(numbers(shape, lambda i: start(k, i)), dtype=dtype).reshape(shape))
        for k, shape in enumerate(SHAPES)
    ]
    optimizer = make(parameters)
    kept = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        for k, parameter in enumerate(parameters):
            parameter.grad = torch.tensor(numbers(SHAPES[k], lambda i: gradient(step, k, i)), dtype=dtype).reshape(SHAPES[k])
        optimizer.step()
        if step + 1 in KEPT:
            kept.append([parameter.detach().double().flatten().tolist() for parameter in parameters])
    return kept


CASES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=1),
    "sgd momentum": lambda p: torch.optim.SGD(p, lr=1, momentum=0.9),
    "sgd nesterov": lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, nesterov=True),
    "sgd weight decay": lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, weight_decay=0.05),
    "sgd nesterov weight decay": lambda p: torch.optim.SGD(p, lr=1, momentum=0.8, nesterov=True, weight_decay=0.05),
    "adamw": lambda p: torch.optim.AdamW(p, lr=1, weight_decay=0.05),
    "adamw without decay": lambda p: torch.optim.AdamW(p, lr=1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0),
    "adam with an l2 penalty": lambda p: torch.optim.Adam(p, lr=1, weight_decay=0.05),
}

goldens = {
    "torch": torch.__version__,
    "kept": KEPT,
    "shapes": SHAPES,
    "cases": [
        {"name": name, "float32": run(make, torch.float32), "float64": run(make, torch.float64)} for name, make in CASES.items()
    ],
}
with open(os.path.join(os.path.dirname(__file__), "goldens.json"), "w") as file:
    json.dump(goldens, file)
    file.write("\n")
