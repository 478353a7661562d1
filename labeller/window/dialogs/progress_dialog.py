"""The project's progress: labels per day, seconds per image, accuracy, agreement, and classes that
need more labels."""

from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from labeller.care.progress import GOAL, labels_wanted, progress_page, write_progress
from labeller.core.errors import LabellerError
from labeller.window.kit.language import spoken, tr
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.labelling.session import Session

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
