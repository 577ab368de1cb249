"""The SGD-momentum step alone, on many small or large tensors: the best of foreach and not, one and two threads.

    sgd_step.py --tensors 62 --elements 180000
"""

import torch

from measure import best, options, report

chosen = options(tensors=62, elements=180000)


def make(foreach):
    def made():
        torch.manual_seed(0)
        parameters = [torch.nn.Parameter(torch.randn(chosen.elements)) for _ in range(chosen.tensors)]
        for parameter in parameters:
            parameter.grad = torch.randn(chosen.elements)
        return torch.optim.SGD(parameters, lr=0.01, momentum=0.9, foreach=foreach).step

    return made


variants = {
    f"{'foreach' if foreach else 'one by one'}, {threads} threads": (threads, make(foreach))
    for foreach in (False, True)
    for threads in (1, 2)
}
winner, seconds, tried = best(variants, chosen.seconds)
report(f"sgd {chosen.tensors} x {chosen.elements}", seconds, variant=winner, tried=tried)
