"""Makes the labelled curves: python3 make.py --anneal "dotnet .../Anneal.Cli.dll" --seeds 0-6 --out curves.jsonl && gzip -9n curves.jsonl

Trains small networks in ways that are known to be good or bad, a second or two each, on one thread, and writes one line
of JSON a run: the condition, the network, the seed, and the curves, rounded to three or four digits. Needs numpy, scikit-learn
(its digits, as IDX files in --work) and Fashion-MNIST's IDX files (--fashion; 6,000 of its pictures at 14×14).
"""

import argparse
import gzip
import json
import os
import shlex
import shutil
import struct
import subprocess

import numpy as np

MLP = "{name: mlp, hidden: [64]}"
CONV = "{name: convnet, widths: [8, 16]}"
RES = "{name: resnet9, width: 4}"

# Nets and data that a condition is trained on: name -> settings.
DM = {"data": "digits", "model": MLP}
DC = {"data": "digits", "model": CONV}
FM = {"data": "fashion", "model": MLP}
FC = {"data": "fashion", "model": CONV}
FR = {"data": "fashion", "model": RES}
DR = {"data": "digits", "model": RES}
TM = {"data": "cancer", "model": "{name: mlp, hidden: [32]}"}

CONSTANT = "{0}"
ONE_CYCLE = "one-cycle(max={0})"
COSINE = "linear(from=0, to={0}) for 0.05run then cosine(from={0}, to=0)"
LINEAR = "linear(from=0, to={0}) for 0.2run then linear(from={0}, to=0)"
STEP = "constant({0}) for {1}run then constant({2})"


def case(nets, rate, epochs, batch=32, **more):
    return [{**net, "learning-rate": rate, "duration": f"{epochs}ep", "batch-size": batch, **more} for net in nets]


CONDITIONS = {
    # Trained as long as it takes, on a rate that ends at nothing: nothing to change.
    "good-one-cycle": case([DM, DC, DR], ONE_CYCLE.format(0.05), 30) + case([TM], ONE_CYCLE.format(0.01), 30),
    "good-cosine": case([DM, DC], COSINE.format(0.05), 30) + case([TM], COSINE.format(0.01), 30),
    "good-linear": case([DM, DC], LINEAR.format(0.05), 30),
    "good-step-drop": case([DM, DC], STEP.format(0.05, 0.6, 0.005), 30),
    "good-constant": case([DM, DC], CONSTANT.format(0.02), 40),
    "good-one-cycle-few": case([DC], ONE_CYCLE.format(0.1), 30, validation=0.1),
    "good-smoothed": case([DC], COSINE.format(0.05), 30, loss="{name: cross-entropy, smoothing: 0.1}"),
    # Ways to go wrong.
    "rate-too-low": case([DM, DC, FM], CONSTANT.format(0.0003), 10),
    "rate-too-high": case([DM], CONSTANT.format(0.7), 20) + case([FM], CONSTANT.format(0.2), 15) + case([FC], CONSTANT.format(0.6), 15),
    "rate-far-too-high": case([DM, FM], CONSTANT.format(20), 8) + case([DC], CONSTANT.format(200), 8),
    "diverged": case([DM, FM], "linear(from=0.02, to=4)", 12),
    "overfit": case([FM], CONSTANT.format(0.02), 80, data="fashion-few", validation=0.25, model="{name: mlp, hidden: [256]}")
    + case([FC], COSINE.format(0.05), 60, data="fashion-few", validation=0.25),
    "underfit": case([DM], COSINE.format(0.05), 40, model="{name: mlp, hidden: [2]}")
    + case([FM], COSINE.format(0.01), 20, model="{name: mlp, hidden: [2]}")
    + case([FC], COSINE.format(0.02), 20, model="{name: convnet, widths: [2, 2]}"),
    "augmented-too-small": case([FC], COSINE.format(0.02), 40, batch=64, augmentation="[{name: random-crop, padding: 1}, horizontal-flip]"),
    "plateau": case([FM], CONSTANT.format(0.1), 20) + case([FC], CONSTANT.format(0.1), 20),
    "decayed-too-early": case([FM, FC, DM], STEP.format(0.01, 0.08, 0.0001), 25),
    "still-rising-constant": case([FM, FC], CONSTANT.format(0.001), 8) + case([DM], CONSTANT.format(0.002), 10),
    "short-one-cycle": case([FC, FR, FM], ONE_CYCLE.format(0.01), 6, batch=128),
    "short-cosine": case([FC, FM], COSINE.format(0.01), 6, batch=128) + case([DC], COSINE.format(0.01), 5, batch=64),
    "too-short": case([DC, FC], ONE_CYCLE.format(0.05), 2),
    "noisy": case([DM], CONSTANT.format(0.03), 20, batch=2) + case([FC], CONSTANT.format(0.02), 10, batch=4),
    "flat-then-drop": case([DM], CONSTANT.format(0.1), 40, model="{name: mlp, hidden: [32, 32, 32], activation: sigmoid}", initialization="torch-default")
    + case([FM], CONSTANT.format(0.02), 15, model="{name: mlp, hidden: [32, 32, 32], activation: sigmoid}", initialization="torch-default"),
    "labels-shuffled": case([DM, DC], CONSTANT.format(0.02), 40, data="digits-shuffled") + case([FM], COSINE.format(0.05), 25, data="fashion-shuffled"),
    "validation-dip": case([FR], ONE_CYCLE.format(0.5), 25, batch=64, optimizer="{name: sgd, momentum: 0.9, weight-decay: 0.004}", averaging="{name: ema, decay: 0.999}")
    + case([FR], ONE_CYCLE.format(1.0), 25, batch=64, optimizer="{name: sgd, momentum: 0.9, weight-decay: 0.004}"),
}


def save(folder, split, images, labels):
    os.makedirs(folder, exist_ok=True)
    images = np.ascontiguousarray(images, np.uint8)
    labels = np.ascontiguousarray(labels, np.uint8)
    with open(f"{folder}/{split}-images-idx3-ubyte", "wb") as f:
        f.write(struct.pack(">IIII", 0x803, *images.shape) + images.tobytes())
    with open(f"{folder}/{split}-labels-idx1-ubyte", "wb") as f:
        f.write(struct.pack(">II", 0x801, len(labels)) + labels.tobytes())


def make_data(work, fashion):
    from sklearn.datasets import load_breast_cancer, load_digits

    random = np.random.default_rng(0)
    digits = load_digits()
    order = random.permutation(len(digits.target))
    images, labels = (digits.images[order] * 15.9).clip(0, 255), digits.target[order]
    shuffled = labels[:1400].copy()
    random.shuffle(shuffled)
    for name, trained in (("digits", labels[:1400]), ("digits-shuffled", shuffled)):
        save(f"{work}/{name}", "train", images[:1400], trained)
        save(f"{work}/{name}", "t10k", images[1400:], labels[1400:])

    # A table as pictures of 5x6: each column's ranks as bytes.
    cancer = load_breast_cancer()
    order = random.permutation(len(cancer.target))
    ranks = cancer.data.argsort(0).argsort(0)[order].reshape(-1, 5, 6) * 255 / len(order)
    save(f"{work}/cancer", "train", ranks[:450], cancer.target[order][:450])
    save(f"{work}/cancer", "t10k", ranks[450:], cancer.target[order][450:])

    def read(split, kind, offset):
        name = next(n for n in os.listdir(fashion) if n.startswith(split) and kind in n)
        opened = gzip.open if name.endswith(".gz") else open
        with opened(f"{fashion}/{name}", "rb") as f:
            return np.frombuffer(f.read(), np.uint8, offset=offset)

    def halved(split, some):
        return read(split, "images", 16).reshape(-1, 28, 28)[some].reshape(-1, 14, 2, 14, 2).mean((2, 4))

    labels = read("train", "labels", 8)
    order = random.permutation(len(labels))
    test = slice(0, 1000)
    for name, count in (("fashion", 6000), ("fashion-few", 400), ("fashion-shuffled", 6000)):
        some = order[:count]
        trained = labels[some].copy()
        if name.endswith("shuffled"):
            random.shuffle(trained)
        save(f"{work}/{name}", "train", halved("train", some), trained)
        save(f"{work}/{name}", "t10k", halved("t10k", test), read("t10k", "labels", 8)[test])


def rounded(values, digits=4):
    return [v if isinstance(v, str) else float(f"{v:.{digits}g}") for v in values]


def curves(events):
    started = next(e for e in events if e["event"] == "run-started")
    measured = [e for e in events if e["event"] == "evaluated" and e["split"] == "validation"]
    averaged = any(e["averaged"] for e in measured)
    measured = [e for e in measured if e["averaged"] == averaged]
    epochs = [e for e in events if e["event"] == "epoch"]
    steps = [e for e in events if e["event"] == "step"]
    ended = [e for e in events if e["event"] == "run-ended"]
    return {
        "classes": started["classes"],
        "steps": started["steps"],
        "steps-per-epoch": started["steps-per-epoch"],
        "training-examples": started["training-examples"],
        "validation-examples": started["validation-examples"],
        "outcome": ended[-1]["outcome"] if ended else "interrupted",
        "smoothing": steps[-1]["values"].get("label-smoothing", 0) if steps else 0,
        "training-loss": rounded((e["training-loss"] for e in epochs), 3),
        "training-accuracy": rounded(e["training-accuracy"] for e in epochs),
        "validation-epochs": rounded(e["epochs"] for e in measured),
        "validation-loss": rounded((e["loss"] for e in measured), 3),
        "validation-accuracy": rounded(e["accuracy"] for e in measured),
        "step": [e["step"] for e in steps],
        "step-loss": rounded((e["loss"] for e in steps), 3),
        "learning-rate": rounded((e["values"]["learning-rate"] for e in steps), 3),
    }


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--anneal", default="anneal")
    arguments.add_argument("--seeds", default="0-3")
    arguments.add_argument("--out", default="curves.jsonl")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--work", default="/tmp/doctor-corpus")
    arguments.add_argument("--fashion", default="/usr/share/datasets/fashion-mnist")
    given = arguments.parse_args()
    if not os.path.exists(f"{given.work}/digits"):
        make_data(given.work, given.fashion)
    first, last = (int(seed) for seed in given.seeds.split("-"))
    run = f"{given.work}/run-{os.getpid()}"
    recipe = f"{run}.yaml"
    with open(recipe, "w") as f:
        f.write("data: here\nmodel: mlp\n")
    only = [name for name in given.only.split(",") if name]
    with open(given.out, "a") as out:
        for seed in range(first, last + 1):
            for condition, recipes in CONDITIONS.items():
                if only and condition not in only:
                    continue
                for number, settings in enumerate(recipes):
                    settings = {"validation": 0.2, "initialization": "he", "optimizer": "{name: sgd, momentum: 0.9, weight-decay: 5e-4}",
                                "precision": "float32", "log-every": "0.025run", "seed": seed, **settings}
                    settings["data"] = f"{given.work}/{settings['data']}"
                    shutil.rmtree(run, ignore_errors=True)
                    sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
                    done = subprocess.run([*shlex.split(given.anneal), "train", recipe, "-q", "--threads", "1", "--out", run, *sets],
                                          capture_output=True, text=True)
                    if done.returncode not in (0, 4):
                        raise SystemExit(f"{condition}: {done.stderr}")
                    with open(f"{run}/events.jsonl") as f:
                        events = [json.loads(line) for line in f]
                    line = {"condition": condition, "recipe": number, "network": settings["model"].split("name: ")[1].split(",")[0],
                            "data": os.path.basename(settings["data"]), "seed": seed, **curves(events)}
                    out.write(json.dumps(line, separators=(",", ":")) + "\n")
                    out.flush()
    shutil.rmtree(run, ignore_errors=True)
    os.remove(recipe)


if __name__ == "__main__":
    main()
