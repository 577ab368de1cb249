"""Fashion-MNIST as uint8 tensors, read from Debian's dataset-fashion-mnist."""

import gzip

import numpy
import torch

FOLDER = "/usr/share/datasets/fashion-mnist"
MEAN, DEVIATION = 0.2860, 0.3530


def load(part):
    """Images [n, 28, 28] and labels [n] of "train" or "t10k"."""
    with gzip.open(f"{FOLDER}/{part}-images-idx3-ubyte.gz") as file:
        images = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28).copy()
    with gzip.open(f"{FOLDER}/{part}-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8).astype(numpy.int64)
    return torch.from_numpy(images), torch.from_numpy(labels)
