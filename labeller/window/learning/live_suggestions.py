"""Live suggestions that follow the labels, from a thread beside the worker."""

import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.learners import trains_network
from labeller.loop.round_settings import round_settings
from labeller.loop.suggestion_requests import SuggestionRequests
from labeller.window.kit.language import spoken
from labeller.window.kit.worker import Worker
from labeller.window.labelling.session import Session

STACK_BYTES = 16 << 20


class _Thread(QThread):
    progressed = Signal(object)
    suggested = Signal()
    failed = Signal(str)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder, self.ended = folder, threading.Event()
        self.requests = SuggestionRequests()
        self.setStackSize(STACK_BYTES)

    def run(self) -> None:
        from labeller.loop.live import keep_suggesting

        keep_suggesting(
            self._folder,
            self.requests,
            Run(report=self.progressed.emit, should_stop=self.ended.is_set),
            self.suggested.emit,
            self._tell,
        )

    def _tell(self, error: Exception) -> None:
        if not isinstance(error, LabellerError):
            logging.getLogger(__name__).error("restarting live suggestions", exc_info=error)
        self.failed.emit(spoken(error))


class LiveSuggestions(QObject):
    """Keeps the suggestions of a session's batch up to date while the person labels.

    Suggestions change between keys, and never move an image. While the worker computes, reading
    waits, but suggesting goes on.

    Signals: progressed(Progress): of reading the pool's features; failed(sentence).
    """

    progressed = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session, worker: Worker) -> None:
        super().__init__(session)
        self._session, self._worker = session, worker
        self._thread: _Thread | None = None
        self._seen: tuple[object, ...] = ()

    def start(self) -> None:
        """Start, or restart after the settings have changed."""
        self.stop()
        session = self._session
        if session.project.read_only or trains_network(
            round_settings(session.project).method.encoder
        ):
            return
        thread = self._thread = _Thread(session.project.folder, self)
        thread.progressed.connect(self.progressed)
        thread.suggested.connect(self._show)
        thread.failed.connect(self.failed)
        session.labels_changed.connect(self._wish)
        session.batch_changed.connect(self._wish)
        self._worker.busy_changed.connect(self._note_busy)
        self._note_busy(self._worker.busy)
        self._seen = ()
        self._wish()
        thread.start()

    @property
    def reads_features(self) -> bool:
        """Whether a pretrained encoder reads the pool in the background."""
        return self._thread is not None

    def stop(self) -> None:
        """Stop the thread, and wait until it has closed the project."""
        if self._thread is None:
            return
        thread, self._thread = self._thread, None
        self._session.labels_changed.disconnect(self._wish)
        self._session.batch_changed.disconnect(self._wish)
        self._worker.busy_changed.disconnect(self._note_busy)
        thread.blockSignals(True)
        thread.ended.set()
        thread.requests.wake()
        thread.wait()

    def _note_busy(self, busy: bool) -> None:
        if self._thread is not None:
            self._thread.requests.busy = busy

    def _wish(self, *_: object) -> None:
        """Request suggestions if labels or the batch have changed."""
        session = self._session
        if self._thread is None or session.hides_answers or not session.images:
            return
        places = session.open_positions()
        seen = (
            session.round, session.summary, len(places), len(session.images),
            tuple(each.id for each in session.classes),
        )  # fmt: skip
        if seen == self._seen:
            return
        self._seen = seen
        after = [place for place in places if place >= session.cursor]
        before = [place for place in places if place < session.cursor]
        self._thread.requests.want(tuple(session.batch.ids([*after, *before])))

    def _show(self) -> None:
        if self._thread is None:
            return  # the message arrived after the project was closed
        session = self._session
        session.batch.read_remarks(session.project)
        session.labels_changed.emit(session.open_positions())
