"""Batch norm whose statistics are those of a batch that is spread over several processes."""

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx


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
