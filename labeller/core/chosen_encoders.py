"""The encoders that a person has chosen on this computer.

A project names its encoder, and whoever sent the project could name any: weights would be
downloaded, or read from a file. So a project on its own may load only the encoders that come with
the program, and those that somebody has already chosen here.
"""

import logging
import re
from contextlib import suppress

from labeller_models.frozen import HUB, WEIGHTS

from labeller.core.errors import LabellerError, UnusableHere
from labeller.core.files import read_text, write_text
from labeller.core.locations import data_folder

FILE = "chosen.txt"
FOLDER = "encoders"
_now: set[str] = set()  # if it cannot be stored


def choose(name: str) -> None:
    """Remember that a person chose this encoder."""
    if not name.startswith(HUB) or name in _all():
        return
    try:
        folder = data_folder() / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / FILE, "".join(f"{each}\n" for each in sorted({*_all(), name})))
    except (OSError, LabellerError) as error:
        _now.add(name)
        logging.getLogger(__name__).warning("%s is not remembered as chosen: %s", name, error)


def require_chosen(name: str) -> None:
    """Raises UnusableHere if an encoder that may be downloaded is asked for only by a project, and
    was never chosen here."""
    if name.startswith(HUB) and name not in _all() and not _was_used(name):
        raise UnusableHere(
            "This project wants the encoder '{name}', which nobody has chosen on this computer. "
            "Choose it in the settings of rounds, or by its name, if you trust it.",
            name=name,
            settings=["encoder"],
        )


def _all() -> set[str]:
    with suppress(LabellerError):
        return _now | set(read_text(data_folder() / FOLDER / FILE).splitlines())
    return set(_now)


def _was_used(name: str) -> bool:
    """Whether an earlier version has used it: its exported network is still there."""
    if WEIGHTS in name:
        return False
    begins = re.escape(name.replace("/", "-").replace(":", "-"))
    with suppress(LabellerError, OSError):
        folder = data_folder() / FOLDER
        return any(
            re.fullmatch(rf"{begins}-\d+-[0-9a-f]{{16}}\.onnx", file.name)
            for file in folder.iterdir()
        )
    return False
