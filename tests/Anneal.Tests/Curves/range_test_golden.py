"""Makes range_test_golden.json: /usr/bin/python3 range_test_golden.py (numpy, torch).

The four rules are those of fastai (fastai/callback/schedule.py: valley, steep, minimum, slide), on the losses that its
recorder smooths (beta 0.98, bias power from 1), cut to [N/10 : -5].
"""

import json
import os

import numpy as np
import torch


def valley(lrs, losses):
    n = len(losses)
    max_start, max_end = 0, 0
    lds = [1] * n
    for i in range(1, n):
        for j in range(0, i):
            if (losses[i] < losses[j]) and (lds[i] < lds[j] + 1):
                lds[i] = lds[j] + 1
            if lds[max_end] < lds[i]:
                max_end = i
                max_start = max_end - lds[max_end]
    sections = (max_end - max_start) / 3
    return lrs[max_start + int(sections) + int(sections / 2)].item()


def steep(lrs, losses):
    return lrs[((losses[1:] - losses[:-1]) / (lrs[1:].log() - lrs[:-1].log())).argmin()].item()


def minimum(lrs, losses):
    return lrs[losses.argmin()].item() / 10


def slide(lrs, losses, window=15, threshold=0.005):
    slopes = np.gradient(losses.numpy())
    right = -1
    left = right - window
    found = None
    while left >= -len(losses) and abs(slopes[right] - slopes[left]) > threshold:
        found = lrs[left].item()
        right -= 1
        left -= 1
    # fastai suggests the last one seen also where the window never came to rest, or never moved; we suggest none.
    return found if left >= -len(losses) else None


def cycle_maximum(lrs, losses, reach=3):
    """Ours: a tenth of the rate from which on the running median of seven stays above the first tenth's."""
    medians = np.array([np.median(losses[max(0, i - reach):i + reach + 1]) for i in range(len(losses))])
    return lrs[np.nonzero(medians <= np.median(losses[:10]))[0][-1] + 1] / 10


rng = np.random.default_rng(98)
rates = 1e-7 * (10 / 1e-7) ** (np.arange(100) / 99)
cases = []
for start, floor, centre, noise in ((2.3, 0.3, -2.0, 0.03), (4.6, 3.5, -2.6, 0.1), (2.3, 0.3, -3.5, 0.15)):
    at = np.log10(rates)
    losses = floor + (start - floor) / (1 + np.exp(3 * (at - centre))) + np.exp(2.5 * (at - centre - 2.2))
    losses = np.round(losses + noise * rng.normal(size=100), 6)
    smooth, mean = [], 0.0
    for i, loss in enumerate(losses):
        mean = 0.98 * mean + 0.02 * loss
        smooth.append(mean / (1 - 0.98 ** (i + 1)))
    x, y = torch.tensor(rates[10:-5]), torch.tensor(smooth[10:-5], dtype=torch.float64)
    cases.append({
        "losses": losses.tolist(),
        "smoothed": smooth,
        "valley": valley(x, y),
        "steepest": steep(x, y),
        "minimum": minimum(x, y),
        "slide": slide(x, y),
        "cycle maximum": cycle_maximum(rates, losses),
    })

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "range_test_golden.json"), "w") as out:
    json.dump({"rates": rates.tolist(), "cases": cases}, out)
    out.write("\n")
