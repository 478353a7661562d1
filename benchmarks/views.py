"""Time for the strong views of a batch with this program, with kornia if installed, and with
torchvision image by image. `python -m benchmarks.views`. All draw separate parameters for each
image."""

import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec

import torch
from torch import Tensor
from torchvision.transforms import v2

from labeller.learning.augment import strong_view

BATCH, SIDE, TIMES = 128, 32, 15


def ours() -> Callable[[Tensor], Tensor]:
    rng = torch.Generator().manual_seed(0)
    return lambda images: strong_view(images, rng)


def torchvisions() -> Callable[[Tensor], Tensor]:
    strong = v2.Compose(
        [
            v2.RandomResizedCrop(SIDE, scale=(0.2, 1), antialias=True),
            v2.RandomHorizontalFlip(),
            v2.RandomApply([v2.ColorJitter(0.4, 0.4, 0.2, 0.1)], 0.8),
            v2.RandomGrayscale(0.2),
            v2.RandomApply([v2.GaussianBlur(3, (0.1, 2.0))], 0.2),
            v2.RandomSolarize(0.5, 0.2),
        ]
    )
    return lambda images: torch.stack([strong(image) for image in images])


def kornias() -> Callable[[Tensor], Tensor]:
    from kornia import augmentation

    return augmentation.AugmentationSequential(
        augmentation.RandomResizedCrop((SIDE, SIDE), scale=(0.2, 1)),
        augmentation.RandomHorizontalFlip(),
        augmentation.ColorJitter(0.4, 0.4, 0.2, 0.1, p=0.8),
        augmentation.RandomGrayscale(p=0.2),
        augmentation.RandomGaussianBlur((3, 3), (0.1, 2.0), p=0.2),
        augmentation.RandomSolarize(0.0, 0.0, p=0.2),
    )


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    images = torch.rand(BATCH, 3, SIDE, SIDE)
    makers = {"ours": ours, "torchvision": torchvisions}
    if find_spec("kornia") is not None:
        makers["kornia"] = kornias
    for name, make in makers.items():
        view = make()
        view(images)
        seconds = []
        for _ in range(TIMES):
            began = time.perf_counter()
            view(images)
            seconds.append(time.perf_counter() - began)
        middle = 1000 * statistics.median(seconds)
        print(f"{name:12} {middle:8.1f} ms  (least {1000 * min(seconds):.1f})")


if __name__ == "__main__":
    main()
