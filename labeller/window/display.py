"""Is there a screen? Asked before Qt is, because Qt ends the whole program where there is none."""

import os
import subprocess
import sys

from labeller.errors import LabellerError

ADVICE = "Every command but `open` and `demo` works without a window: see --help."
PROBE = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
PROBE_SECONDS = 60


def require_display() -> None:
    """Raise LabellerError, in words, where Qt cannot open a window."""
    if not sys.platform.startswith("linux"):
        return
    if not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise LabellerError(f"There is no display to open a window on. {ADVICE}")
    probe = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=PROBE_SECONDS
    )
    if probe.returncode != 0:
        lines = [line.strip() for line in probe.stderr.splitlines() if line.strip()]
        told = next((line for line in lines if "needed" in line or "could not" in line), None)
        reason = told or (lines[-1] if lines else "no reason given")
        raise LabellerError(f"Qt cannot open a window ({reason.rstrip('.')}). {ADVICE}")
