"""Where torch computes, and how."""

import os
from contextlib import AbstractContextManager

import torch

from labeller.errors import LabellerError

DEVICES = ("auto", "cpu", "cuda", "mps")


def choose_device(name: str = "auto") -> torch.device:
    """The device called `name`; `auto` takes the fastest that is there.

    Raises:
        LabellerError: this machine has no such device.
    """
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        name = next(device for device, present in there.items() if present)
    if not there.get(name, False):
        raise LabellerError(f"This machine has no device '{name}'. Use --device auto.")
    return torch.device(name)


def autocast(device: torch.device, enabled: bool) -> AbstractContextManager[None]:
    """bfloat16 for matrix products and convolutions in the block, where `enabled`."""
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled and device.type != "mps")


def warm_up() -> None:
    """Pay for torch's first use before somebody waits for it, and leave a core to the window."""
    cores = os.cpu_count() or 1
    torch.set_num_threads(cores if cores <= 2 else cores - 1)
    images = torch.zeros(2, 3, 16, 16, requires_grad=True)
    weights = torch.zeros(4, 3, 3, 3, requires_grad=True)
    for half in (False, True):
        with autocast(torch.device("cpu"), half):
            torch.nn.functional.conv2d(images, weights).sum().backward()
