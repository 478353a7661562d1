"""Choosing what to export, in which format and layout."""

from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.core.run import Run
from labeller.exchange.dataset import COPIES, Writing
from labeller.exchange.formats import FORMATS
from labeller.loop.model_files import MODEL_FORMATS, export_model
from labeller.project.exporting import Choices, Exported
from labeller.project.exporting import export as export_labels
from labeller.project.guidelines import has_guidelines
from labeller.project.project import Project
from labeller.window.kit.language import mark, tr
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import READ_ONLY, Operation
from labeller.window.labelling.labelling_page import LabellingPage

COPY_WORDS = {
    "copy": mark("Copies of the images"),
    "hardlink": mark("Hard links, which take no space"),
    "symlink": mark("Symbolic links to the images"),
}
EVERYBODY, MAJORITY = "everybody", "majority"
SHARES = {
    mark("Share for training"): 80,
    mark("Share for validation"): 10,
    mark("Share for testing"): 10,
}
NAMED = 5
"""Maximum number of files named in a message."""


@dataclass(frozen=True)
class Wanted:
    """An export that was asked for.

    Attributes:
        choices: None for a model.
        replace: whether an existing file may be replaced.
        keeps_alike: near-duplicates go into the same split.
    """

    format_name: str
    output: Path
    choices: Choices | None
    replace: bool
    keeps_alike: bool = False


def export(page: LabellingPage) -> None:
    """Ask what to export, and write it while the person keeps labelling."""
    dialog = ExportDialog(page.session.project, page)
    if dialog.exec() and dialog.wanted is not None:
        page.learning.start(write_export(page, dialog.wanted))


def write_export(page: LabellingPage, wanted: Wanted) -> Operation:
    """Write labels or the newest model."""

    def write(project: Project, run: Run) -> Exported | None:
        choices = wanted.choices
        if choices is None:
            export_model(project, wanted.format_name, wanted.output, wanted.replace)
            return None
        if wanted.keeps_alike and choices.shares is not None:
            from labeller.loop.oddities import groups_alike

            carrying = project.label_reader.classes()[0].tolist()
            choices = replace(choices, alike=groups_alike(project, carrying, run))
        name, output = wanted.format_name, wanted.output
        return export_labels(project, name, output, choices, wanted.replace, run)

    def tell(done: Exported | None) -> None:
        what = tr("The model was written.")
        if done is not None:
            what = tr("%n label(s) written.", None, done.labels)
        page.learning.announced.emit(what)
        more = "\n\n".join([str(wanted.output), *(_remarks_on(done) if done else ())])
        folder = QUrl.fromLocalFile(str(wanted.output.parent))
        page.offered.emit(what, more, tr("Open folder"), lambda: QDesktopServices.openUrl(folder))

    return Operation(tr("Writing the export"), write, tell, opening=READ_ONLY)


def _beside(output: Path) -> Path:
    """A new folder for the guidelines beside an export."""
    ends = chain([""], (f"-{number}" for number in count(2)))
    places = (output.with_name(f"{output.stem}-guidelines{end}") for end in ends)
    return next(place for place in places if not place.exists())


def _remarks_on(done: Exported) -> list[str]:
    """What an export left out, and contradictions."""
    remarks = []
    for text, paths in (
        (tr("Left out because the file is missing: {paths}"), done.missing),
        (tr("Left out because the file has changed since the import: {paths}"), done.changed),
        (
            tr("Copies of the same image with different labels: {paths}"),
            tuple(f"({', '.join(copies)})" for copies in done.contradictions),
        ),
    ):
        if paths:
            more = " …" if paths[NAMED:] else ""
            remarks.append(text.format(paths=", ".join(paths[:NAMED]) + more))
    return remarks


class ExportDialog(QDialog):
    """Once accepted, `wanted` says what to write."""

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self._project = project
        self._status = project.status()
        self._has_model = project.runs.newest_usable() is not None
        self.wanted: Wanted | None = None
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Find a format"))
        self.filter.setAccessibleName(tr("Find a format"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.formats = QListWidget()
        self.formats.setAccessibleName(tr("Formats"))
        self.formats.setMinimumWidth(300)
        self.formats.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name, title in self._titles().items():
            item = QListWidgetItem(f"{tr(title)}  ·  {name}")
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.formats.addItem(item)
        self.layout_words = PlainLabel()
        self.layout_words.setWordWrap(True)
        self.layout_words.setStyleSheet("font-family: monospace;")
        self.layout_words.setMinimumHeight(self.fontMetrics().height() * 4)
        self.layout_words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._build_choices()
        self.summary = PlainLabel()
        self.summary.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = self.buttons.addButton(
            tr("&Export ..."), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.buttons.accepted.connect(self._choose_place)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self.formats.currentRowChanged.connect(self._show_format)
        self.formats.setCurrentRow(0)
        self.resize(820, self.sizeHint().height())

    @property
    def format_name(self) -> str:
        item = self.formats.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def choices(self) -> Choices:
        """The options chosen for labels."""
        who = self.who.currentData()
        shares = tuple(field.value() / 100 for field in self.shares)
        train, validation, test = shares
        return Choices(
            aside=self.aside.isChecked() and self.aside.isEnabled(),
            by_model=self.by_model.isChecked(),
            held_out=self.held_out.isChecked(),
            annotator="" if who in (EVERYBODY, MAJORITY) else str(who),
            majority=who == MAJORITY,
            shares=(train, validation, test) if self.split.isChecked() else None,
            writing=Writing(
                copies=str(self.copies.currentData()), absolute=self.absolute.isChecked()
            ),
        )

    def choose(self, format_name: str) -> None:
        """Select a format."""
        for row in range(self.formats.count()):
            if self.formats.item(row).data(Qt.ItemDataRole.UserRole) == format_name:
                self.formats.setCurrentRow(row)

    def _titles(self) -> dict[str, str]:
        models = {name: title for name, (title, _) in MODEL_FORMATS.items()}
        return {name: one.title for name, one in FORMATS.items()} | models

    def _build_choices(self) -> None:
        project, counts = self._project, self._project.images.counts()
        self.aside = QCheckBox(tr("Also %n image(s) put aside", None, self._status.skipped))
        self.by_model = QCheckBox(tr("Also %n label(s) of the model", None, self._status.by_model))
        self.by_model.setChecked(True)
        self.by_model.setVisible(bool(self._status.by_model))
        self.held_out = QCheckBox(tr("Also %n held-out image(s)", None, counts["test"]))
        self.held_out.setVisible(bool(counts["test"]))
        self.who = QComboBox()
        self.who.addItem(tr("Current labels"), EVERYBODY)
        people = sorted({name for said in project.agreement.opinions().values() for name in said})
        if len(people) > 1:
            self.who.addItem(tr("Majority vote"), MAJORITY)
            for name in people:
                self.who.addItem(tr("Labels by {name}").format(name=name), name)
        self.split = QCheckBox(tr("Split each class into train, validation and test"))
        self.shares = []
        for part, share in SHARES.items():
            field = QSpinBox()
            field.setAccessibleName(tr(part))
            field.setRange(0, 100)
            field.setValue(share)
            field.setSuffix(" %")
            field.setEnabled(False)
            field.valueChanged.connect(self._show_summary)
            self.split.toggled.connect(field.setEnabled)
            self.shares.append(field)
        self.split.toggled.connect(self._show_summary)
        self.alike = QCheckBox(
            tr("Keep near-duplicates in the same split (exact copies always are)")
        )
        self.alike.setEnabled(False)
        self.split.toggled.connect(self.alike.setEnabled)
        self.copies = QComboBox()
        for name in COPIES:
            self.copies.addItem(tr(COPY_WORDS[name]), name)
        self.absolute = QCheckBox(tr("Absolute paths"))
        self.guidelines = QCheckBox(
            tr("Guidelines and examples of the classes, in a folder beside it")
        )
        there_are = has_guidelines(project)
        self.guidelines.setVisible(there_are)
        self.guidelines.setChecked(there_are)
        self.aside.toggled.connect(self._show_summary)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.filter)
        left.addWidget(self.formats, 1)
        spans = QHBoxLayout()
        for field in self.shares:
            spans.addWidget(field)
        spans.addStretch()
        self.form = QFormLayout()
        self.form.addRow(tr("Layout"), self.layout_words)
        self.form.addRow(tr("&Labels"), self.who)
        for box in (self.aside, self.by_model, self.held_out, self.split):
            self.form.addRow("", box)
        self.form.addRow("", spans)
        self.form.addRow("", self.alike)
        self.form.addRow(tr("&Images"), self.copies)
        self.form.addRow("", self.absolute)
        self.form.addRow("", self.guidelines)
        right = QVBoxLayout()
        right.addLayout(self.form)
        right.addStretch()
        right.addWidget(self.summary)
        columns = QHBoxLayout()
        columns.addLayout(left, 1)
        columns.addLayout(right, 2)
        layout = QVBoxLayout(self)
        layout.addLayout(columns, 1)
        layout.addWidget(self.buttons)

    def _filter(self, text: str) -> None:
        for row in range(self.formats.count()):
            item = self.formats.item(row)
            item.setHidden(text.strip().casefold() not in item.text().casefold())
        current = self.formats.currentItem()
        if current is None or current.isHidden():
            shown = (r for r in range(self.formats.count()) if not self.formats.item(r).isHidden())
            self.formats.setCurrentRow(next(shown, -1))

    def _show_format(self, *_: object) -> None:
        name = self.format_name
        one = FORMATS.get(name)
        self.layout_words.setText(one.layout if one else tr("The newest model, NAME.json, NAME.md"))
        for widget in (
            self.who, self.aside, self.by_model, self.held_out, self.split, self.absolute,
            self.guidelines,
        ):  # fmt: skip
            widget.setEnabled(one is not None)
        self.aside.setEnabled(one is not None and one.aside and self._status.skipped > 0)
        self.copies.setEnabled(one is not None and one.images and not one.suffix)
        for field in self.shares:
            field.setEnabled(one is not None and self.split.isChecked())
        self._show_summary()

    def _show_summary(self, *_: object) -> None:
        """Show what would be written, or why nothing can be."""
        status = self._status
        problem = ""
        if self.format_name in MODEL_FORMATS:
            text = tr("The newest model, with its classes and a model card.")
            if not self._has_model:
                problem = tr("There is no trained model yet.")
        else:
            text = tr("%n label(s)", None, status.labelled)
            text += " " + tr("of {count} classes").format(count=status.classes)
            if self.aside.isChecked() and self.aside.isEnabled():
                text += ", " + tr("%n put aside", None, status.skipped)
            total = sum(field.value() for field in self.shares)
            if self.split.isChecked() and total != 100:
                problem = tr("The splits add up to {total} %, not 100 %.").format(total=total)
            if not status.labelled + status.by_model:
                problem = tr("There are no labels yet.")
        if not self.format_name:
            problem = tr("No such format.")
        self.summary.setText(problem or text)
        self.save.setEnabled(not problem)

    def _choose_place(self) -> None:
        """Ask for a file name; stay open if the person cancels."""
        name = self.format_name
        suffix = MODEL_FORMATS[name][1] if name in MODEL_FORMATS else FORMATS[name].suffix
        folder = self._project.folder
        suggestion = folder.parent / f"{folder.name}-{name}{suffix}"
        path, _ = QFileDialog.getSaveFileName(self, tr("Export"), str(suggestion))
        if not path:
            return
        output = Path(path)
        if suffix and not output.suffix:
            output = output.with_suffix(suffix)
        choices = None if name in MODEL_FORMATS else self.choices()
        if choices is not None and self.guidelines.isChecked():
            choices = replace(choices, guidelines=_beside(output))
        # The dialog has asked about replacing a file, but only for the name that was typed.
        self.wanted = Wanted(name, output, choices, output == Path(path), self.alike.isChecked())
        self.accept()
