"""Suggestions of the model: which are confident enough to be accepted together, and the bar
above the batch that shows, groups or accepts them."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QToolButton, QWidget

from labeller.core.intervals import wilson
from labeller.learning.learners import is_calibrated
from labeller.loop.pool_prediction import most_confident
from labeller.store.classes import ImageClass
from labeller.store.predictions import Record
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.preferences import settings
from labeller.window.kit.widgets import ElidedLabel, HandBack
from labeller.window.labelling.session import Session

DEFAULT_LEAST = 95
ENOUGH = 20
"""Labels or comparisons needed before suggestions are trusted."""


class BulkAcceptPolicy:
    """Asks the session's batch and what the project has kept of earlier answers.

    The most confident open suggestions are accepted together: as many as have a mean confidence of
    at least `least` per cent. Confidences of models on a pretrained encoder are calibrated on the
    person's own labels; those of a network have to prove themselves first.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.least = int(str(settings().value("expected_right", DEFAULT_LEAST)))
        self._most_confident: list[int] | None = None
        self._lowest = 0.0
        self._calibrated: dict[int, bool] = {}
        for signal in (session.labels_changed, session.batch_changed, session.classes_changed):
            signal.connect(self._forget)

    def set_least(self, percent: int) -> None:
        """Set the target precision, in per cent."""
        self.least = percent
        settings().setValue("expected_right", percent)
        self._session.labels_changed.emit(list(range(len(self._session.images))))

    def words(self, image_class: ImageClass, confidence: float) -> str:
        """A suggestion in words; with a number only if that means something."""
        sure = self.positions() and confidence >= self._lowest
        return f"{image_class.name}?{f' {confidence:.0%}' if sure else ''}"

    def positions(self) -> list[int]:
        """Positions of the open images whose suggestions would be accepted together."""
        if self._most_confident is None:
            self._most_confident = sorted(self._find_most_confident())
            found = [self._confidence(place) for place in self._most_confident]
            self._lowest = min(found, default=self.least / 100)
        return self._most_confident

    def expected(self) -> float:
        """The expected precision of these, between 0 and 1; 0 if there are none."""
        confidences = [self._confidence(place) for place in self.positions()]
        return sum(confidences) / max(1, len(confidences))

    def record(self) -> Record:
        """How often suggestions at least as confident as the least confident of these were correct,
        judged by the labels given afterwards."""
        self.positions()
        return self._session.project.prior_predictions.record(self._lowest)

    def problem(self, record: Record) -> str | None:
        """Why they cannot be accepted together, as a sentence."""
        if not self.positions():
            return tr("No open image has a suggestion confident enough for {least}.").format(
                least=f"{self.least} %"
            )
        if unseen := self._unseen_class():
            return tr(
                "The most confident suggestions cannot be accepted together: the model has never "
                "seen “{name}”. Train again."
            ).format(name=unseen)
        compared, labelled = record.compared, self._session.summary.labelled
        if self._are_calibrated():
            if labelled < ENOUGH:
                return tr(
                    "Accepting the most confident suggestions together needs {enough} labels; "
                    "there are {count}."
                ).format(enough=ENOUGH, count=labelled)
        elif compared < ENOUGH:
            return tr(
                "Accepting the most confident suggestions together needs {enough} that have been "
                "checked against labels; {count} so far."
            ).format(enough=ENOUGH, count=compared)
        if compared >= ENOUGH and 100 * wilson(record.right, compared).high < self.least:
            return tr(
                "The most confident suggestions cannot be accepted together: only {right} of "
                "{compared} checked so far were correct."
            ).format(right=record.right, compared=compared)
        return None

    def _unseen_class(self) -> str:
        """A class with labels that the suggesting model was not trained on."""
        session = self._session
        model, suggestion = session.newest_model, session.batch.suggestion_at(self.positions()[0])
        if model is None or suggestion is None or suggestion.run_id != model.id:
            return ""  # a live head knows the current classes
        carried = (c for c in session.classes if c.id in session.summary.by_class)
        return next((c.name for c in carried if model.classes and c.id not in model.classes), "")

    def _find_most_confident(self) -> list[int]:
        places = [p for p in self._session.open_positions() if self._session.suggested(p)]
        places.sort(key=lambda place: -self._confidence(place))
        confidences = np.array([self._confidence(place) for place in places])
        return places[: most_confident(confidences, self.least / 100)]

    def _confidence(self, place: int) -> float:
        suggested = self._session.suggested(place)
        return suggested[1] if suggested else 0.0

    def _are_calibrated(self) -> bool:
        """Whether the confidences of the suggesting model are calibrated."""
        suggestion = self._session.batch.suggestion_at(self.positions()[0])
        assert suggestion is not None
        run_id = suggestion.run_id
        if run_id not in self._calibrated:
            self._calibrated[run_id] = is_calibrated(self._session.project.runs.get(run_id).encoder)
        return self._calibrated[run_id]

    def _forget(self, *_: object) -> None:
        self._most_confident = None


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
        self.accept = QPushButton(tr("Accept most confident"))
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
        self.least.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not take it
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
