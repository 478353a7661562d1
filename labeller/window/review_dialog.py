"""Which labels to look through: by class, person, round and state, or by what the model doubts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from labeller.store.review import ORDERS, STATES, Question
from labeller.window.language import mark, tr
from labeller.window.plain_text import PlainLabel, plain
from labeller.window.session import Session
from labeller.window.theme import ACCENT

ORDER_WORDS = {
    "newest": mark("Newest first"),
    "mistakes": mark("Likely mistakes first"),
    "unsure": mark("Least sure first"),
    "sure": mark("Surest first"),
}
STATE_WORDS = {
    "labelled": mark("Labelled"),
    "skipped": mark("Skipped without a reason"),
    "unsure": mark("Unsure"),
    "not-any-class": mark("Not any class"),
    "bad-image": mark("Bad image"),
    "noted": mark("With a note"),
    "suggested": mark("Accepted suggestions"),
}


class ReviewDialog(QDialog):
    """After it was accepted, `found` are the images and `title` says what they are."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Review"))
        self._session, self._review = session, session.project.review
        self.found: list[int] = []
        self.title = ""
        self._classes = session.project.classes.all(archived=True)
        rounds = session.project.rounds.all()
        self.order = _choice([(name, tr(ORDER_WORDS[name])) for name in ORDERS], None)
        self.state = _choice([(name, tr(STATE_WORDS[name])) for name in STATES], tr("Any state"))
        self.of_class = _choice([(c.id, c.name) for c in self._classes], tr("Any class"))
        self.annotator = _choice(
            [(name, name) for name in self._review.annotators()], tr("Anybody")
        )
        self.round = _choice(
            [(r.id, tr("Round {number}").format(number=r.number)) for r in rounds], tr("Any round")
        )
        self.matrix = QTableWidget()
        self._told = PlainLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.show_button = self.buttons.addButton(
            tr("Show"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._confusion = self._review.confusion()
        if self._confusion:
            self.order.setCurrentIndex(ORDERS.index("mistakes"))
        self._lay_out()
        self._fill_matrix()
        for box in (self.order, self.state, self.of_class, self.annotator, self.round):
            box.currentIndexChanged.connect(self.search)
        self.search()

    def search(self, *_: object) -> None:
        """Look how many images fit."""
        question = Question(
            self.state.currentData(), self.of_class.currentData(), self.annotator.currentData(),
            self.round.currentData(), self.order.currentData(),
        )  # fmt: skip
        self.found = [int(image_id) for image_id in self._review.find(question)]
        self.title = tr("Review: {order}").format(order=self.order.currentText())
        self._told.setText(tr("%n image(s)", None, len(self.found)))
        self.show_button.setEnabled(bool(self.found))

    def _open_cell(self, row: int, column: int) -> None:
        label, suggested = self._classes[row], self._classes[column]
        found = self._review.of_cell(label.id, suggested.id)
        if len(found):
            self.found = [int(image_id) for image_id in found]
            self.title = tr("Review: labelled {label}, {suggested} to the model").format(
                label=label.name, suggested=suggested.name
            )
            self.accept()

    def _fill_matrix(self) -> None:
        """Rows are labels, columns what the model says; a click on a cell opens its images."""
        names = [image_class.name for image_class in self._classes]
        self.matrix.setRowCount(len(names))
        self.matrix.setColumnCount(len(names))
        self.matrix.setVerticalHeaderLabels(names)
        self.matrix.setHorizontalHeaderLabels(names)
        most = max(self._confusion.values(), default=1)
        for row, label in enumerate(self._classes):
            for column, suggested in enumerate(self._classes):
                count = self._confusion.get((label.id, suggested.id), 0)
                item = QTableWidgetItem(str(count) if count else "")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                item.setToolTip(
                    plain(
                        tr("{count} labelled {label}, {suggested} to the model").format(
                            count=count, label=label.name, suggested=suggested.name
                        )
                    )
                )
                if count:
                    shade = QColor(ACCENT)
                    shade.setAlphaF(0.15 + 0.6 * count / most)
                    item.setBackground(shade)
                self.matrix.setItem(row, column, item)

    def _lay_out(self) -> None:
        form = QFormLayout()
        for title, box in (
            (tr("&Order"), self.order), (tr("&State"), self.state), (tr("&Class"), self.of_class),
            (tr("&Annotator"), self.annotator), (tr("&Round"), self.round),
        ):  # fmt: skip
            form.addRow(title, box)
        self.matrix.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.matrix.setAccessibleName(tr("Labels against the model"))
        self.matrix.horizontalHeader().setDefaultSectionSize(54)
        self.matrix.cellClicked.connect(self._open_cell)
        beside = QVBoxLayout()
        beside.addLayout(form)
        beside.addStretch()
        layout = QVBoxLayout(self)
        if self._confusion:
            upper = QHBoxLayout()
            upper.addLayout(beside)
            right = QVBoxLayout()
            right.addWidget(PlainLabel(tr("Labels (rows) against the newest model; click a cell")))
            right.addWidget(self.matrix, 1)
            upper.addLayout(right, 1)
            layout.addLayout(upper, 1)
            self.resize(940, 480)
        else:
            layout.addLayout(beside)
            layout.addWidget(
                PlainLabel(tr("Once a model is trained, it can point at likely mistakes."))
            )
        foot = QHBoxLayout()
        foot.addWidget(self._told)
        foot.addStretch()
        foot.addWidget(self.buttons)
        layout.addLayout(foot)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)


def _choice(choices: list, anything: str | None) -> QComboBox:
    """A list to choose from; `anything` stands for None and comes first."""
    box = QComboBox()
    if anything is not None:
        box.addItem(anything, None)
    for value, text in choices:
        box.addItem(text, value)
    return box
