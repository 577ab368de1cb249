"""Shuffled, cropped, flipped batches of 128 through torchvision and a DataLoader, on one core.

    pipeline.py

The data set is torchvision's FashionMNIST in all but the reading of its files: images become PIL pictures one by one
and pass through the transforms of every tutorial. num_workers=0: the workers would be further cores.
"""

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

import fashion
from measure import options, report, seconds_per_step


class FashionMnist(Dataset):
    def __init__(self, transform):
        self.images, self.labels = fashion.load("train")
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        picture = Image.fromarray(self.images[index].numpy(), mode="L")
        return self.transform(picture), int(self.labels[index])


chosen = options(batch=128)
torch.set_num_threads(chosen.threads or 1)
transform = transforms.Compose(
    [
        transforms.RandomCrop(28, padding=2),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize((fashion.MEAN,), (fashion.DEVIATION,)),
    ]
)
loader = DataLoader(FashionMnist(transform), batch_size=chosen.batch, shuffle=True, drop_last=True)


def batches():
    while True:
        yield from loader


source = batches()
report("pipeline torchvision", seconds_per_step(lambda: next(source), chosen.seconds))
