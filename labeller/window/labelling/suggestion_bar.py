"""The bar above the batch for the model's suggestions: show, group or accept them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QToolButton, QWidget

from labeller.window.kit.actions import key_text
from labeller.window.kit.elided_label import ElidedLabel
from labeller.window.kit.hand_back import HandBack
from labeller.window.kit.language import tr
from labeller.window.labelling.bulk_accept import BulkAcceptPolicy
from labeller.window.labelling.session import Session

STEP = 5


class SuggestionBar(QWidget):
    """Visible while the batch has suggestions.

    Signals: all_wanted(): accept the most confident ones; left(): the person is done with a field.
    """

    all_wanted = Signal()
    left = Signal()

    def __init__(self, session: Session, trust: BulkAcceptPolicy) -> None:
        super().__init__()
        self._session, self._trust = session, trust
        self.shown = _switch()
        self.shown.setChecked(True)
        self.shown.setToolTip(tr("Show the model's suggestions; hide them if they might bias you"))
        self.grouped = _switch()
        self.grouped.setToolTip(tr("Group images by suggested class"))
        self.least = QSpinBox()
        HandBack(self.least, self._leave)
        self.least.setRange(50, 100)
        self.least.setPrefix("≥ ")
        self.least.setSuffix(tr(" % correct"))
        self.least.setValue(trust.least)
        self.least.setAccessibleName(
            tr("Target precision of suggestions that are accepted together")
        )
        self.accept = QPushButton(tr("Accept surest"))
        self._words = ElidedLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.shown, self.grouped):
            layout.addWidget(widget)
        layout.addWidget(self._words, 1)
        for each in (self.accept, self.least):
            layout.addWidget(each)
        for button in (self.shown, self.grouped, self.accept):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not take the focus
        self.least.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.shown.toggled.connect(session.show_suggestions)
        self.grouped.toggled.connect(session.group)
        self.accept.clicked.connect(self.all_wanted)
        self.least.valueChanged.connect(trust.set_least)
        for signal in (session.labels_changed, session.batch_changed):
            signal.connect(self.refresh)
        self.hide()  # until it is laid out: without a parent it would be a window

    def move_least(self, steps: int) -> None:
        """Raise or lower the target precision by some percent."""
        self.least.setValue(self.least.value() + STEP * steps)

    def _leave(self) -> None:
        self.least.interpretText()
        self.left.emit()

    def refresh(self, *_: object) -> None:
        """Count the suggestions that are confident enough, and show how good they have been."""
        session, trust = self._session, self._trust
        wanted = bool(session.batch.suggestions) and not session.project.read_only
        self.setVisible(wanted and session.batch.question is None)
        if not wanted:
            return
        self.shown.setText(tr("Suggestions ({key})").format(key=key_text("suggestions")))
        self.grouped.setText(tr("Group by class ({key})").format(key=key_text("group")))
        record = trust.record()
        text = tr("hidden")
        if session.suggests:
            text = tr("%n image(s)", None, len(trust.positions()))
            if trust.positions():
                text += tr(", {share} expected correct").format(share=f"{trust.expected():.0%}")
            if record.compared:
                text += tr(" · {right} of {compared} checked so far were correct").format(
                    right=record.right, compared=record.compared
                )
        self._words.setText(text)
        problem = trust.problem(record)
        self.accept.setEnabled(problem is None)
        rings = tr("Select the most confident suggestions; again to accept them  ({key})")
        self.accept.setToolTip(problem or rings.format(key=key_text("accept_sure")))


def _switch() -> QToolButton:
    button = QToolButton()
    button.setCheckable(True)
    return button
