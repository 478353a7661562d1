"""Training the last stages of a pretrained encoder with its head, on labels and unlabelled images.

f_q is the encoder, whose early stages stay as they are: images are the maps that those gave once
(models/labeller_models/cut.py). A labelled batch is trained on the cross-entropy and, with
unlabelled images, on FreeMatch's consistency (Wang et al., ICLR 2023): what is predicted
confidently under a weak view must be predicted under a strong one. MoBYv2AL's contrastive loss
(equations 1 to 4 of the paper) is an option, off by default: it adds nothing beside consistency.
`python -m benchmarks.tuning` measures what each part adds (docs/results.md).
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.mobyv2 import MoBYv2
from labeller_models.registry import mark
from torch import Tensor, nn

from labeller.core.run import Run
from labeller.learning.logistic import Head
from labeller.learning.mobyv2al import network_loss
from labeller.learning.objective import Consistency
from labeller.learning.recipe import key_momentum
from labeller.selection.training import batches, descend, endless, seeded, steps

RATE, HEAD_RATE, HEADS_RATE, DECAY = 5e-4, 1e-2, 1e-3, 1e-2
"""AdamW's learning rates of the stages, of the task head, and of projector and predictor."""
QUEUE, TEMPERATURE, MOMENTUM = 1024, 0.2, 0.99
STAGE = mark("Training the last stages")
FEWEST_STEPS = 10
WARM = 25
"""Steps until consistency counts in full."""


@dataclass(frozen=True)
class Tuning:
    """How the last stages are trained.

    Attributes:
        steps: of the optimiser.
        steps_to_compare: of each fold's, on labels alone.
        labelled, unlabelled: images in a step.
        contrastive: weight of equation (1), λ_c; 0 leaves it out, since beside consistency it adds
            nothing (docs/results.md).
        consistency: weight of the consistency; 0 leaves it out.
        teacher: share of the linear head's scores in the answers that consistency asks for.
        dropped: share of the channels that a strong view leaves out.
        crop: side of the part of a map that a view shows, as a share.
    """

    steps: int = 100
    steps_to_compare: int = 50
    labelled: int = 16
    unlabelled: int = 32
    contrastive: float = 0.0
    consistency: float = 1.0
    teacher: float = 0.5
    dropped: float = 0.4
    crop: float = 0.7

    def labels_alone(self) -> "Tuning":
        """The short training that the linear head is compared with."""
        return replace(self, steps=self.steps_to_compare, contrastive=0.0, consistency=0.0)

    def shortened(self, share: float) -> "Tuning":
        """The same in this share of the steps, at least `FEWEST_STEPS` of each kind."""
        steps, to_compare = (
            min(whole, max(FEWEST_STEPS, int(share * whole)))
            for whole in (self.steps, self.steps_to_compare)
        )
        return replace(self, steps=steps, steps_to_compare=to_compare)


@dataclass(frozen=True)
class Material:
    """The training data.

    Attributes:
        maps: maps of rows (long [N]): float32 [N, views, ...].
        known, labels: labelled rows and their classes from 0, long [N].
        unknown: unlabelled rows, long [M].
        classes: number of classes.
        centre: the mean of the pool's features, float32 [d].
    """

    maps: Callable[[Tensor], Tensor]
    known: Tensor
    labels: Tensor
    unknown: Tensor
    classes: int
    centre: Tensor

    def only(self, kept: Tensor) -> "Material":
        """The same with some of the labels, bool [N]."""
        return Material(
            self.maps, self.known[kept], self.labels[kept], self.unknown, self.classes, self.centre
        )


class LateStages(Encoder):
    """f_q on maps: features less the pool's mean, scaled to length one, float32 [B, d]."""

    def __init__(self, late: nn.Module, centre: Tensor) -> None:
        super().__init__()
        self.late = late.to(memory_format=torch.channels_last)
        self.feature_dim = len(centre)
        self.register_buffer("centre", centre)
        for module in late.modules():
            if isinstance(module, nn.Conv2d) and module.groups > 1:
                # Torch takes longer for these few weights than for all others together.
                module.weight.requires_grad_(False)

    def train(self, mode: bool = True) -> "LateStages":
        """The stages stay in evaluation mode (`CutNetwork.fresh`)."""
        return super().train(False)

    def forward(self, maps: Tensor) -> Tensor:
        if maps.dim() == 4:
            maps = maps.contiguous(memory_format=torch.channels_last)
        return F.normalize(self.late(maps).float() - self.centre, dim=1)


class Views:
    """Random views of maps.

    Args:
        shape: of a map. Two equal sides that follow one another are space; the other is channels.
        crop: as in `Tuning`; only where the stages take maps of any size.
    """

    def __init__(self, shape: tuple[int, ...], crop: float, rng: torch.Generator) -> None:
        self._rng = rng
        pairs = [
            at for at in range(len(shape) - 1) if len(shape) == 3 and shape[at] == shape[at + 1]
        ]
        self._space = pairs[0] + 1 if pairs else 0  # among the dimensions of a batch
        self._channels = 3 if self._space == 1 else 1
        if not pairs:
            self._channels = len(shape)
        self._side = round(crop * shape[self._space - 1]) if self._space == 2 else 0

    def weak(self, maps: Tensor) -> Tensor:
        """One of the views that were read (float32 [B, views, ...]), perhaps mirrored, and a random
        part of it: float32 [B, ...]."""
        count = len(maps)
        chosen = torch.randint(maps.shape[1], (count,), generator=self._rng)
        found = maps[torch.arange(count), chosen]
        if not self._space:
            return found
        if self._side:
            found = self._cropped(found)
        mirrored = torch.rand(count, generator=self._rng) < 0.5
        found[mirrored] = found[mirrored].flip(self._space + 1)
        return found

    def _cropped(self, maps: Tensor) -> Tensor:
        room = maps.shape[2] - self._side + 1
        corners = torch.randint(room, (len(maps), 2), generator=self._rng).tolist()
        side = self._side
        return torch.stack(
            [
                each[:, y : y + side, x : x + side]
                for each, (y, x) in zip(maps, corners, strict=True)
            ]
        )

    def strong(self, maps: Tensor, dropped: float) -> Tensor:
        """A weak view without a share of its channels."""
        weak = self.weak(maps)
        shape = [len(weak)] + [1] * (weak.dim() - 1)
        shape[self._channels] = weak.shape[self._channels]
        kept = torch.rand(shape, generator=self._rng) >= dropped
        return weak * kept.to(weak.device) / (1 - dropped)


def takes_any_side(late: nn.Module, maps: Tensor, crop: float) -> bool:
    """Whether the stages can be shown parts of maps, float32 [B, ...]."""
    if maps.dim() != 4 or maps.shape[2] != maps.shape[3]:
        return False
    side = round(crop * maps.shape[2])
    try:
        with torch.inference_mode():
            late(maps[:1, :, :side, :side])
    except Exception:  # whatever a network says of another size
        return False
    return True


def train_late(
    late: nn.Module,
    head: Head,
    material: Material,
    teacher: Tensor | None,
    tuning: Tuning,
    run: Run,
) -> tuple[nn.Module, Head]:
    """Train a copy of the stages, and the head on them.

    Args:
        late: the stages as they were pretrained, on the device that trains.
        head: fitted to the pretrained features of the same labels, to start from.
        teacher: its scores of the unlabelled images, float32 [M, classes]; not needed for labels
            alone.

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    device = next(late.parameters()).device
    labels = material.labels
    with seeded(run.seed) as rng:
        encoder = LateStages(copy.deepcopy(late), material.centre.to(device))
        network = MoBYv2(encoder, material.classes, QUEUE).to(device).train()
        with torch.no_grad():
            network.head.weight.copy_(head.weight.T)
            network.head.bias.copy_(head.bias)
        optimiser, schedule = _descent(network, tuning.steps)
        sample = material.maps(material.known[:1])
        crop = tuning.crop if takes_any_side(late, sample[:, 0].to(device), tuning.crop) else 1.0
        views = Views(tuple(sample.shape[2:]), crop, rng)
        consistency = Consistency(material.classes, WARM)
        known = endless(torch.arange(len(labels)), min(tuning.labelled, len(labels)), rng)
        learns_more = len(material.unknown) > 0 and (tuning.contrastive or tuning.consistency)
        unknown: Iterator[Tensor] = batches(len(material.unknown), tuning.unlabelled, rng)
        for step in steps(run, STAGE, tuning.steps):
            rows = next(known)
            others = next(unknown) if learns_more else rows[:0]
            seen = material.maps(torch.cat([material.known[rows], material.unknown[others]]))
            strong = views.strong(seen, tuning.dropped).to(device)
            weak = views.weak(seen).to(device)
            loss = torch.zeros((), device=device)
            if tuning.contrastive:
                keys = network.keys(
                    views.weak(seen).to(device), views.strong(seen, tuning.dropped).to(device)
                )
                said = network.queries(weak, strong)
                loss = tuning.contrastive * network_loss(network, said, keys, TEMPERATURE).mean()
            answers = network.head(encoder(strong)).float()
            loss = loss + F.cross_entropy(answers[: len(rows)], labels[rows].to(device))
            if tuning.consistency and learns_more:
                with torch.no_grad():
                    guess = network.head(encoder(weak[len(rows) :])).float().cpu()
                if teacher is not None:
                    guess = guess.lerp(teacher[others], tuning.teacher)
                agreed = consistency.loss(guess, answers[len(rows) :].cpu())
                loss = loss + tuning.consistency * agreed.to(device)
            descend(optimiser, loss)
            schedule.step()
            if tuning.contrastive:
                network.update_keys(key_momentum(MOMENTUM, step, tuning.steps))
                network.enqueue(*keys)
    weight, bias = network.head.weight.detach().T.cpu(), network.head.bias.detach().cpu()
    return encoder.late.eval(), Head(weight.contiguous(), bias)


def _descent(
    network: MoBYv2, count: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    def learnt(*modules: nn.Module) -> list[nn.Parameter]:
        return [p for module in modules for p in module.parameters() if p.requires_grad]

    optimiser = torch.optim.AdamW(
        [
            {"params": learnt(network.encoder), "lr": RATE},
            {"params": learnt(network.head), "lr": HEAD_RATE},
            {"params": learnt(network.projector, network.predictor), "lr": HEADS_RATE},
        ],
        weight_decay=DECAY,
        fused=True,
    )
    return optimiser, torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, count)
