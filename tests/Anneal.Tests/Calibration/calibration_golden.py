"""Makes calibration_golden.json: /usr/bin/python3 calibration_golden.py (numpy, scipy, scikit-learn).

ECE and its kin are written from the definitions in Guo et al. 2017, section 2, and Nixon et al. 2019, section 3;
likelihood and Brier score come from scikit-learn and scipy, the temperature from scipy's bounded minimizer.
"""

import json
import os

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.metrics import brier_score_loss, log_loss

N, K, BINS = 240, 4, 15
rng = np.random.default_rng(20170806)


def diagram(confidence, right, edges):
    rows = []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        n = int(inside.sum())
        rows.append((n, confidence[inside].mean() if n else 0.0, right[inside].mean() if n else 0.0))
    return rows


def expected(rows):
    return sum(n * abs(c - a) for n, c, a in rows) / sum(n for n, _, _ in rows)


def measure(z, y, t):
    p = softmax(z / t, axis=1)
    confidence, right = p.max(axis=1), (p.argmax(axis=1) == y).astype(float)
    width = np.arange(BINS + 1) / BINS
    rows = diagram(confidence, right, width)
    ordered = np.sort(confidence)  # all distinct
    mass = [0.0] + [ordered[(N * (b + 1)) // BINS - 1] for b in range(BINS)]
    even = diagram(confidence, right, mass)
    assert [n for n, _, _ in even] == [N // BINS] * BINS
    onehot = np.eye(K)[y]
    brier = sum(brier_score_loss(onehot[:, k], p[:, k]) for k in range(K))
    assert abs(brier - ((p - onehot) ** 2).sum(axis=1).mean()) < 1e-12
    return {
        "temperature": t,
        "counts": [n for n, _, _ in rows],
        "confidences": [c for _, c, _ in rows],
        "accuracies": [a for _, _, a in rows],
        "expected": expected(rows),
        "maximum": max(abs(c - a) for n, c, a in rows if n),
        "root-mean-square": (sum(n * (c - a) ** 2 for n, c, a in rows) / N) ** 0.5,
        "overconfidence": confidence.mean() - right.mean(),
        "equal-mass": expected(even),
        "class-wise": float(np.mean([expected(diagram(p[:, k], onehot[:, k], width)) for k in range(K)])),
        "likelihood": log_loss(y, p, labels=range(K)),
        "brier": brier,
    }


def fitted(z, y):
    def likelihood(log_t):
        return -log_softmax(z / np.exp(log_t), axis=1)[np.arange(len(y)), y].mean()

    found = minimize_scalar(likelihood, bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-10})
    return float(np.exp(found.x)), float(found.fun)


def shrunk(z, y):
    """The likeliest with log T normal about 0, deviation 0.35."""
    def cost(log_t):
        return -log_softmax(z / np.exp(log_t), axis=1)[np.arange(len(y)), y].sum() + log_t**2 / (2 * 0.35**2)

    return float(np.exp(minimize_scalar(cost, bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-10}).x))


truth = rng.normal(size=(N, K))
y = np.array([rng.choice(K, p=row) for row in softmax(truth, axis=1)])
cases = []
for sharpness in (0.4, 1.0, 3.5):
    z = np.round(truth * sharpness + rng.normal(scale=0.2, size=(N, K)), 3).astype(np.float32).astype(np.float64)
    best, likelihood = fitted(z, y)
    cases.append({
        "logits": [round(float(v), 3) for v in z.ravel()],
        "fitted": best,
        "fitted-likelihood": likelihood,
        # Of the first examples alone, and of all.
        "shrunk": {str(n): shrunk(z[:n], y[:n]) for n in (1, 5, 40, N)},
        "measured": [measure(z, y, 1.0), measure(z, y, 2.5)],
    })

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "calibration_golden.json"), "w") as out:
    json.dump({"classes": K, "labels": y.tolist(), "cases": cases}, out)
    out.write("\n")
