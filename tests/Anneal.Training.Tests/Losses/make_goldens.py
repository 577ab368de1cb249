"""Writes goldens.json: PyTorch's own cross-entropy and its gradient. Run with Debian's python3-torch 1.13."""
import json
import math
import os

import torch

CLASSES = 4
logits = torch.tensor([[2 * math.sin(1.3 * i + 0.7 * j) for j in range(CLASSES)] for i in range(6)], dtype=torch.float32)
indices = torch.tensor([0, 3, 1, 1, 2, 0])
raw = torch.tensor([[1 + math.cos(0.9 * i - 1.1 * j) for j in range(CLASSES)] for i in range(6)], dtype=torch.float32)
soft = raw / raw.sum(1, keepdim=True)
weights = [0.5, 1.0, 2.0, 0.25]

cases = []
for target in ("indices", "probabilities"):
    for smoothing in (0.0, 0.1, 0.4):
        for weighted in (False, True):
            leaf = logits.clone().requires_grad_()
            loss = torch.nn.functional.cross_entropy(
                leaf,
                indices if target == "indices" else soft,
                weight=torch.tensor(weights) if weighted else None,
                label_smoothing=smoothing,
            )
            loss.backward()
            cases.append({
                "target": target, "smoothing": smoothing, "weighted": weighted,
                "loss": loss.item(), "gradient": leaf.grad.flatten().tolist(),
            })

goldens = {
    "torch": torch.__version__, "logits": logits.flatten().tolist(), "indices": indices.tolist(),
    "probabilities": soft.flatten().tolist(), "weights": weights, "cases": cases,
}
with open(os.path.join(os.path.dirname(__file__), "goldens.json"), "w") as file:
    json.dump(goldens, file)
    file.write("\n")
