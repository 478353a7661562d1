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
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from labeller.store.review import ORDERS, STATES, Question
from labeller.window.session import Session
from labeller.window.theme import ACCENT


class ReviewDialog(QDialog):
    """After it was accepted, `found` are the images and `title` says what they are."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Review")
        self._session, self._review = session, session.project.review
        self.found: list[int] = []
        self.title = ""
        self._classes = session.project.classes.all(archived=True)
        rounds = session.project.rounds.all()
        self.order = _choice(list(ORDERS.items()), None)
        self.state = _choice(list(STATES.items()), "Any state")
        self.of_class = _choice([(c.id, c.name) for c in self._classes], "Any class")
        self.annotator = _choice([(name, name) for name in self._review.annotators()], "Anybody")
        self.round = _choice([(r.id, f"Round {r.number}") for r in rounds], "Any round")
        self.matrix = QTableWidget()
        self._told = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.show_button = self.buttons.addButton("Show", QDialogButtonBox.ButtonRole.AcceptRole)
        self._confusion = self._review.confusion()
        if self._confusion:
            self.order.setCurrentIndex(list(ORDERS).index("mistakes"))
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
        self.title = f"Review: {self.order.currentText().lower()}"
        self._told.setText(f"{len(self.found)} image{'' if len(self.found) == 1 else 's'}")
        self.show_button.setEnabled(bool(self.found))

    def _open_cell(self, row: int, column: int) -> None:
        label, suggested = self._classes[row], self._classes[column]
        found = self._review.of_cell(label.id, suggested.id)
        if len(found):
            self.found = [int(image_id) for image_id in found]
            self.title = f"Review: labelled {label.name}, {suggested.name} to the model"
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
                item.setToolTip(f"{count} labelled {label.name}, {suggested.name} to the model")
                if count:
                    shade = QColor(ACCENT)
                    shade.setAlphaF(0.15 + 0.6 * count / most)
                    item.setBackground(shade)
                self.matrix.setItem(row, column, item)

    def _lay_out(self) -> None:
        form = QFormLayout()
        for title, box in (
            ("&Order", self.order), ("&State", self.state), ("&Class", self.of_class),
            ("&Annotator", self.annotator), ("&Round", self.round),
        ):  # fmt: skip
            form.addRow(title, box)
        self.matrix.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.matrix.setAccessibleName("Labels against the model")
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
            right.addWidget(QLabel("Labels (rows) against the newest model; click a cell"))
            right.addWidget(self.matrix, 1)
            upper.addLayout(right, 1)
            layout.addLayout(upper, 1)
            self.resize(940, 480)
        else:
            layout.addLayout(beside)
            layout.addWidget(QLabel("Once a model is trained, it can point at likely mistakes."))
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
