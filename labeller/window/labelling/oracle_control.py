"""The oracle's switch: hidden labels answer in the place of the person, at once or at a pace."""

from PySide6.QtCore import QObject, QTimer

from labeller.loop.round_settings import round_settings
from labeller.window.kit.language import tr
from labeller.window.labelling.changes import Changes
from labeller.window.labelling.session import Session


class OracleControl(QObject):
    """While it is on, every round that is shown is answered: all of it in one action, or, where the
    project's rounds ask for a pause, an image at a time with so many seconds between."""

    def __init__(self, session: Session, changes: Changes) -> None:
        super().__init__(session)
        self._session, self._changes = session, changes
        self._on = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._answer_one)
        session.batch_changed.connect(self._answer)
        session.waiting_changed.connect(self._go_on)

    def switch(self, on: bool) -> None:
        """Answer this round and every further one, or leave them to the person again."""
        self._on = on
        self._answer()

    def _go_on(self) -> None:
        """Nobody's key is in the way while the oracle answers."""
        session = self._session
        done = self._on and not session.reviewing and session.batch_done
        if done and session.waiting_round is not None:
            session.show_newest()

    def _answer(self) -> None:
        self._timer.stop()
        if not self._on or self._session.round is None:
            return
        pause = round_settings(self._session.project).oracle_pause
        if pause:
            self._timer.start(round(1000 * pause))
        elif count := self._changes.label_by_oracle():
            self._session.announced.emit(tr("The oracle labelled %n image(s).", None, count))

    def _answer_one(self) -> None:
        """The first open image; when there is none, the round is answered."""
        if not self._changes.label_by_oracle(limit=1):
            self._timer.stop()
