"""Writes torch-1.13-plateau.txt: a metric after each epoch, and the rate that PyTorch's ReduceLROnPlateau makes of it.

Run: /usr/bin/python3 torch_plateau.py > torch-1.13-plateau.txt   (Debian's python3-torch 1.13)
A block is a line "> text" and then lines "metric rate", 17 digits; the rate is the one after the metric was seen.
"""
import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau


def metrics(start, fall, noise, count=120):
    """Falling, then flat with noise; a linear congruential generator, so that every machine writes the same file."""
    state = 12345
    for epoch in range(count):
        state = (1103515245 * state + 12345) % 2**31
        yield max(start - fall * epoch, start / 4) + noise * (state / 2**31 - 0.5)


def table(text, values, rate=0.1, **options):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler = ReduceLROnPlateau(optimizer, eps=0, **options)
    print(">", text)
    for value in values:
        scheduler.step(value)
        print(repr(value), repr(float(optimizer.param_groups[0]["lr"])))


print("# torch", torch.__version__)
loss = list(metrics(2.0, 0.05, 0.2))
accuracy = [1 - value / 3 for value in loss]
table("plateau(0.1)", loss)
table("plateau(0.1, factor=0.5, patience=3)", loss, factor=0.5, patience=3)
table("plateau(0.1, factor=0.5, patience=2, cooldown=4)", loss, factor=0.5, patience=2, cooldown=4)
table("plateau(0.1, factor=0.5, patience=0, floor=0.01)", loss, factor=0.5, patience=0, min_lr=0.01)
table("plateau(0.1, factor=0.3, patience=2, threshold=0.05)", loss, factor=0.3, patience=2, threshold=0.05)
table("plateau(0.1, factor=0.3, patience=2, threshold=0.05, threshold-kind=absolute)", loss, factor=0.3, patience=2, threshold=0.05, threshold_mode="abs")
table("plateau(0.1, factor=0.5, patience=3, metric=training-loss)", loss, factor=0.5, patience=3)
table("plateau(0.1, factor=0.5, patience=3, metric=validation-accuracy)", accuracy, factor=0.5, patience=3, mode="max")
table(
    "plateau(0.1, factor=0.5, patience=1, cooldown=2, threshold=0.02, threshold-kind=absolute, metric=validation-accuracy)",
    accuracy, factor=0.5, patience=1, cooldown=2, threshold=0.02, threshold_mode="abs", mode="max",
)
table("plateau(0.1, factor=0.5, patience=1)", [1.0, float("nan"), float("nan"), 0.5, float("inf"), 0.4], factor=0.5, patience=1)
