"""Background work in a `QThread`: one operation at a time, reported through signals, stopped on
request.

An `Operation` declares what is computed, what the window says meanwhile and what happens with the
result. A function that takes a page or a window returns one; `run` knows nothing of Qt. A `Lookup`
is a smaller thing: a computation in a thread of its own while the person keeps working.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Progress, Run
from labeller.project.project import Project, explain_database_error, explaining
from labeller.window.kit.language import spoken

TELL_EVERY_SECONDS = 0.1
STACK_BYTES = 16 << 20  # torch needs more than some systems give a thread

Opening = Callable[[Path], AbstractContextManager[Any]]


def no_project(folder: Path) -> AbstractContextManager[None]:
    """For operations that open or create the project themselves."""
    return nullcontext()


BESIDE: Opening = partial(Project, lock=False)
"""While the window holds the project's lock."""
LOCKED: Opening = Project
"""While the window has closed the project."""
READ_ONLY: Opening = partial(Project, read_only=True)


@dataclass(frozen=True)
class Operation:
    """One piece of background work.

    Attributes:
        title: what is going on, in the person's language: "Training".
        run: called in the worker's thread with a connection of its own, as `opening` makes it, and
            a `Run`. Imports torch, if it needs it.
        done: called in the window's thread with what `run` returned.
        waits: said to a person who asks for it while something else runs.
        stoppable: whether *Stop* and *Cancel* end it.
    """

    title: str
    run: Callable[[Any, Run], Any]
    done: Callable[[Any], object] = lambda result: None
    waits: str = ""
    opening: Opening = BESIDE
    stoppable: bool = True


class _Runner(QObject):
    """Runs in the thread."""

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, stop: threading.Event, go: threading.Event) -> None:
        super().__init__()
        self._stop, self._go = stop, go
        self._last_report = 0.0

    @Slot(object, object)
    def run(self, operation: Operation, folder: Path) -> None:
        try:
            with explaining(folder), operation.opening(folder) as project:
                result = operation.run(project, Run(0, self._report, self._should_stop))
        except Cancelled:
            self.cancelled.emit()
        except LabellerError as error:
            self.failed.emit(spoken(error))
        except Exception as error:
            logging.getLogger(__name__).error("an operation failed", exc_info=error)
            self.failed.emit(spoken(explain_database_error(error) or error))
        else:
            self.succeeded.emit(result)

    def _should_stop(self) -> bool:
        """Called before every step; blocks while the person has paused the work."""
        self._go.wait()
        return self._stop.is_set()

    def _report(self, progress: Progress) -> None:
        """Forward every epoch and every end, and steps only as often as a person can see them."""
        counts = progress.metrics is not None or progress.done == progress.total
        if counts or time.monotonic() - self._last_report >= TELL_EVERY_SECONDS:
            self._last_report = time.monotonic()
            self.progressed.emit(progress)


class Worker(QObject):
    """Runs operations in a thread of its own.

    Signals:
        progressed(Progress), succeeded(result), failed(sentence), cancelled(): of the operation.
            The operation's `done` follows on `succeeded`.
        busy_changed(bool): when an operation begins, and after it has ended.
        ended(): after all of these.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    busy_changed = Signal(bool)
    ended = Signal()
    _submitted = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.operation: Operation | None = None
        self._stop, self._go = threading.Event(), threading.Event()
        self._go.set()
        self._thread = QThread(self)
        self._thread.setStackSize(STACK_BYTES)
        self._runner = _Runner(self._stop, self._go)
        self._runner.moveToThread(self._thread)
        self._submitted.connect(self._runner.run)
        self._runner.progressed.connect(self.progressed)
        self._runner.succeeded.connect(self._on_success)
        self._runner.failed.connect(self._on_failure)
        self._runner.cancelled.connect(self._on_cancel)
        self._thread.start()

    @property
    def busy(self) -> bool:
        return self.operation is not None

    def start(self, operation: Operation, folder: Path) -> None:
        """Begin an operation on a project. Raises RuntimeError while another one runs."""
        if self.busy:
            raise RuntimeError("an operation is running")
        self._stop.clear()
        self._go.set()
        self.operation = operation
        self.busy_changed.emit(True)
        self._submitted.emit(operation, folder)

    def stop(self) -> None:
        """Ask the operation to stop, which it does at its next step."""
        self._stop.set()
        self._go.set()

    @property
    def stopping(self) -> bool:
        """Whether the operation was asked to stop and has not ended yet."""
        return self.busy and self._stop.is_set()

    @property
    def paused(self) -> bool:
        return self.busy and not self._go.is_set()

    def pause(self, on: bool) -> None:
        """Pause the operation before its next step, or resume it."""
        if on and self.busy:
            self._go.clear()
        else:
            self._go.set()
        self.busy_changed.emit(self.busy)

    def shut_down(self) -> None:
        """Stop the operation and wait for it without reporting it; then end the thread."""
        self.blockSignals(True)
        self.stop()
        self._thread.quit()
        self._thread.wait()

    def _end(self) -> Operation:
        operation, self.operation = self.operation, None
        assert operation is not None
        self.busy_changed.emit(False)
        return operation

    def _on_success(self, result: object) -> None:
        operation = self._end()
        if not self.signalsBlocked():  # it was shut down: there is nothing left to show it in
            self.succeeded.emit(result)
            operation.done(result)
            self.ended.emit()

    def _on_failure(self, sentence: str) -> None:
        self._end()
        self.failed.emit(sentence)
        self.ended.emit()

    def _on_cancel(self) -> None:
        self._end()
        self.cancelled.emit()
        self.ended.emit()


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
