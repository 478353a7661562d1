"""MoBYv2AL as a learner: choose unlabelled images, train a network by the whole team.

34.1 and 38.2 % on CIFAR-10 with 250 and 500 labels of a pool of 5,000, in 90 s a round on two CPU
cores (seed 0): `labeller simulate PROJECT --initial 250 --budget 250 --cycles 2 --recipe quick`.
The paper reaches 63.1 % with 1,000 labels (Table 2; `--protocol table2`, for a GPU).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from labeller_models.mobyv2 import MoBYv2
from torch import Tensor

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.batches import PoolImages
from labeller.learning.companions import PREFIX, companions_in
from labeller.learning.distributed import Team, this_team
from labeller.learning.moby import contrastive_losses, lowest
from labeller.learning.model import NetworkModel, TrainedModel
from labeller.learning.recipe import Recipe
from labeller.learning.trainer import Trained, TrainingSet, build_network, train
from labeller.pool.rows import Rows
from labeller.selection.strategies import Companion


class MoBYv2AL:
    """Joint contrastive and supervised training (labeller/learning/trainer.py)."""

    def __init__(self, encoder: str, recipe: Recipe) -> None:
        self._encoder, self._recipe = encoder, recipe

    @property
    def wants_previous(self) -> bool:
        return self._recipe.unlabelled == "lowest-loss"

    def fit(
        self,
        data: TrainingSet,
        pool: PoolImages,
        run: Run,
        companions: Sequence[Companion] = (),
        previous: TrainedModel | None = None,
    ) -> NetworkModel:
        if self.wants_previous and isinstance(previous, NetworkModel):
            data = replace(data, unlabelled=self._lowest_loss(data, pool, run, previous))
        trained = train_by_team(pool, data, self._encoder, self._recipe, run, companions)
        return NetworkModel(trained.network, pool, trained.stopped)

    def load(self, state: dict[str, Tensor], pool: PoolImages, classes: int) -> NetworkModel:
        """As `Learner.load`; companions that no strategy knows any more are dropped."""
        recipe = replace(self._recipe, pretrained=False)
        found = companions_in(state)
        known = {each.name for each in found}
        network = build_network(self._encoder, pool.side, classes, recipe, found).network
        network.load_state_dict(
            {
                key: tensor
                for key, tensor in state.items()
                if not key.startswith(PREFIX) or key.split(".")[1] in known
            }
        )
        network.to(pool.device).to(memory_format=torch.channels_last)
        return NetworkModel(network.eval(), pool)

    def _lowest_loss(
        self, data: TrainingSet, pool: PoolImages, run: Run, previous: NetworkModel
    ) -> Tensor:
        """Unlabelled rows of the lowest loss under the previous network (section 4.2)."""
        if not isinstance(previous.network, MoBYv2):
            raise LabellerError(
                "The previous model used a self-supervised method that does not rank "
                "images. Choose 'random' or 'all' unlabelled images."
            )
        losses = contrastive_losses(
            previous.network, pool, data.unlabelled, self._recipe.options.temperature, run
        )
        return lowest(losses, data.unlabelled, len(data.labelled))


@dataclass(frozen=True)
class _Training:
    """Everything a follower needs to take part in a training; it opens the pool by its file."""

    tensors: Path
    device: str
    data: TrainingSet
    encoder: str
    recipe: Recipe
    seed: int
    companions: Sequence[Companion]

    def take_part(self, team: Team) -> None:
        pool = PoolImages(Rows(self.tensors), torch.device(self.device))
        run = Run(self.seed)
        train(pool, self.data, self.encoder, self.recipe, run, team, self.companions)


def train_by_team(
    pool: PoolImages,
    data: TrainingSet,
    encoder: str,
    recipe: Recipe,
    run: Run,
    companions: Sequence[Companion] = (),
) -> Trained:
    """`labeller.learning.trainer.train`, by the whole team if this process leads one."""
    team, device = this_team(), pool.device.type
    if team.size > 1:
        team.check_batch_size(recipe.batch_size)
        team.tell(_Training(pool.file, device, data, encoder, recipe, run.seed, companions))
    return train(pool, data, encoder, recipe, run, team, companions)
