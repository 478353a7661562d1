"""Look-ups in a thread of their own, while the person keeps working."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Signal


class Lookup(QObject):
    """Computes in a thread and emits the result in the window's thread. It outlives the widget that
    asked, which may be closed meanwhile: a thread must not touch a widget that is being deleted.

    Signal: told(result): the result of a computation.
    """

    told = Signal(object)

    def start(self, compute: Callable[[], Any]) -> None:
        """Start a computation, which must not raise; it is not waited for at exit."""
        Thread(target=_tell, args=(self, compute), daemon=True).start()


def _tell(lookup: Lookup, compute: Callable[[], Any]) -> None:
    lookup.told.emit(compute())
