"""Devices and runtimes: what torch computes on, mixed precision and memory; and, on a CPU, ONNX
Runtime, which reads features 3 to 4 times as fast as torch."""

import copy
import gc
import hashlib
import io
import logging
import os
import threading
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import numpy as np
import torch
from labeller_models.encoder import Statistics
from labeller_models.frozen import FrozenEncoder
from torch import Tensor, nn

from labeller.core.errors import LabellerError
from labeller.core.files import read_regular, replacing
from labeller.core.locations import data_folder


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
    """Whether an error means that the device or the machine is out of memory. torch has an error
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
    """Initialise torch before anybody waits for it, and leave a core to the window.

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


BATCH = 16
"""Images at once on a CPU; larger batches take more memory and no less time."""
BATCH_ACCELERATED = 128
SEAL = 16
FEATURES, MAPS = "features", "maps"
Compute = Callable[[np.ndarray, list[str]], list[Tensor]]
"""uint8 [B, side, side, 3] → the requested outputs, on the CPU: `FEATURES` float32 [B, dim], or
`MAPS`, the output of the encoder's early half, float32 [B, ...]."""


def batch_size(device: torch.device) -> int:
    """Images computed at once on a device."""
    return BATCH if device.type == "cpu" else BATCH_ACCELERATED


def runtime(encoder: FrozenEncoder, side: int, device: torch.device) -> Compute:
    """A function that computes features and maps of square images, `side` pixels wide."""
    whole = _FromPixels(encoder, side).eval()
    if device.type == "cpu":
        try:
            return _onnx(encoder, whole, side)
        except Exception as error:  # ONNX Runtime is missing, or does not know a layer
            logging.getLogger(__name__).warning("ONNX Runtime is not used: %s", error)
    return _torch(whole, device)


class PixelInput(nn.Module):
    """Normalises pixels inside a graph: uint8 [..., side, side, 3] → float [N, 3, side, side]."""

    mean: Tensor
    scale: Tensor

    def __init__(self, statistics: Statistics, side: int) -> None:
        super().__init__()
        self.side = side
        mean, std = (
            torch.tensor(each).view(1, 3, 1, 1) * 255 for each in (statistics.mean, statistics.std)
        )
        self.register_buffer("mean", mean)
        self.register_buffer("scale", 1 / std)

    def normalised(self, pixels: Tensor) -> Tensor:
        """All images of any leading dimensions, flattened."""
        images = pixels.to(self.mean.dtype).reshape(-1, self.side, self.side, 3)
        return (images.permute(0, 3, 1, 2) - self.mean) * self.scale


class _FromPixels(PixelInput):
    """uint8 [B, side, side, 3] → features [B, dim], and maps if the encoder can be cut."""

    def __init__(self, encoder: FrozenEncoder, side: int) -> None:
        super().__init__(encoder.statistics, side)
        halves = encoder.halves
        self.early = None if halves is None else halves.early
        self.late = encoder.network if halves is None else halves.late
        self.outputs = [FEATURES] if halves is None else [FEATURES, MAPS]

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        maps = self.normalised(pixels)
        if self.early is None:
            return (self.late(maps),)
        maps = self.early(maps)
        return self.late(maps), maps


def _torch(whole: _FromPixels, device: torch.device) -> Compute:
    half = torch.float16 if device.type != "cpu" else torch.float32
    whole = copy.deepcopy(whole).to(device, half).to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def compute(pixels: np.ndarray, wanted: list[str]) -> list[Tensor]:
        results = whole(torch.from_numpy(pixels).to(device))
        return [results[whole.outputs.index(name)].float().cpu() for name in wanted]

    return compute


def _onnx(encoder: FrozenEncoder, whole: _FromPixels, side: int) -> Compute:
    import onnxruntime

    session = onnxruntime.InferenceSession(
        _exported(encoder, whole, side), providers=["CPUExecutionProvider"]
    )

    def compute(pixels: np.ndarray, wanted: list[str]) -> list[Tensor]:
        return [torch.from_numpy(each) for each in session.run(wanted, {"pixels": pixels})]

    return compute


def _exported(encoder: FrozenEncoder, whole: _FromPixels, side: int) -> bytes:
    """The encoder in ONNX, cached in the user's folder, since exporting takes seconds."""
    cut = encoder.halves.trained if encoder.halves else 0
    path = data_folder() / "encoders" / f"{encoder.key(side)}-{cut}.onnx"
    with _exporting:  # torch exports one network at a time
        with suppress(OSError):
            data = read_regular(path)
            if data[-SEAL:] == _seal(data[:-SEAL]):
                return data[:-SEAL]
        graph = _graph(whole, side)
        if not encoder.temporary:
            _keep(path, graph + _seal(graph))
    return graph


_exporting = threading.Lock()


def _graph(whole: _FromPixels, side: int) -> bytes:
    written = io.BytesIO()
    with suppress(AttributeError):  # torch prints what it cannot export, among a command's JSON
        torch._C._jit_set_onnx_log_output_stream("stderr")
    with warnings.catch_warnings():  # the newer exporter is far slower for the same graph
        warnings.simplefilter("ignore")
        torch.onnx.export(
            whole,
            (torch.zeros(1, side, side, 3, dtype=torch.uint8),),
            written,  # type: ignore[arg-type]
            input_names=["pixels"],
            output_names=whole.outputs,
            dynamic_axes={name: {0: "images"} for name in ("pixels", *whole.outputs)},
            dynamo=False,
        )
    return written.getvalue()


def _seal(data: bytes) -> bytes:
    """A checksum appended to a cached graph, so that a damaged one is exported again."""
    return hashlib.blake2b(data, digest_size=SEAL).digest()


def _keep(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_bytes(data)
    except OSError as error:  # it will be exported again next time
        logging.getLogger(__name__).warning("%s cannot be kept: %s", path, error)
