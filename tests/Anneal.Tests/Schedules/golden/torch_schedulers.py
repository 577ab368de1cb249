"""Writes torch-1.13.txt: the values of PyTorch's schedulers beside the text form that should give the same.

Run: /usr/bin/python3 torch_schedulers.py > torch-1.13.txt   (Debian's python3-torch 1.13)
A block is a line "> text | steps | steps per epoch" and then lines "step value", 17 digits.
"""
import warnings

import torch
from torch.optim import lr_scheduler as schedulers

warnings.filterwarnings("ignore")


def table(text, steps, make, rate=1.0, key="lr", momentum=0.9):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate, momentum=momentum)
    scheduler = make(optimizer)
    print(f"> {text} | {steps} | 10")
    for step in range(steps):
        print(step, repr(float(optimizer.param_groups[0][key])))
        optimizer.step()
        if step < steps - 1:
            scheduler.step()


def one_cycle(**options):
    return lambda optimizer: schedulers.OneCycleLR(optimizer, total_steps=100, **options)


def cyclic(mode, **options):
    return lambda optimizer: schedulers.CyclicLR(optimizer, 0.01, 0.1, step_size_up=8, mode=mode, **options)


def restarts(first, multiply):
    return lambda optimizer: schedulers.CosineAnnealingWarmRestarts(optimizer, first, multiply, eta_min=0.01)


print("# torch", torch.__version__)
table("step(0.1, every=3ep, factor=0.1)", 100, lambda o: schedulers.StepLR(o, 30, 0.1), 0.1)
table("step(0.1, every=7st, factor=0.5)", 60, lambda o: schedulers.StepLR(o, 7, 0.5), 0.1)
table("multi-step(0.1, at=[3ep, 6ep, 9ep], factor=0.2)", 100, lambda o: schedulers.MultiStepLR(o, [30, 60, 90], 0.2), 0.1)
table(f"exponential(from=0.1, to={0.1 * 0.9 ** 80!r})", 80, lambda o: schedulers.ExponentialLR(o, 0.9), 0.1)
table("linear(from=0.025, to=0.1) for 40st", 60, lambda o: schedulers.LinearLR(o, 0.25, 1.0, 40), 0.1)
table("linear(from=0.1, to=0)", 60, lambda o: schedulers.LinearLR(o, 1.0, 0.0, 60), 0.1)
table("polynomial(from=0.1, to=0, power=0.9) for 60st", 70, lambda o: schedulers.PolynomialLR(o, 60, 0.9), 0.1)
table("polynomial(from=0.1, to=0, power=3) for 60st", 70, lambda o: schedulers.PolynomialLR(o, 60, 3), 0.1)
table("cosine(from=0.4, to=0.01)", 100, lambda o: schedulers.CosineAnnealingLR(o, 100, 0.01), 0.4)
table("cosine(from=0.4, to=0)", 97, lambda o: schedulers.CosineAnnealingLR(o, 97, 0), 0.4)
table("restarts(from=0.4, to=0.01, first=10st)", 100, restarts(10, 1), 0.4)
table("restarts(from=0.4, to=0.01, first=10st, multiply=2)", 160, restarts(10, 2), 0.4)
table("restarts(from=0.4, to=0.01, first=2st, multiply=3)", 250, restarts(2, 3), 0.4)
table("triangular(min=0.01, max=0.1, half=8st)", 100, cyclic("triangular"))
table("triangular2(min=0.01, max=0.1, half=8st)", 100, cyclic("triangular2"))
table("exp-range(min=0.01, max=0.1, half=8st, gamma=0.97)", 100, cyclic("exp_range", gamma=0.97))
table("exp-range(min=0.01, max=0.1, half=8st, gamma=0.7, per=cycle)", 100, cyclic("triangular", scale_fn=lambda cycle: 0.7 ** (cycle - 1)))
table("triangular(min=0.95, max=0.85, half=8st)", 100, cyclic("triangular", base_momentum=0.85, max_momentum=0.95), key="momentum")
for shape, strategy in (("cosine", "cos"), ("linear", "linear")):
    for phases in (2, 3):
        tail = f"shape={shape}, phases={phases}"
        options = dict(anneal_strategy=strategy, three_phase=phases == 3)
        table(f"one-cycle(max=0.4, {tail})", 100, one_cycle(max_lr=0.4, **options))
        table(
            f"one-cycle(max=2, up=0.275, start-divisor=10, end-divisor=1000, {tail})",
            100,
            one_cycle(max_lr=2.0, pct_start=0.275, div_factor=10, final_div_factor=100, **options),
        )
        table(f"one-cycle-momentum({tail})", 100, one_cycle(max_lr=0.4, **options), key="momentum")
table(
    "linear(from=0.04, to=0.4) for 20st then cosine(from=0.4, to=0)",
    100,
    lambda o: schedulers.SequentialLR(
        o, [schedulers.LinearLR(o, 0.1, 1.0, 20), schedulers.CosineAnnealingLR(o, 80, 0)], milestones=[20]
    ),
    0.4,
)
