"""Several processes that train one network, each on its share of every batch.

`torchrun --nproc-per-node N` starts them. The first one leads: it alone has the project, selects,
labels and reports. The others wait for it to hand them tasks. Batch norm then takes its statistics
from the whole batch.
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
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx
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


class _Gathered(torch.autograd.Function):
    """Gathers a value [...] from each process, as [processes, ...] in all of them; gradients add
    up."""

    @staticmethod
    def forward(ctx: FunctionCtx, value: Tensor) -> Tensor:
        parts = [torch.empty_like(value) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, value)
        return torch.stack(parts)

    @staticmethod
    def backward(ctx: FunctionCtx, gradient: Tensor) -> Tensor:
        total = gradient.contiguous()
        dist.all_reduce(total)
        return total[dist.get_rank()]


class SynchronisedBatchNorm(nn.modules.batchnorm._BatchNorm):
    """Batch norm over the equal shares of all processes, for devices that
    `torch.nn.SyncBatchNorm` does not run on (it needs CUDA).

    Input: float [B, C, ...], B the same in every process. In evaluation mode, plain batch norm.
    """

    def _check_input_dim(self, input: Tensor) -> None:
        if input.dim() < 2:
            raise ValueError(f"expected [B, C, ...], got {tuple(input.shape)}")

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        self._check_input_dim(input)
        dims = [dim for dim in range(input.dim()) if dim != 1]
        variances, means = torch.var_mean(
            input.to(torch.promote_types(input.dtype, torch.float32)), dims, correction=0
        )
        # For equal shares: the mean of the means; the mean variance within plus that between them.
        shares = _Gathered.apply(torch.stack([means, variances]))
        mean = shares[:, 0].mean(dim=0)
        variance = shares[:, 1].mean(dim=0) + shares[:, 0].var(dim=0, correction=0)
        self._follow(mean.detach(), variance.detach(), input.numel() // input.shape[1])

        def by_channel(values: Tensor) -> Tensor:
            return values.view(1, -1, *[1] * (input.dim() - 2))

        scale = torch.rsqrt(variance + self.eps) * self.weight
        return (input * by_channel(scale) + by_channel(self.bias - mean * scale)).to(input.dtype)

    @torch.no_grad()
    def _follow(self, mean: Tensor, variance: Tensor, values: int) -> None:
        """Update the running statistics, with unbiased variance, as `torch.nn.BatchNorm2d` does."""
        assert self.running_mean is not None and self.running_var is not None
        assert self.num_batches_tracked is not None and self.momentum is not None
        total = values * dist.get_world_size()
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * total / (total - 1), self.momentum)


def synchronise(module: nn.Module, device: torch.device) -> nn.Module:
    """Replace each plain batch norm with a synchronised one that has the same parameters.

    Needs a process group. Returns the changed `module`, or its replacement if it is itself one.
    """
    if device.type == "cuda":
        return nn.SyncBatchNorm.convert_sync_batchnorm(module)
    if isinstance(module, nn.modules.batchnorm._BatchNorm):
        synchronised = SynchronisedBatchNorm(module.num_features, module.eps, module.momentum)
        synchronised.weight, synchronised.bias = module.weight, module.bias
        synchronised.running_mean = module.running_mean
        synchronised.running_var = module.running_var
        synchronised.num_batches_tracked = module.num_batches_tracked
        return synchronised.train(module.training)
    for name, child in module.named_children():
        setattr(module, name, synchronise(child, device))
    return module
