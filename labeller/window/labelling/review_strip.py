"""Filters above the images while labels are reviewed or the pool is looked through."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from labeller.core.errors import LabellerError
from labeller.learning.learners import trains_network
from labeller.loop.round_settings import round_settings
from labeller.store.review import ALL, OF_POOL, ORDERS, STATES, Question
from labeller.window.kit.language import mark, spoken, tr
from labeller.window.kit.widgets import HandBack
from labeller.window.labelling.filter_line import ODD_WORDS, WORDS, FilterLine
from labeller.window.labelling.session import PAGE, Session

ORDER_WORDS = {
    "newest": mark("Newest first"),
    "mistakes": mark("Likely mistakes first"),
    "unsure": mark("Least confident first"),
    "sure": mark("Most confident first"),
    "imported": mark("In order of import"),
    "name": mark("By name"),
    "largest": mark("Largest first"),
    "smallest": mark("Smallest first"),
}
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
        self.filters = FilterLine(session, self._asked)
        self.filters.changed.connect(self.search)
        self.filters.left.connect(self.left)
        self.filters.view_chosen.connect(self._show_view)
        self.filters.turned.connect(self._turn)
        boxes = QHBoxLayout()
        for box in self._boxes:
            box.activated.connect(self._search_and_leave)
            HandBack(box, self.left.emit)
            boxes.addWidget(box, 1)
        boxes.addWidget(self.matrix)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.filters)
        layout.addLayout(boxes)
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

    def open_pool(self) -> None:
        """Show all images of the pool, with the cursor in the line of filters."""
        self._fill()
        self._show_question(Question(ALL, order="imported"))
        self.search()
        self.filters.text.setFocus()

    def search(self, start: int = 0) -> None:
        """Show the images that match the filters, from a place in the list on."""
        if self.order.currentData() is None:  # after a cell of the matrix
            self._choose(self.order, "newest")
        question = self._asked()
        chosen = [box.currentText() for box in self._boxes[1:] if box.currentData() is not None]
        parts = [self.order.currentText(), *chosen, *filter(None, [question.text])]
        title = tr("Images: {order}") if question.state in OF_POOL else tr("Review: {order}")
        title = title.format(order=" · ".join(parts))
        try:
            if self._compares(question):
                self._session.project.review.count(question)  # is it understood?
                self.odd_wanted.emit(question, title)
                self._follow_batch()  # until then, the previous list stays
            else:
                self._session.review(question, title, start)
        except LabellerError as error:
            self._session.announced.emit(spoken(error))
            self.filters.show_error(spoken(error))

    def _asked(self) -> Question:
        return Question(
            self.state.currentData(), self.of_class.currentData(), self.annotator.currentData(),
            self.round.currentData(), self.order.currentData(), self.filters.text.text().strip(),
        )  # fmt: skip

    def _show_view(self, question: Question) -> None:
        self._show_question(question)
        self._search_and_leave()

    def _turn(self, pages: int) -> None:
        self.search(max(0, self._session.batch.start + pages * PAGE))
        self.left.emit()

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
        self.filters.show_filters(question.text)

    def _fill(self) -> None:
        """Fill the boxes with what can be chosen now."""
        project = self._session.project
        anything = [
            ("state", tr("Any label")), ("class", tr("Any class")), ("annotator", tr("Anybody")),
            ("round", tr("Any round")),
        ]  # fmt: skip
        choices: dict[str, list] = {
            "state": [(name, tr(WORDS[name])) for name in STATES],
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
