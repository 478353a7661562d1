"""Devices that torch computes on."""

import gc
import os
import threading
from contextlib import AbstractContextManager

import torch

from labeller.core.errors import LabellerError


def choose_device(name: str = "auto") -> torch.device:
    """The device of this name; `auto` is the fastest available.

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
        raise LabellerError(
            "This machine has no device '{name}'. Use 'auto'.", settings=["device"], name=name
        )
    return torch.device(name)


def autocast(device: torch.device, enabled: bool) -> AbstractContextManager[None]:
    """A block with bfloat16 for matrix products and convolutions, if `enabled` and faster."""
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled and _gains(device))


def _gains(device: torch.device) -> bool:
    """Whether bfloat16 is faster than float32.

    On a CPU without AVX-512, torch's bfloat16 convolution is a plain loop, ten times slower than
    float32 (3.5 s against 0.36 s a step of batch 128 on two cores with AVX2).
    """
    if device.type == "cpu":
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return device.type == "cuda"


def out_of_memory(error: BaseException) -> bool:
    """Whether an error means that the device or the machine ran out of memory. torch has an error
    class for accelerators only; on a CPU, each of its libraries words it differently."""
    signs = ("DefaultCPUAllocator", "bad_alloc", "a primitive", "out of memory")
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and any(words in str(error) for words in signs)
    )


def free_memory() -> None:
    """Release memory that is held in reserve."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def warm_up() -> None:
    """Pay for torch's first use before anybody waits for it, and leave a core to the window.

    It runs in a temporary thread: a thread that has computed once keeps a team of OpenMP threads,
    and training elsewhere then takes half as long again (12.6 s instead
    of 8.9 s for four epochs of the demo on two cores).
    """
    thread = threading.Thread(target=_compute_once)
    thread.start()
    thread.join()


def _compute_once() -> None:
    cores = os.cpu_count() or 1
    torch.set_num_threads(cores if cores <= 2 else cores - 1)
    images = torch.zeros(2, 3, 16, 16, requires_grad=True)
    weights = torch.zeros(4, 3, 3, 3, requires_grad=True)
    for half in (False, True):
        with autocast(torch.device("cpu"), half):
            torch.nn.functional.conv2d(images, weights).sum().backward()
    torch.optim.SGD([weights], lr=0.1)  # its first use imports modules for a second
