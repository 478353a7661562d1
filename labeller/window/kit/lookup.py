"""What a dialog or a line looks up in a thread of its own, while the person goes on."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Signal


class Lookup(QObject):
    """Computes in a thread and tells the window's thread. It outlives whoever asked, which may be
    closed meanwhile: a thread must not touch a widget that is being deleted.

    Signal: told(result): of a computation.
    """

    told = Signal(object)

    def start(self, compute: Callable[[], Any]) -> None:
        """Compute something that raises nothing; at exit nobody waits for it."""
        Thread(target=_tell, args=(self, compute), daemon=True).start()


def _tell(lookup: Lookup, compute: Callable[[], Any]) -> None:
    lookup.told.emit(compute())
