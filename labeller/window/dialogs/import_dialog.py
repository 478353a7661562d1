"""Importing labels from a file, with a preview of what would change."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from labeller.exchange.formats import FORMATS
from labeller.project.importing import (
    KEEP,
    LABELS,
    REPLACE,
    STOP,
    SUGGESTIONS,
    TRUTH,
    ImportOptions,
    LabelImport,
    plan_import,
)
from labeller.project.project import Project, explaining
from labeller.window.kit.language import mark, spoken, tr
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import Lookup

WAIT_MS = 300
SHOWN = 5
AS_WORDS = {
    LABELS: mark("As labels"),
    SUGGESTIONS: mark("As suggestions to accept or correct"),
    TRUTH: mark("As hidden labels, for the oracle"),
}
CONFLICT_WORDS = {
    STOP: mark("Import nothing if any label differs"),
    KEEP: mark("Keep existing labels"),
    REPLACE: mark("Replace existing labels (the log keeps them)"),
}


_Asked = tuple[str, str | None, ImportOptions]
"""A place, a format and how to import."""


def _planned(folder: Path, annotator: str, asked: _Asked) -> tuple[_Asked, LabelImport | Exception]:
    """Runs in a thread with its own connection."""
    place, format_name, options = asked
    try:
        with explaining(folder), Project(folder, read_only=True) as project:
            path = Path(place).expanduser()
            return asked, plan_import(project, path, annotator, format_name, options)
    except Exception as error:
        return asked, error


class ImportDialog(QDialog):
    """Once accepted, `place`, `format_name` and `options` say what to import."""

    def __init__(self, project: Project, annotator: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import labels"))
        self._folder, self._annotator = project.folder, annotator
        self._looking = False
        self._asked: _Asked | None = None
        self.file = QLineEdit()
        self.file.setAccessibleName(tr("&Labels in").replace("&", ""))
        self.file.setPlaceholderText(tr("A table, or a file or folder of another program"))
        self.format = QComboBox()
        self.format.addItem(tr("Detect automatically"), None)
        for name, one in FORMATS.items():
            if one.reads:
                self.format.addItem(f"{tr(one.title)}  ·  {name}", name)
        self.as_ = _choice(AS_WORDS)
        self.conflicts = _choice(CONFLICT_WORDS)
        self.new_classes = QCheckBox(tr("Create missing classes"))
        self.skip_unknown = QCheckBox(tr("Ignore images that are not in the project"))
        self.found = PlainLabel()
        self.found.setWordWrap(True)
        self.found.setMinimumHeight(self.fontMetrics().height() * 5)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("&Labels in"), self._with_browse())
        form.addRow(tr("&Format"), self.format)
        form.addRow(tr("&Import them"), self.as_)
        form.addRow(tr("&Conflicts"), self.conflicts)
        form.addRow("", self.new_classes)
        form.addRow("", self.skip_unknown)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = self.buttons.addButton(tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setEnabled(False)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.found, 1)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(620)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._look)
        self._lookup = Lookup()
        self._lookup.told.connect(self._show)
        self.file.textChanged.connect(self._change)
        for box in (self.format, self.as_, self.conflicts):
            box.currentIndexChanged.connect(self._change)
        for tick in (self.new_classes, self.skip_unknown):
            tick.toggled.connect(self._change)

    @property
    def place(self) -> Path:
        return Path(self.file.text().strip()).expanduser()

    @property
    def format_name(self) -> str | None:
        found = self.format.currentData()
        return None if found is None else str(found)

    @property
    def options(self) -> ImportOptions:
        return ImportOptions(
            str(self.as_.currentData()),
            str(self.conflicts.currentData()),
            self.new_classes.isChecked(),
            skip_unknown=self.skip_unknown.isChecked(),
        )

    def _change(self, *_: object) -> None:
        self.take.setEnabled(False)
        self.found.setText(tr("Looking ...") if self.file.text().strip() else "")
        self._timer.start()

    def _look(self) -> None:
        asked = (self.file.text().strip(), self.format_name, self.options)
        if asked[0] and not self._looking:
            self._looking, self._asked = True, asked
            self._lookup.start(partial(_planned, self._folder, self._annotator, asked))

    def _show(self, answer: "tuple[_Asked, LabelImport | Exception]") -> None:
        asked, result = answer
        self._looking = False
        if asked != (self.file.text().strip(), self.format_name, self.options):
            self._look()  # something else has been chosen since
            return
        if not isinstance(result, LabelImport):
            self.found.setText(spoken(result))
            return
        self.found.setText("\n".join(_in_words(result, asked[2])))
        stopped = result.conflicts and asked[2].conflicts == STOP
        self.take.setEnabled(bool(result.count or result.unchanged) and not stopped)

    def _with_browse(self) -> QWidget:
        button = QPushButton(tr("Browse ..."))
        menu = QMenu(button)
        menu.addAction(tr("A file ..."), self._choose_file)
        menu.addAction(tr("A folder ..."), self._choose_folder)
        button.setMenu(menu)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.file, 1)
        layout.addWidget(button)
        row.setFocusProxy(self.file)
        return row

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Import labels"), self.file.text())
        if path:
            self.file.setText(path)

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Import labels"), self.file.text())
        if path:
            self.file.setText(path)


def _choice(words: dict[str, str]) -> QComboBox:
    box = QComboBox()
    for name, text in words.items():
        box.addItem(tr(text), name)
    return box


def _in_words(plan: LabelImport, options: ImportOptions) -> list[str]:
    """The changes, one line each."""
    lines = [tr("%n label(s) to import", None, len(plan.labels))]
    if plan.aside:
        lines.append(tr("%n image(s) to put aside", None, len(plan.aside)))
    if plan.unchanged:
        lines.append(tr("%n image(s) already have the same label", None, plan.unchanged))
    if plan.new_classes:
        names = ", ".join(plan.new_classes[:SHOWN])
        lines.append(tr("New classes: {names}").format(names=names))
    if plan.unknown:
        lines.append(tr("%n image(s) are not in the project", None, plan.unknown))
    if plan.of_models:
        lines.append(tr("%n label(s) given by models left out", None, plan.of_models))
    if plan.conflicts:
        shown = ", ".join(f"{c.path}: {c.ours} → {c.theirs}" for c in plan.conflicts[:SHOWN])
        text = tr("%n image(s) have a different label", None, len(plan.conflicts))
        lines.append(f"{text} ({shown})")
        if options.conflicts == STOP:
            lines.append(tr("Choose what to do about conflicts."))
    return lines
