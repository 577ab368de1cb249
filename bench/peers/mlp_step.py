"""One step of an MLP 784-128-10 at batch 32, where calling costs more than computing: the best of what PyTorch offers.

    mlp_step.py [--batch 32]

Tried, each on one and on two threads: the plain script; gradients set to None; the foreach optimizer; the model traced
and frozen into TorchScript; the whole forward pass and loss in one TorchScript function; bf16 autocast.
"""

import torch
from torch.nn import functional as F

from measure import best, options, report
from models import mlp

chosen = options(batch=32)
images = torch.randn(chosen.batch, 1, 28, 28)
labels = torch.randint(0, 10, (chosen.batch,))


class WithLoss(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, images, labels):
        return F.cross_entropy(self.model(images), labels)


def make(compiled=None, foreach=False, set_to_none=True, bf16=False):
    def made():
        torch.manual_seed(0)
        whole = WithLoss(mlp())
        optimizer = torch.optim.SGD(whole.parameters(), lr=0.01, momentum=0.9, foreach=foreach)
        if compiled == "model":
            whole.model = torch.jit.trace(whole.model, images)
        run = torch.jit.trace(whole, (images, labels)) if compiled == "loss" else whole

        def step():
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
                loss = run(images, labels)
            optimizer.zero_grad(set_to_none=set_to_none)
            loss.backward()
            optimizer.step()
            return loss.item()

        return step

    return made


makers = {
    "plain": make(set_to_none=False),
    "set_to_none": make(),
    "foreach": make(foreach=True),
    "traced model": make(compiled="model"),
    "traced model and loss": make(compiled="loss"),
    "traced model and loss, foreach": make(compiled="loss", foreach=True),
    "bf16": make(bf16=True),
}
variants = {f"{name}, {threads} threads": (threads, maker) for name, maker in makers.items() for threads in (1, 2)}
winner, seconds, tried = best(variants, chosen.seconds)
report("mlp best", seconds, variant=winner, tried=tried)
