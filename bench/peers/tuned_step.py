"""One training step tuned by hand: channels-last, bf16 autocast, gradients set to None, the given threads.

    tuned_step.py --model resnet9|convnet [--batch 128] [--threads N]

The fused variants of torch.optim do not exist for the CPU in 1.13, and foreach is slower there; the plain loop is
PyTorch's best. Freeing memory to the operating system after every step costs much on a CPU, so a tuned script is run
with glibc's thresholds raised, as PyTorch's own tuning guide advises (there by preloading another allocator).
"""

import ctypes

import torch
from torch.nn import functional as F

from measure import options, report, seconds_per_step
from models import ConvNet, ResNet9

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
libc = ctypes.CDLL("libc.so.6")
libc.mallopt(M_TRIM_THRESHOLD, 1 << 30)
libc.mallopt(M_MMAP_THRESHOLD, 1 << 30)

chosen = options(model="resnet9", batch=128)
torch.manual_seed(0)
model = {"resnet9": ResNet9, "convnet": ConvNet}[chosen.model]().to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4, foreach=False)
images = torch.randn(chosen.batch, 1, 28, 28).to(memory_format=torch.channels_last)
labels = torch.randint(0, 10, (chosen.batch,))


def step():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = model(images)
    loss = F.cross_entropy(scores.float(), labels)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


report(f"{chosen.model} tuned", seconds_per_step(step, chosen.seconds))
