"""The networks of the benches, as a PyTorch user writes them."""

from torch import nn


def block(inputs, outputs, pool):
    layers = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, *([nn.MaxPool2d(2)] if pool else []))


class ConvNet(nn.Module):
    """Three blocks of convolution, normalization, ReLU and pooling; 29,178 parameters at 16-32-64."""

    def __init__(self, first=16, second=32, third=64):
        super().__init__()
        self.body = nn.Sequential(block(1, first, True), block(first, second, True), block(second, third, True))
        self.head = nn.Linear(third * 3 * 3, 10)

    def forward(self, images):
        return self.head(self.body(images).flatten(1))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.branch = nn.Sequential(block(channels, channels, False), block(channels, channels, False))

    def forward(self, x):
        return x + self.branch(x)


class ResNet9(nn.Module):
    """The nine-layer residual network of DAWNBench, for one channel."""

    def __init__(self, width=32):
        super().__init__()
        self.body = nn.Sequential(
            block(1, width, False),
            block(width, 2 * width, True),
            Residual(2 * width),
            block(2 * width, 4 * width, True),
            block(4 * width, 8 * width, True),
            Residual(8 * width),
            nn.AdaptiveMaxPool2d(1),
            nn.Flatten(),
        )
        self.head = nn.Linear(8 * width, 10)

    def forward(self, images):
        return self.head(self.body(images)) * 0.125


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
