"""Long work in a `QThread`: one job at a time, heard through signals, ended by asking.

A job is a plain function that knows nothing of Qt: it takes a `Run`, opens its own connection to
the project, and returns a result (labeller/window/learning/jobs.py).
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.project.project import explain_database_error
from labeller.window.kit.spoken import spoken

Job = Callable[[Run], Any]
TELL_EVERY_SECONDS = 0.1
STACK_BYTES = 16 << 20  # torch needs more than some systems give a thread


class _Runner(QObject):
    """Lives in the thread and runs what it is sent."""

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, stop: threading.Event, go: threading.Event) -> None:
        super().__init__()
        self._stop, self._go = stop, go
        self._last_report = 0.0

    @Slot(object)
    def run(self, job: Job) -> None:
        try:
            result = job(Run(report=self._report, should_stop=self._should_stop))
        except Cancelled:
            self.cancelled.emit()
        except LabellerError as error:
            self.failed.emit(spoken(error))
        except Exception as error:
            logging.getLogger(__name__).error("a job failed", exc_info=error)
            self.failed.emit(spoken(explain_database_error(error) or error))
        else:
            self.succeeded.emit(result)

    def _should_stop(self) -> bool:
        """Asked before every step; while the person has paused the job, it waits here."""
        self._go.wait()
        return self._stop.is_set()

    def _report(self, progress: Progress) -> None:
        """Tell of every epoch and every end, and of steps as often as a person can see."""
        counts = progress.metrics is not None or progress.done == progress.total
        if counts or time.monotonic() - self._last_report >= TELL_EVERY_SECONDS:
            self._last_report = time.monotonic()
            self.progressed.emit(progress)


class Worker(QObject):
    """Runs jobs in a thread of its own.

    Signals:
        progressed(Progress), succeeded(result), failed(sentence), cancelled(): of the job.
        busy_changed(bool): when a job begins and after it has ended.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    busy_changed = Signal(bool)
    _submitted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
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
        self.busy = False

    def start(self, job: Job) -> None:
        """Begin a job. Raises RuntimeError while another one runs."""
        if self.busy:
            raise RuntimeError("a job is running")
        self._stop.clear()
        self._go.set()
        self._set_busy(True)
        self._submitted.emit(job)

    def stop(self) -> None:
        """Ask the job to end; it does so at its next step."""
        self._stop.set()
        self._go.set()

    @property
    def stopping(self) -> bool:
        """Whether the job was asked to end and has not ended yet."""
        return self.busy and self._stop.is_set()

    @property
    def paused(self) -> bool:
        return self.busy and not self._go.is_set()

    def pause(self, on: bool) -> None:
        """Let the job rest before its next step, or go on."""
        if on and self.busy:
            self._go.clear()
        else:
            self._go.set()
        self.busy_changed.emit(self.busy)

    def shut_down(self) -> None:
        """Ask the job to end, wait for it without telling of it, and end the thread."""
        self.blockSignals(True)
        self.stop()
        self._thread.quit()
        self._thread.wait()

    def _on_success(self, result: object) -> None:
        self._set_busy(False)
        self.succeeded.emit(result)

    def _on_failure(self, sentence: str) -> None:
        self._set_busy(False)
        self.failed.emit(sentence)

    def _on_cancel(self) -> None:
        self._set_busy(False)
        self.cancelled.emit()

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.busy_changed.emit(busy)
