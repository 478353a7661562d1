"""Checks for a display before Qt does, because Qt aborts the program without one."""

import faulthandler
import os
import sys
import tempfile

from labeller.core.errors import LabellerError

ADVICE = "Every command but `open` and `demo` works without a window: see --help."


def require_display() -> None:
    """Raise LabellerError if Qt cannot open a window."""
    if not sys.platform.startswith("linux"):
        return
    if not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise LabellerError("There is no display to open a window on. {advice}", advice=ADVICE)
    failed, text = _try_in_a_child()
    if failed:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        found = next((line for line in lines if "needed" in line or "could not" in line), None)
        reason = found or (lines[-1] if lines else "no reason given")
        raise LabellerError(
            "Qt cannot open a window ({reason}). {advice}", reason=reason.rstrip("."), advice=ADVICE
        )


def _try_in_a_child() -> tuple[bool, str]:
    """Start Qt in a fork of this process; return whether that ended it, and its output.

    A fork, because a packaged program has no interpreter to start.
    """
    from PySide6.QtGui import QGuiApplication

    with tempfile.TemporaryFile() as written:
        child = os.fork()
        if child == 0:
            faulthandler.disable()  # its end is reported in words, not as a crash
            os.dup2(written.fileno(), 2)
            QGuiApplication([])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        written.seek(0)
        return status != 0, written.read().decode(errors="replace")
