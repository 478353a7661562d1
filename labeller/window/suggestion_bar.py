"""Suggestions of the model above the batch: shown or hidden, grouped, accepted when sure."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QToolButton, QWidget

from labeller.window.changes import Changes
from labeller.window.language import tr
from labeller.window.plain_text import PlainLabel
from labeller.window.preferences import settings
from labeller.window.session import Session

DEFAULT_LEAST = 90
STEP = 5
LEAVE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class LeastBox(QSpinBox):
    """A number that is typed; Return and Escape hand the keyboard back and do nothing else.

    Signal: left(): the person is done with it.
    """

    left = Signal()

    def event(self, event: QEvent) -> bool:
        shortcut = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if shortcut and event.key() in LEAVE:  # type: ignore[attr-defined]
            event.accept()  # else it would also be the key of an action
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in LEAVE:
            self.interpretText()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SuggestionBar(QWidget):
    """Only there while the batch has suggestions."""

    def __init__(self, session: Session, changes: Changes) -> None:
        super().__init__()
        self._session, self._changes = session, changes
        self.shown = _switch(tr("Suggestions (H)"))
        self.shown.setChecked(True)
        self.shown.setToolTip(
            tr("Show what the model would answer; hide it where it might sway you")
        )
        self.grouped = _switch(tr("Group by class (G)"))
        self.grouped.setToolTip(tr("Put images of one suggested class beside each other"))
        self.least = LeastBox()
        self.least.setRange(50, 100)
        self.least.setSuffix(" %")
        self.least.setValue(int(str(settings().value("least_confidence", DEFAULT_LEAST))))
        self.least.setAccessibleName(
            tr("Least confidence of suggestions that are accepted at once")
        )
        self.accept = QPushButton(tr("Accept all from"))
        self.accept.setToolTip(
            tr("Accept every suggestion that is at least so sure  (Shift+Enter)")
        )
        self._told = PlainLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.shown, self.grouped):
            layout.addWidget(widget)
        layout.addStretch()
        for each in (self._told, self.accept, self.least):
            layout.addWidget(each)
        for button in (self.shown, self.grouped, self.accept):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard alone
        self.least.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.shown.toggled.connect(session.show_suggestions)
        self.grouped.toggled.connect(session.group)
        self.accept.clicked.connect(self.accept_sure)
        self.least.valueChanged.connect(self._on_least)
        for signal in (session.labels_changed, session.batch_changed):
            signal.connect(self.refresh)
        self.hide()  # until it is laid out: without a parent it would be a window of its own

    def move_least(self, steps: int) -> None:
        """Raise or lower the least confidence by some percent."""
        self.least.setValue(self.least.value() + STEP * steps)

    def accept_sure(self) -> None:
        self._changes.accept_sure(self.least.value() / 100)

    def refresh(self, *_: object) -> None:
        """Count the suggestions that are sure enough."""
        session = self._session
        self.setVisible(bool(session.batch.suggestions) and not session.project.read_only)
        found = [session.suggested(position) for position in session.open_positions()]
        sure = sum(1 for each in found if each and each[1] >= self.least.value() / 100)
        self._told.setText(
            tr("{sure} of {count} open").format(sure=sure, count=len(found))
            if session.suggests
            else tr("hidden")
        )
        self.accept.setEnabled(sure > 0)

    def _on_least(self, value: int) -> None:
        settings().setValue("least_confidence", value)
        self.refresh()


def _switch(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    return button
