"""One training by all processes of a team: the one that leads hands it to those that follow."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning import trainer
from labeller.learning.batches import PoolImages
from labeller.learning.recipe import Recipe
from labeller.learning.team import Team, joined, this_team
from labeller.learning.trainer import Trained, TrainingSet
from labeller.pool.rows import Rows
from labeller.selection.strategies import Companion


@dataclass(frozen=True)
class _Task:
    """All that a training needs; the pool is opened by its file."""

    tensors: Path
    device: str
    data: TrainingSet
    encoder: str
    recipe: Recipe
    seed: int
    companions: Sequence[Companion]


def train(
    pool: PoolImages,
    data: TrainingSet,
    encoder: str,
    recipe: Recipe,
    run: Run,
    companions: Sequence[Companion] = (),
) -> Trained:
    """`labeller.learning.trainer.train`, by the whole team where this process leads one."""
    team = this_team()
    if team.size > 1:
        team.check_batch_size(recipe.batch_size)
        team.tell(_Task(pool.file, pool.device.type, data, encoder, recipe, run.seed, companions))
    return trainer.train(pool, data, encoder, recipe, run, team, companions)


@contextmanager
def leading() -> Iterator[bool]:
    """Join the team, if torchrun started one; whether this process leads it or is alone.

    In the others all the trainings of the block have been taken part in when it begins, so that
    nothing is left for them to do.
    """
    with joined() as team:
        if not team.leads:
            _follow(team)
            yield False
            return
        try:
            yield True
        except LabellerError:
            team.tell(None)
            raise
        # After any other error the rest may be in the midst of a training: torchrun ends them.
        team.tell(None)


def _follow(team: Team) -> None:
    """Take part in one training after the other, until the process that leads calls it a day."""
    while (task := team.tell(None)) is not None:
        pool = PoolImages(Rows(task.tensors), torch.device(task.device))
        try:
            trainer.train(
                pool, task.data, task.encoder, task.recipe, Run(task.seed), team, task.companions,
            )  # fmt: skip
        except LabellerError:
            continue  # the process that leads has met and reported the same
