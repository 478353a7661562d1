"""Several processes that train one network, each on its share of every batch.

`torchrun --nproc-per-node N` starts them. The first one leads: it alone has the project, selects,
labels and reports. The others wait for it to hand them tasks.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import torch
import torch.distributed as dist
from labeller_models.synchronised_norm import synchronise
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from labeller.core.errors import LabellerError

PATIENCE = timedelta(days=30)
"""How long followers wait for the leader while it selects or evaluates."""


@dataclass(frozen=True)
class Team:
    """This process among `size` of them. A single process passes everything through unchanged."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def share(self, batch: Tensor) -> Tensor:
        """This process's part of a batch [B, ...]: [B / size, ...]."""
        each = len(batch) // self.size
        return batch[self.rank * each : (self.rank + 1) * each]

    def gather(self, share: Tensor) -> Tensor:
        """The parts of all processes joined in order, the inverse of `share`; no gradients."""
        if self.size == 1:
            return share
        parts = [torch.empty_like(share) for _ in range(self.size)]
        dist.all_gather(parts, share.contiguous())
        return torch.cat(parts)

    def mean(self, value: Tensor) -> Tensor:
        """The mean of a value over all processes."""
        if self.size == 1:
            return value
        total = value.clone()
        dist.all_reduce(total)
        return total / self.size

    def agree(self, decision: bool) -> bool:
        """The leader's decision, in every process."""
        if self.size == 1:
            return decision
        wanted = torch.tensor([decision], dtype=torch.uint8)  # on the CPU: no device sync
        dist.broadcast(wanted, 0)
        return bool(wanted.item())

    def tell(self, what: Any) -> Any:
        """The leader's object, in every process."""
        shared = [what]
        if self.size > 1:
            dist.broadcast_object_list(shared, 0, device=torch.device("cpu"))
        return shared[0]

    def synchronised(self, network: nn.Module, device: torch.device) -> None:
        """Make batch norm use the statistics of all processes' batches."""
        if self.size > 1:
            for name, child in network.named_children():
                setattr(network, name, synchronise(child, device))

    def averaging(self, module: nn.Module) -> nn.Module:
        """The module, with gradients averaged over all processes after each backward pass."""
        if self.size == 1:
            return module
        with warnings.catch_warnings():  # torch 2.14 renames the option for the buffers
            warnings.simplefilter("ignore", FutureWarning)
            return DistributedDataParallel(
                module, broadcast_buffers=False, find_unused_parameters=True
            )

    def check_batch_size(self, size: int) -> None:
        """Raises LabellerError unless a batch divides evenly among the processes."""
        if size % self.size:
            raise LabellerError(
                "A batch of {size} cannot be shared by {processes} processes. Choose a batch "
                "size that is a multiple of {processes}.",
                settings=["batch_size"],
                size=size,
                processes=self.size,
            )


ALONE = Team()


def this_team() -> Team:
    """The team that this process has joined, else a team of one."""
    if dist.is_available() and dist.is_initialized():
        return Team(dist.get_rank(), dist.get_world_size())
    return ALONE


@contextmanager
def joined() -> Iterator[Team]:
    """Join the team that torchrun started, or stay a team of one."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ALONE
        return
    backend = "gloo"
    if torch.cuda.is_available():
        backend = "cpu:gloo,cuda:nccl"
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]) % torch.cuda.device_count())
    dist.init_process_group(backend, timeout=PATIENCE)
    try:
        yield this_team()
    finally:
        dist.destroy_process_group()


class Task(Protocol):
    """Work that every process takes part in; it is pickled to reach the followers."""

    def take_part(self, team: Team) -> object:
        """Do this process's part. The leader meets and reports the same LabellerError."""


@contextmanager
def leading() -> Iterator[bool]:
    """Join the team, if torchrun started one; whether this process leads it or is alone.

    Followers have done their part of every task of the block by the time it begins for them, so
    there is nothing left for them to do.
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
        # After any other error the followers may be in the middle of a task: torchrun ends them.
        team.tell(None)


def _follow(team: Team) -> None:
    """Take part in one task after the other until the leader has no more."""
    while (task := team.tell(None)) is not None:
        with suppress(LabellerError):
            task.take_part(team)
