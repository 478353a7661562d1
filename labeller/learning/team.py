"""The processes that train one network together, each on its share of every batch.

`torchrun --nproc-per-node N` starts them. The first one leads: it alone has the project, selects,
labels and reports. The others wait until it hands them a training (labeller/learning/together.py).
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from labeller_models.synchronised_norm import synchronise
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from labeller.core.errors import LabellerError

PATIENCE = timedelta(days=30)
"""The others wait so long for the one that leads, while it selects or evaluates."""


@dataclass(frozen=True)
class Team:
    """This process among `size`; alone, everything is passed on as it is."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def share(self, batch: Tensor) -> Tensor:
        """The part of a batch [B, ...] that this process computes, [B / size, ...]."""
        each = len(batch) // self.size
        return batch[self.rank * each : (self.rank + 1) * each]

    def gather(self, share: Tensor) -> Tensor:
        """Undo `share`: the parts of all processes in their order, without gradients."""
        if self.size == 1:
            return share
        parts = [torch.empty_like(share) for _ in range(self.size)]
        dist.all_gather(parts, share.contiguous())
        return torch.cat(parts)

    def mean(self, value: Tensor) -> Tensor:
        """The mean of a value of each process."""
        if self.size == 1:
            return value
        total = value.clone()
        dist.all_reduce(total)
        return total / self.size

    def agree(self, wish: bool) -> bool:
        """Whether the process that leads wishes it."""
        if self.size == 1:
            return wish
        wanted = torch.tensor([wish], dtype=torch.uint8)  # on the CPU: no device is waited for
        dist.broadcast(wanted, 0)
        return bool(wanted.item())

    def tell(self, what: Any) -> Any:
        """What the process that leads tells, in every process."""
        shared = [what]
        if self.size > 1:
            dist.broadcast_object_list(shared, 0, device=torch.device("cpu"))
        return shared[0]

    def synchronised(self, network: nn.Module, device: torch.device) -> None:
        """Make the batch norm of a network see the batches of all processes."""
        if self.size > 1:
            for name, child in network.named_children():
                setattr(network, name, synchronise(child, device))

    def averaging(self, module: nn.Module) -> nn.Module:
        """A module whose gradients are the mean over all processes after each backward pass."""
        if self.size == 1:
            return module
        with warnings.catch_warnings():  # torch 2.14 renames the option for the buffers
            warnings.simplefilter("ignore", FutureWarning)
            return DistributedDataParallel(
                module, broadcast_buffers=False, find_unused_parameters=True
            )

    def check_batch_size(self, size: int) -> None:
        """Raises LabellerError where a batch cannot be shared out evenly."""
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
    """The team of this process; one of itself alone where it has joined none."""
    if dist.is_available() and dist.is_initialized():
        return Team(dist.get_rank(), dist.get_world_size())
    return ALONE


@contextmanager
def joined() -> Iterator[Team]:
    """Join the team that torchrun started this process for, or stay alone."""
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
