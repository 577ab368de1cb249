"""One training step as the tutorials write it: fp32, default layout, torch.optim.SGD.

    plain_step.py --model resnet9|convnet [--batch 128] [--threads N]

Without --threads it runs on as many as PyTorch chooses. (PyTorch 1.13 halves the number of cores on x86, taking half
of them for hyperthreads: one thread on a machine with two cores.)
"""

import torch
from torch.nn import functional as F

from measure import options, report, seconds_per_step
from models import ConvNet, ResNet9

chosen = options(model="resnet9", batch=128)
torch.manual_seed(0)
model = {"resnet9": ResNet9, "convnet": ConvNet}[chosen.model]()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
images = torch.randn(chosen.batch, 1, 28, 28)
labels = torch.randint(0, 10, (chosen.batch,))


def step():
    loss = F.cross_entropy(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


report(f"{chosen.model} plain", seconds_per_step(step, chosen.seconds))
