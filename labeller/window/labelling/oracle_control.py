"""The oracle: hidden labels answer instead of the person, at once or with a delay."""

from PySide6.QtCore import QObject, QTimer

from labeller.loop.round_settings import round_settings
from labeller.window.kit.language import tr
from labeller.window.labelling.changes import Changes
from labeller.window.labelling.session import Session


class OracleControl(QObject):
    """While it is on, every round on screen is labelled: in one action, or image by image if the
    project's round settings ask for a pause."""

    def __init__(self, session: Session, changes: Changes) -> None:
        super().__init__(session)
        self._session, self._changes = session, changes
        self._on = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._answer_one)
        session.batch_changed.connect(self._answer)
        session.waiting_changed.connect(self._go_on)

    def switch(self, on: bool) -> None:
        """Turn the oracle on, for this and every further round, or off."""
        self._on = on
        self._answer()

    def _go_on(self) -> None:
        """Show the next batch at once: nobody is pressing keys while the oracle answers."""
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
        """Label the first open image; stop if there is none."""
        if not self._changes.label_by_oracle(limit=1):
            self._timer.stop()
