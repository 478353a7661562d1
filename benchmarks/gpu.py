"""Speed and accuracy of training on an accelerator, in ten minutes at most. Needs torch,
torchvision, timm and the weights of the encoder, but neither a window nor a database.

    python -m benchmarks.gpu CIFAR10.zip [--tiny]

CIFAR10.zip contains train/CLASS/*.jpg and test/CLASS/*.jpg. First the pretrained encoder is trained
with 250 and 1,000 random labels, once its last stages and once the whole network; then the first
cycle of the paper's Table 2 is run (ResNet-18, 1,000 labels, recipe `paper`, seed 0), and further
cycles while time remains. `--tiny` tries everything with a few images and steps, on any computer.
"""

import argparse
import io
import time
import zipfile
from dataclasses import replace

import numpy as np
import torch
from labeller_models.cut import CutNetwork
from PIL import Image
from torch import Tensor

from labeller.core.run import Run
from labeller.learning import frozen_features
from labeller.learning.batches import PoolImages
from labeller.learning.device import choose_device
from labeller.learning.fine_tuning import TUNING, FineTuning
from labeller.learning.model import evaluate
from labeller.learning.recipe import QUICK, recipe_named
from labeller.learning.trainer import TrainingSet, train

LIMIT = 540.0
"""Seconds after which no further cycle is started."""
ENCODER = "efficientnet-lite0"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images")
    parser.add_argument("--tiny", action="store_true")
    asked = parser.parse_args()
    began, device = time.perf_counter(), choose_device()
    each, held_out = (30, 10) if asked.tiny else (5000, 1000)
    pixels, labels = _read(asked.images, each, held_out)
    pool, count = PoolImages(pixels, device), 10 * each
    print(f"{device}: {count} images read in {time.perf_counter() - began:.0f} s", flush=True)
    frozen_features.MAPS_IN_MEMORY = 64 << 30
    for some in (20, 40) if asked.tiny else (250, 1000):
        for stages in (None, 99):
            _fine_tune(pool, labels, count, some, stages, asked.tiny)
    recipe = recipe_named("paper", **({"epochs": 1, "batch_size": 8} if asked.tiny else {}))
    for some in (20,) if asked.tiny else (1000, 2000, 3000):
        if time.perf_counter() - began > LIMIT * min(1.0, 1000 / some):
            break
        data = _split(labels, count, some, as_many=True)
        started, steps = time.perf_counter(), 0

        def count_steps(_: object) -> None:
            nonlocal steps
            steps += 1

        trained = train(pool, data, "resnet18", recipe, Run(0, count_steps))
        seconds = time.perf_counter() - started
        right = evaluate(trained.network, pool, data.test, data.test_labels).accuracy
        print(
            f"paper, {some} labels: {right:.2%} in {seconds:.0f} s, {steps / seconds:.1f} steps a "
            "second, of two batches each",
            flush=True,
        )


def _fine_tune(
    pool: PoolImages, labels: Tensor, count: int, some: int, stages: int | None, tiny: bool
) -> None:
    """Fine-tune a pretrained encoder once; `stages` is that of `CutNetwork`."""
    data = _split(labels, count, some, most=60 if tiny else 5000)
    tuning = replace(TUNING, steps=2, steps_to_compare=1) if tiny else TUNING
    began = time.perf_counter()

    class Learner(FineTuning):
        def features_of(self, pool: PoolImages) -> frozen_features.FrozenFeatures:
            features = super().features_of(pool)
            if stages is not None:
                features.encoder.__dict__["halves"] = CutNetwork(features.encoder.network, stages)
            return features

    model = Learner(ENCODER, QUICK, tuning).fit(data, pool, Run(0))
    seconds = time.perf_counter() - began
    some_test = data.test[: 20 if tiny else 2000]
    right = model.accuracy(some_test, data.test_labels[: len(some_test)], Run(0)).accuracy
    what = "last stages" if stages is None else "whole network"
    print(
        f"{what}, {some} labels: {right:.2%}, {type(model).__name__}, {seconds:.0f} s", flush=True
    )


def _split(
    labels: Tensor, count: int, some: int, most: int | None = None, as_many: bool = False
) -> TrainingSet:
    """`some` random labels, and unlabelled images: all, at most `most`, or as many as labels."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    known, unknown = order[:some], order[some:][: some if as_many else most]
    test = torch.arange(count, len(labels))
    return TrainingSet(known, labels[known], unknown, test, labels[test], 10)


def _read(path: str, each: int, held_out: int) -> tuple[np.ndarray, Tensor]:
    """Pixels, uint8 [N, 32, 32, 3], and class indices: `each` training images per class, then
    `held_out` test images per class."""
    pixels, labels = [], []
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        classes = sorted({name.split("/")[-2] for name in names})
        for split, most in (("train", each), ("test", held_out)):
            for number, one in enumerate(classes):
                for name in [n for n in names if f"{split}/{one}/" in n][:most]:
                    picture = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
                    pixels.append(np.asarray(picture))
                    labels.append(number)
    return np.stack(pixels), torch.tensor(labels)


if __name__ == "__main__":
    main()
