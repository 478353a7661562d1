"""Filters above the images while labels are reviewed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from labeller.learning.learners import trains_network
from labeller.loop.round_settings import round_settings
from labeller.store.review import ORDERS, STATES, Question
from labeller.window.kit.language import mark, tr
from labeller.window.kit.widgets import HandBack
from labeller.window.labelling.session import Session

ORDER_WORDS = {
    "newest": mark("Newest first"),
    "mistakes": mark("Likely mistakes first"),
    "unsure": mark("Least confident first"),
    "sure": mark("Most confident first"),
}
STATE_WORDS = {
    "labelled": mark("Labelled"),
    "skipped": mark("Skipped without a reason"),
    "unsure": mark("Unsure"),
    "not-any-class": mark("Not any class"),
    "bad-image": mark("Bad image"),
    "noted": mark("With a note"),
    "suggested": mark("Accepted suggestions"),
    "model": mark("Labelled by the model"),
}
ODD_WORDS = {
    "near-duplicates": mark("Near-duplicates"),
    "outliers": mark("Outliers, furthest first"),
}
"""Orders that need the images' features (labeller/loop/oddities.py)."""
SHORTEST = 4
"""Letters of a choice that are always visible."""


class ReviewStrip(QWidget):
    """The boxes always show the filters of the list on screen, wherever it came from.

    Signals: left(): the keyboard belongs to the images again; matrix_wanted(); odd_wanted(question,
    title): a question whose order needs the images' features.
    """

    left = Signal()
    matrix_wanted = Signal()
    odd_wanted = Signal(object, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.order = _box(tr("Order"))
        self.state = _box(tr("State"))
        self.of_class = _box(tr("Class"))
        self.annotator = _box(tr("Annotator"))
        self.round = _box(tr("Round"))
        self.matrix = QPushButton(tr("Matrix ..."))
        self.matrix.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.matrix.clicked.connect(self.matrix_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for box in self._boxes:
            box.activated.connect(self._search_and_leave)
            HandBack(box, self.left.emit)
            layout.addWidget(box, 1)
        layout.addWidget(self.matrix)
        session.batch_changed.connect(self._follow_batch)
        self.hide()  # until it is laid out: without a parent it would be a window

    def open(self) -> None:
        """Show likely mistakes; if there are none, show the newest labels and say why."""
        self._fill()
        review = self._session.project.review
        mistakes = Question(order="mistakes")
        if self._compares(mistakes) or len(review.find(mistakes, 1)):
            self._show_question(mistakes)
            self.search()
        else:
            self._show_question(Question())
            self.search()
            self._session.announced.emit(
                tr("No label differs from the model's earlier suggestion. These are the newest.")
                if review.confusion()
                else tr("There were no suggestions before these labels were given. Newest first.")
            )

    def search(self) -> None:
        """Show the images that match the filters."""
        if self.order.currentData() is None:  # after a cell of the matrix
            self._choose(self.order, "newest")
        question = Question(
            self.state.currentData(), self.of_class.currentData(), self.annotator.currentData(),
            self.round.currentData(), self.order.currentData(),
        )  # fmt: skip
        chosen = [box.currentText() for box in self._boxes[1:] if box.currentData() is not None]
        title = tr("Review: {order}").format(order=" · ".join([self.order.currentText(), *chosen]))
        if self._compares(question):
            self.odd_wanted.emit(question, title)
            self._follow_batch()  # until then, the previous list stays
        else:
            self._session.review(question, title)

    def open_model_labels(self) -> None:
        """Review what a model labelled, least confident first."""
        self._fill()
        self._show_question(Question("model", order="unsure"))
        self.search()

    @property
    def _boxes(self) -> tuple[QComboBox, ...]:
        return self.order, self.state, self.of_class, self.annotator, self.round

    def _search_and_leave(self) -> None:
        self.search()
        self.left.emit()

    def _follow_batch(self) -> None:
        question = self._session.batch.question
        self.setVisible(question is not None)
        if question is not None:
            self._fill()
            self._show_question(question)

    def _compares(self, question: Question) -> bool:
        """Whether the images' features are needed. Likely mistakes are found better that way (by
        cross-validation) than from earlier suggestions."""
        encoder = round_settings(self._session.project).method.encoder
        return question.order in ODD_WORDS or (
            question.order == "mistakes" and not trains_network(encoder)
        )

    def _show_question(self, question: Question) -> None:
        for box, value in zip(
            self._boxes,
            (question.order, question.state, question.class_id, question.annotator,
             question.round_id),
            strict=True,
        ):  # fmt: skip
            self._choose(box, value)

    def _fill(self) -> None:
        """Fill the boxes with what can be chosen now."""
        project = self._session.project
        anything = [
            ("state", tr("Any state")), ("class", tr("Any class")), ("annotator", tr("Anybody")),
            ("round", tr("Any round")),
        ]  # fmt: skip
        choices: dict[str, list] = {
            "state": [(name, tr(STATE_WORDS[name])) for name in STATES],
            "class": [(c.id, c.name) for c in project.classes.all(archived=True)],
            "annotator": [(name, name) for name in project.review.annotators()],
            "round": [
                (r.id, tr("Round {number}").format(number=r.number)) for r in project.rounds.all()
            ],
        }
        orders = [(name, ORDER_WORDS[name]) for name in ORDERS] + list(ODD_WORDS.items())
        _offer(self.order, [(name, tr(words)) for name, words in orders])
        for box, (name, any_one) in zip(self._boxes[1:], anything, strict=True):
            _offer(box, [(None, any_one), *choices[name]])
        self.matrix.setEnabled(bool(project.review.confusion()))
        self.matrix.setToolTip(
            tr("Labels compared with the suggestions made before them; click a cell")
            if self.matrix.isEnabled()
            else tr("There were no suggestions before these labels were given")
        )

    @staticmethod
    def _choose(box: QComboBox, value: object) -> None:
        box.setCurrentIndex(box.findData(value))


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not take the focus
    box.setMinimumContentsLength(SHORTEST)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _offer(box: QComboBox, choices: list) -> None:
    box.clear()
    for value, text in choices:
        box.addItem(text, value)
