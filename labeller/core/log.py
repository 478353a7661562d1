"""The rotating error log, and a trace if the interpreter crashes. It contains no images or
labels."""

import faulthandler
import logging
import platform
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from types import TracebackType
from typing import TextIO

from labeller import __version__
from labeller.core.errors import LabellerError
from labeller.core.locations import log_folder

LOG, CRASHES = "labeller.log", "crashes.log"
BYTES, KEPT = 1 << 20, 4
Listener = Callable[[BaseException], object]
_crashes: TextIO | None = None  # faulthandler needs it open


def start() -> None:
    """Start logging warnings and errors, if the folder is writable."""
    global _crashes
    try:
        folder = log_folder()
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / LOG, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8"
        )
        _crashes = (folder / CRASHES).open("a", encoding="utf-8")
    except (OSError, LabellerError):
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logger = logging.getLogger("labeller")
    logger.setLevel(logging.INFO)
    logger.info(
        "Labeller %s, Python %s, %s", __version__, platform.python_version(), platform.platform()
    )
    faulthandler.enable(_crashes)


def catch_all(tell: Listener) -> None:
    """Log every uncaught error in any thread, and pass it to `tell`."""

    def caught(
        kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        error = error or kind()
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logging.getLogger("labeller").error("not caught", exc_info=(kind, error, trace))
        tell(error)

    sys.excepthook = caught
    threading.excepthook = lambda args: caught(args.exc_type, args.exc_value, args.exc_traceback)
