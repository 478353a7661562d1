"""The confusion matrix: labels compared with the suggestions made before."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from labeller.store.review import CELL, Question, Review
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel, plain
from labeller.window.kit.theme import ACCENT
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.labelling.session import Session

NARROWEST, LARGEST = 44, (1100, 700)
"""Pixels: minimum width of a column; maximum initial size of the dialog."""


def show_matrix(page: LabellingPage) -> None:
    """Compare labels with earlier suggestions; a cell opens its images."""
    dialog = ConfusionDialog(page.session, page)
    if dialog.exec():
        page.session.look_through(dialog.found, dialog.title, question=Question(order=CELL))
    page.take_keyboard()


class ConfusionDialog(QDialog):
    """Once accepted, `found` are the images of a cell and `title` describes them."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Confusion matrix"))
        self._review: Review = session.project.review
        self._classes = session.project.classes.all(archived=True)
        self.found: list[int] = []
        self.title = ""
        self.matrix = QTableWidget(len(self._classes), len(self._classes))
        self.matrix.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.matrix.setAccessibleName(tr("Labels and suggestions"))
        self.matrix.cellActivated.connect(self._open_cell)
        self.matrix.cellClicked.connect(self._open_cell)
        self._fill()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(
            PlainLabel(
                tr(
                    "Rows are labels, columns what the model had suggested before. Click a "
                    "cell to see its images."
                )
            )
        )
        layout.addWidget(self.matrix, 1)
        layout.addWidget(buttons)
        self._fit()

    def _open_cell(self, row: int, column: int) -> None:
        label, said = self._classes[row], self._classes[column]
        found = self._review.of_cell(label.id, said.id)
        if len(found):
            self.found = [int(image_id) for image_id in found]
            self.title = tr("Review: labelled {label}, suggested {said}").format(
                label=label.name, said=said.name
            )
            self.accept()

    def _fill(self) -> None:
        names = [image_class.name for image_class in self._classes]
        self.matrix.setVerticalHeaderLabels(names)
        self.matrix.setHorizontalHeaderLabels(names)
        counts = self._review.confusion()
        most = max(counts.values(), default=1)
        for row, label in enumerate(self._classes):
            for column, said in enumerate(self._classes):
                count = counts.get((label.id, said.id), 0)
                item = QTableWidgetItem(str(count) if count else "")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                text = tr("{count} labelled {label}, suggested {said}")
                item.setToolTip(plain(text.format(count=count, label=label.name, said=said.name)))
                if count:
                    shade = QColor(ACCENT)
                    shade.setAlphaF(0.15 + 0.6 * count / most)
                    item.setBackground(shade)
                self.matrix.setItem(row, column, item)

    def _fit(self) -> None:
        """Make columns as wide as their names, and the dialog as large as needed."""
        across, down = self.matrix.horizontalHeader(), self.matrix.verticalHeader()
        across.setMinimumSectionSize(NARROWEST)
        across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        margins = self.contentsMargins()
        width = across.length() + down.sizeHint().width() + 60 + margins.left() + margins.right()
        height = down.length() + across.sizeHint().height() + 140
        self.resize(max(420, min(width, LARGEST[0])), max(260, min(height, LARGEST[1])))
