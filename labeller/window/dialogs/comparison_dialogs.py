"""Dialogs that show how the project is doing: labels compared between people and with the model's
earlier suggestions, and the progress page with labels per day, accuracy and what is still needed.
"""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHeaderView,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from labeller.care.progress import GOAL, labels_wanted, progress_page, write_progress
from labeller.core.errors import LabellerError
from labeller.project.project import Project
from labeller.store.agreement import conflicts, fleiss_kappa, pairs
from labeller.store.review import CELL, Question, Review
from labeller.window.kit.language import mark, spoken, tr
from labeller.window.kit.theme import ACCENT
from labeller.window.kit.widgets import PlainLabel, plain
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.labelling.session import Session

COLUMNS = (mark("First"), mark("Second"), mark("Images"), mark("Same labels"), mark("Cohen's κ"))


class AgreementDialog(QDialog):
    """Once accepted, `conflicts` are the images to resolve, with everybody's answers."""

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Agreement"))
        found = project.agreement.opinions()
        self.conflicts = project.agreement.disputed()
        disputed = {*conflicts(found), *self.conflicts}
        rows = pairs(found)
        self.table = QTableWidget(len(rows), len(COLUMNS))
        self.table.setHorizontalHeaderLabels([tr(title) for title in COLUMNS])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.setAccessibleName(tr("Agreement of every two people"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for row, pair in enumerate(rows):
            share = f"{pair.alike} ({pair.alike / pair.images:.0%})"
            kappa = "–" if pair.kappa is None else f"{pair.kappa:.2f}"
            for column, text in enumerate(
                (pair.first, pair.second, str(pair.images), share, kappa)
            ):
                self.table.setItem(row, column, QTableWidgetItem(text))
        overall = fleiss_kappa(found)
        sentence = tr(
            "No image has been labelled by two people yet. Give each person a name "
            "(Label, Who is labelling); then a second person can label the same "
            "images blind (Go, Label again)."
        )
        if rows or disputed:
            sentence = tr("%n image(s) were labelled differently.", None, len(disputed))
            if disputed:
                sentence += " " + tr(
                    "%n of them wait(s) for a decision.", None, len(self.conflicts)
                )
        if overall is not None:
            sentence += " " + tr("Fleiss' κ of all: {kappa}.").format(kappa=f"{overall:.2f}")
        self.words = PlainLabel(sentence)
        self.words.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.show_button = buttons.addButton(
            tr("Decide ..."), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.show_button.setEnabled(bool(self.conflicts))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table)
        self.table.setHidden(not rows)
        layout.addWidget(self.words)
        layout.addWidget(buttons)
        self.resize(560, 300 if rows else 130)


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
        self.matrix.setTabKeyNavigation(False)
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
                text = tr("{count} labelled {label}, suggested {said}").format(
                    count=count, label=label.name, said=said.name
                )
                item.setToolTip(plain(text))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
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


MOST_WANTED = 1_000_000


def show_progress(page: LabellingPage) -> None:
    dialog = ProgressDialog(page.session, page)
    dialog.exec()
    dialog.deleteLater()
    page.take_keyboard()


class ProgressDialog(QDialog):
    """`text` has the page that `labeller report --html` writes."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(tr("Progress"))
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("Progress"))
        self.wanted = QSpinBox()
        self.wanted.setRange(0, MOST_WANTED)
        self.wanted.setSpecialValueText(tr("No goal"))
        self.wanted.setValue(labels_wanted(session.project))
        self.wanted.setEnabled(not session.project.read_only)
        self.wanted.setKeyboardTracking(False)
        self.wanted.valueChanged.connect(self._want)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.save = buttons.addButton(
            tr("Save as HTML ..."), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.save.clicked.connect(self._ask_and_save)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(tr("Labels needed per class"), self.wanted)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        self.resize(760, 640)
        self.refresh()

    def refresh(self) -> None:
        self.text.setHtml(progress_page(self._session.project, tr))

    def save_to(self, path: Path) -> None:
        """Write the page; a file dialog has asked before it replaces a file."""
        try:
            write_progress(path, self._session.project, replace=True)
        except LabellerError as error:
            self._session.failed.emit(spoken(error))

    def _want(self, count: int) -> None:
        try:
            self._session.project.settings.choose(GOAL, count)
        except LabellerError as error:
            self._session.failed.emit(spoken(error))
        self.refresh()

    def _ask_and_save(self) -> None:
        name = f"{self._session.project.folder.name}.html"
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save as HTML"), name, "HTML (*.html)")
        if chosen:
            self.save_to(Path(chosen))
