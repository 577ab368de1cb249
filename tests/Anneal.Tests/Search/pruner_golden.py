"""Makes pruner_golden.json: /usr/bin/python3 pruner_golden.py (optuna 3.1, numpy).

Simulated studies, three trials at a time: each line is one report [trial, step, value, whether Optuna ends the trial].
A value that is not a number is written as null.
"""

import json
import math
import os

import numpy as np
import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
STEPS = 16


def simulate(pruner, direction, seed):
    rng = np.random.default_rng(seed)
    study = optuna.create_study(direction=direction, pruner=pruner, sampler=optuna.samplers.RandomSampler(seed=0))
    sign = 1 if direction == "maximize" else -1
    reports, running, started = [], [], 0
    while started < 24 or running:
        while started < 24 and len(running) < 3:
            running.append([study.ask(), 0, rng.uniform(0.3, 0.9), rng.uniform(2, 8)])
            started += 1
        at = int(rng.integers(len(running)))
        trial, step, height, slowness = running[at]
        step += 1
        value = float(np.round(sign * (height * (1 - math.exp(-step / slowness)) + rng.normal(scale=0.02)), 3))
        if rng.random() < 0.01:
            value = math.nan
        trial.report(value, step)
        ended = bool(trial.should_prune())
        reports.append([trial.number + 1, step, None if math.isnan(value) else value, ended])
        if ended:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            del running[at]
        elif step == STEPS:
            study.tell(trial, 0.0 if math.isnan(value) else value)
            del running[at]
        else:
            running[at][1] = step
    return reports


cases = []
for direction in ("maximize", "minimize"):
    for startup, warmup in ((1, 0), (5, 3)):
        cases.append({
            "pruner": "median", "direction": direction, "startup": startup, "warmup": warmup,
            "reports": simulate(optuna.pruners.MedianPruner(n_startup_trials=startup, n_warmup_steps=warmup), direction, len(cases)),
        })
    for first, factor in ((1, 2), (2, 4), (1, 3)):
        cases.append({
            "pruner": "halving", "direction": direction, "first": first, "factor": factor,
            "reports": simulate(optuna.pruners.SuccessiveHalvingPruner(min_resource=first, reduction_factor=factor), direction, len(cases)),
        })

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pruner_golden.json"), "w") as out:
    json.dump(cases, out)
    out.write("\n")
