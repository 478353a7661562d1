"""A training loop for small networks while somebody waits: companions, VAAL and graph networks
differ only in their losses."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from labeller.core.run import Progress, Run


@contextmanager
def seeded(seed: int) -> Iterator[torch.Generator]:
    """A block with its own random numbers and with gradients, whatever is set outside.

    Yields:
        A generator with the same seed, for draws that should not depend on torch's global state.
    """
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        yield torch.Generator().manual_seed(seed)


def endless(rows: Tensor, batch_size: int, rng: torch.Generator) -> Iterator[Tensor]:
    """Full batches of `rows` (long) in random order, reshuffled whenever all have been used."""
    waiting = rows[:0]
    while True:
        while len(waiting) < batch_size:
            order = torch.randperm(len(rows), generator=rng, device=rng.device)
            waiting = torch.cat([waiting, rows[order]])
        yield waiting[:batch_size]
        waiting = waiting[batch_size:]


def batches(count: int, batch_size: int, rng: torch.Generator) -> Iterator[Tensor]:
    """`endless` batches of the places 0 to `count` − 1, each of at most `count` places."""
    return endless(torch.arange(count), min(batch_size, count), rng)


def steps(run: Run, stage: str, count: int) -> Iterator[int]:
    """The numbers of `count` steps from 0, each reported once it is done.

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    for step in range(count):
        run.check(stage)
        yield step
        run.report(Progress(stage, step + 1, count))


def descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    """One step of the optimiser against the gradient of a scalar loss."""
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
