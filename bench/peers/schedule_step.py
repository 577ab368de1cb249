"""PyTorch's side of the schedule bench: the time of one scheduler.step() with one parameter group, for each scheduler."""

import json
import time
import warnings

import torch
from torch.optim import lr_scheduler as schedulers

from measure import options

STEPS = 20_000


def made(kind, optimizer):
    if kind == "constant":
        return schedulers.ConstantLR(optimizer, factor=1.0, total_iters=STEPS)
    if kind == "linear":
        return schedulers.LinearLR(optimizer, start_factor=1.0, end_factor=0.01, total_iters=STEPS)
    if kind == "exponential":
        return schedulers.ExponentialLR(optimizer, gamma=0.9999)
    if kind == "polynomial":
        return schedulers.PolynomialLR(optimizer, total_iters=STEPS, power=2.0)
    if kind == "cosine":
        return schedulers.CosineAnnealingLR(optimizer, T_max=STEPS)
    if kind == "step":
        return schedulers.StepLR(optimizer, step_size=STEPS // 4)
    if kind == "multi-step":
        return schedulers.MultiStepLR(optimizer, milestones=[STEPS // 4, STEPS // 2])
    if kind == "restarts":
        return schedulers.CosineAnnealingWarmRestarts(optimizer, T_0=STEPS // 31, T_mult=2)
    if kind == "triangular":
        return schedulers.CyclicLR(optimizer, base_lr=0.01, max_lr=0.1, step_size_up=STEPS // 10, cycle_momentum=False)
    if kind == "one-cycle":
        return schedulers.OneCycleLR(optimizer, max_lr=0.1, total_steps=STEPS + 1, cycle_momentum=False)
    if kind == "three pieces":
        return schedulers.SequentialLR(
            optimizer,
            [
                schedulers.LinearLR(optimizer, start_factor=0.01, end_factor=1.0, total_iters=STEPS // 10),
                schedulers.ConstantLR(optimizer, factor=1.0, total_iters=STEPS),
                schedulers.CosineAnnealingLR(optimizer, T_max=STEPS // 2),
            ],
            milestones=[STEPS // 10, STEPS // 2],
        )
    raise ValueError(kind)


def main():
    options()
    warnings.simplefilter("ignore")
    kinds = [
        "constant", "linear", "exponential", "polynomial", "cosine", "step", "multi-step", "restarts", "triangular",
        "one-cycle", "three pieces",
    ]
    nanoseconds = {}
    for kind in kinds:
        best = float("inf")
        for _ in range(3):
            weight = torch.zeros(1, requires_grad=True)
            optimizer = torch.optim.SGD([weight], lr=0.1)
            scheduler = made(kind, optimizer)
            # An optimizer that has made no step has the scheduler warn.
            optimizer.step()
            started = time.perf_counter()
            for _ in range(STEPS):
                scheduler.step()
            best = min(best, (time.perf_counter() - started) / STEPS)
        nanoseconds[kind] = best * 1e9
    print(json.dumps({"torch": torch.__version__, "nanoseconds": nanoseconds}))


main()
