"""PyTorch's side of the schedule bench: the time of one scheduler.step() with one parameter group, for each scheduler."""

import json
import time
import warnings

import torch
from torch.optim import lr_scheduler as schedulers

STEPS = 20_000


def three_pieces(optimizer):
    return schedulers.SequentialLR(
        optimizer,
        [
            schedulers.LinearLR(optimizer, start_factor=0.01, end_factor=1.0, total_iters=STEPS // 10),
            schedulers.ConstantLR(optimizer, factor=1.0, total_iters=STEPS),
            schedulers.CosineAnnealingLR(optimizer, T_max=STEPS // 2),
        ],
        milestones=[STEPS // 10, STEPS // 2],
    )


# By the names that ours have in ScheduleStep.cs.
KINDS = {
    "constant": lambda o: schedulers.ConstantLR(o, factor=1.0, total_iters=STEPS),
    "linear": lambda o: schedulers.LinearLR(o, start_factor=1.0, end_factor=0.01, total_iters=STEPS),
    "exponential": lambda o: schedulers.ExponentialLR(o, gamma=0.9999),
    "polynomial": lambda o: schedulers.PolynomialLR(o, total_iters=STEPS, power=2.0),
    "cosine": lambda o: schedulers.CosineAnnealingLR(o, T_max=STEPS),
    "step": lambda o: schedulers.StepLR(o, step_size=STEPS // 4),
    "multi-step": lambda o: schedulers.MultiStepLR(o, milestones=[STEPS // 4, STEPS // 2]),
    "restarts": lambda o: schedulers.CosineAnnealingWarmRestarts(o, T_0=STEPS // 31, T_mult=2),
    "triangular": lambda o: schedulers.CyclicLR(o, base_lr=0.01, max_lr=0.1, step_size_up=STEPS // 10, cycle_momentum=False),
    "one-cycle": lambda o: schedulers.OneCycleLR(o, max_lr=0.1, total_steps=STEPS + 1, cycle_momentum=False),
    "three pieces": three_pieces,
}


def nanoseconds(make):
    best = float("inf")
    for _ in range(3):
        weight = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.1)
        scheduler = make(optimizer)
        # An optimizer that has made no step has the scheduler warn.
        optimizer.step()
        started = time.perf_counter()
        for _ in range(STEPS):
            scheduler.step()
        best = min(best, (time.perf_counter() - started) / STEPS)
    return best * 1e9


warnings.simplefilter("ignore")
print(json.dumps({"torch": torch.__version__, "nanoseconds": {kind: nanoseconds(make) for kind, make in KINDS.items()}}))
