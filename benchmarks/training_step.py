"""A joint training step: batched views, shared passes and bfloat16 compared with the usual way.

The usual way: torchvision's transforms image by image, and a separate float32 pass for each of the
four views.
"""

import time
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torchvision.transforms import v2

from labeller.learning.batches import PoolImages
from labeller.learning.mobyv2al import contrastive_loss
from labeller.learning.recipe import recipe_named
from labeller.learning.trainer import STAGES, TrainingSet, _Training, build_network

STEPS = 6
RECIPE = recipe_named("quick", batch_size=64)


def seconds_a_step(step: Callable[[], object]) -> float:
    step()
    began = time.perf_counter()
    for _ in range(STEPS):
        step()
    return (time.perf_counter() - began) / STEPS


def usual_way(images: list[Image.Image]) -> Callable[[], None]:
    """One contrastive batch, as in most training scripts."""
    network = build_network("resnet-small", 32, 10, RECIPE).network
    optimiser = torch.optim.SGD(
        [p for p in network.parameters() if p.requires_grad], lr=0.1, momentum=0.9
    )
    to_tensor = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
    weak = v2.Compose([v2.RandomHorizontalFlip(), v2.RandomCrop(32, padding=4), to_tensor])
    strong = v2.Compose(
        [
            v2.RandomResizedCrop(32, scale=(0.2, 1)),
            v2.RandomHorizontalFlip(),
            v2.RandomApply([v2.ColorJitter(0.4, 0.4, 0.2, 0.1)], 0.8),
            v2.RandomGrayscale(0.2),
            v2.RandomApply([v2.GaussianBlur(3, (0.1, 2.0))], 0.2),
            v2.RandomSolarize(128, 0.2),
            to_tensor,
        ]
    )

    def unit(vectors: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.normalize(vectors, dim=1)

    def query(batch: torch.Tensor) -> torch.Tensor:
        return unit(network.predictor(network.projector(network.encoder(batch))))

    @torch.no_grad()
    def key(batch: torch.Tensor) -> torch.Tensor:
        return unit(network.key_projector(network.key_encoder(batch)))

    def step() -> None:
        views = [torch.stack([view(i) for i in images]) for view in (weak, strong, weak, strong)]
        keys = key(views[2]), key(views[3])
        loss = contrastive_loss(
            query(views[0]), query(views[1]), *keys,
            network.weak_queue.keys, network.strong_queue.keys, 0.2,
        ).mean()  # fmt: skip
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        network.update_keys(0.99)
        network.enqueue(*keys)

    return step


def main() -> None:
    rng = np.random.default_rng(0)
    tensors = rng.integers(0, 255, (1000, 32, 32, 3), dtype=np.uint8)
    rows, none = torch.arange(1000), torch.arange(0)
    data = TrainingSet(rows[:100], rows[:100] % 10, rows[100:], none, none, 10)
    training = _Training(PoolImages(tensors, torch.device("cpu")), data, "resnet-small", RECIPE, 0)
    training.begin_epoch(STAGES["joint"][0], 0)
    ours = seconds_a_step(lambda: training._contrast(next(training.unlabelled), None))
    peer = seconds_a_step(usual_way([Image.fromarray(t) for t in tensors[:64]]))
    print("An unlabelled step, batch 64        images/s   ratio")
    print(f"  labeller                          {64 / ours:8.0f}")
    print(f"  image by image, float32, 4 passes {64 / peer:8.0f} {peer / ours:7.1f}")


if __name__ == "__main__":
    main()
