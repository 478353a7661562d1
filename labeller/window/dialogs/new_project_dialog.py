"""Asks what a new project consists of."""

from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import (
    QButtonGroup,
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
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.pool.known_sets import NAMES
from labeller.project.planning import Request, looks_unsorted
from labeller.project.project import DEFAULT_BATCH_SIZE
from labeller.window.dialogs.reading_dialog import ResolutionChoice, channels_field
from labeller.window.dialogs.source_look import Look, SourceLook
from labeller.window.kit.language import mark, tr
from labeller.window.kit.widgets import ElidedLabel, PlainLabel

MEANINGS = {
    None: mark("Nothing; I'll label everything"),
    "labels": mark("Existing labels"),
    "truth": mark("Hidden labels, for the oracle (experiments)"),
}
ENCODINGS = ("utf-8", "gb18030", "big5", "cp932", "cp949", "cp1252", "cp1251", "cp437", "cp866")
NAMED = 6
"""Classes named before "and ... more"."""


class NewProjectDialog(QDialog):
    """Once accepted, `folder()` and `request()` say what to create or, for a project that grows,
    `request()` what to add."""

    def __init__(self, parent: QWidget | None = None, adding: bool = False) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add images") if adding else tr("New project"))
        self._adding = adding
        self._paged = self._guessed = False
        self._held_out = 0
        self._at = ""
        self._to_sort: tuple[str, ...] = ()
        self.images = QLineEdit()
        self.images.setPlaceholderText(
            tr("A folder, .zip or .csv, or a data set such as {name}").format(name=NAMES[0])
        )
        self.location = QLineEdit()
        self.location.setPlaceholderText(tr("A new folder for the project"))
        self.classes = QLineEdit()
        self.classes.setPlaceholderText(
            tr("cat, dog, ...   (empty: the folders' names, or none yet)")
        )
        self.found = ElidedLabel()
        self.meanings: dict[str | None, QRadioButton] = {}
        self.test = QLineEdit()
        self.test.setPlaceholderText(tr("Optional: labelled images for measuring accuracy"))
        self.resolution = ResolutionChoice()
        self.batch_size = QSpinBox()
        self.batch_size.setRange(1, 100_000)
        self.batch_size.setValue(DEFAULT_BATCH_SIZE)
        self.batch_size.setSuffix(tr(" images"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        title = tr("&Images")
        form.addRow(title, self._with_browse(self.images, title, files=True))
        form.addRow("", self.found)
        self.encoding = QComboBox()
        self.encoding.setEditable(True)
        self.encoding.addItems(ENCODINGS)
        self.encoding.setToolTip(tr("Choose another one if class names look garbled."))
        typed = self.encoding.lineEdit()
        assert typed is not None  # it is editable
        typed.setAccessibleName(tr("Names &in the archive").replace("&", ""))
        typed.editingFinished.connect(self._look_again)
        self.encoding.activated.connect(self._look_again)
        form.addRow(tr("Names &in the archive"), self.encoding)
        self.all_pages = QCheckBox(tr("Treat each pa&ge or frame of a file as an image"))
        form.addRow("", self.all_pages)
        self.channels = channels_field()
        form.addRow(tr("C&hannels of TIFFs"), self.channels)
        self._meaning_title = PlainLabel()
        form.addRow(self._meaning_title, self._choices())
        self.splits = QCheckBox()
        self.splits.setChecked(True)
        form.addRow("", self.splits)
        self.unsorted = QCheckBox()
        self.unsorted.setChecked(True)
        form.addRow("", self.unsorted)
        self._form = form
        for button in self.meanings.values():
            button.toggled.connect(self._show_splits)
        title = tr("&Project folder")
        place = self._with_browse(self.location, title, files=False)
        form.addRow(title, place)
        form.addRow(tr("&Classes"), self.classes)
        title = tr("&Held-out images")
        held_out = self._with_browse(self.test, title, files=True)
        form.addRow(title, held_out)
        form.addRow(tr("Training resolution (adva&nced)"), self.resolution)
        form.addRow(tr("&Batch"), self.batch_size)
        if adding:  # the project already has all that
            for row in (place, self.classes, held_out, self.resolution, self.batch_size):
                form.setRowVisible(row, False)
        note = PlainLabel(tr("Your images stay where they are and are never changed."))
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(tr("Add") if adding else tr("Create"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.problem = PlainLabel()
        self.problem.setWordWrap(True)
        self.problem.hide()
        font = self.problem.font()
        font.setBold(True)
        self.problem.setFont(font)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)
        self._look = SourceLook(self)
        self._look.found.connect(self._show_look)
        self.finished.connect(self._look.close)
        self.images.textChanged.connect(self._follow_images)
        for field in (self.images, self.location):
            field.textChanged.connect(self._check)
        self._follow_images("")
        self._check()
        self.resize(660, self.sizeHint().height())

    def folder(self) -> Path:
        return Path(self.location.text().strip()).expanduser()

    def show_problem(self, reason: str) -> None:
        """Show why the project could not be made."""
        self.problem.setText(reason)
        self.problem.show()

    def request(self) -> Request:
        source = "csv" if self._is_table() else "folders"
        kind = next(kind for kind, button in self.meanings.items() if button.isChecked())
        typed = self.classes.text().strip()
        return Request(
            images=self.images.text().strip(),
            classes=tuple(name.strip() for name in typed.split(",")) if typed else (),
            truth=source if kind == "truth" else None,
            labels=source if kind == "labels" else None,
            test=self.test.text().strip() or None,
            resolution=self.resolution.value(),
            batch_size=self.batch_size.value(),
            zip_encoding=self._encoding() or None,
            splits=self.splits.isChecked(),
            all_pages=self.all_pages.isChecked() and self._paged,
            unsorted=self._to_sort if kind and self.unsorted.isChecked() else (),
            channels=self.channels.text() if self._form.isRowVisible(self.channels) else "",
        )

    def _is_table(self) -> bool:
        return self.images.text().strip().lower().endswith(".csv")

    def _check(self) -> None:
        named = self._adding or self.location.text().strip()
        self._ok.setEnabled(bool(self.images.text().strip() and named))

    def _follow_images(self, images: str) -> None:
        """Look at a newly typed place, and suggest a project beside it unless the person has typed
        one."""
        images = images.strip()
        self._meaning_title.setText(
            tr("Column “label” holds") if self._is_table() else tr("Folder names are")
        )
        self.resolution.show_sample(None)
        self._allow(False)
        self._ask_about(Look(images))
        if images in NAMES and not Path(images).exists():
            self._look.ask("")
            self.found.setText(
                tr("The data set {name} with hidden labels; it is downloaded if need be.").format(
                    name=images
                )
            )
            return
        self.found.setText(tr("Looking ...") if images else "")
        self._look.ask(images)
        path = Path(images)
        packed = [parent for parent in path.parents if parent.is_file()]  # inside an archive
        path = packed[0] if packed else path
        if images and not self.location.isModified():
            home = path.parent if path.is_absolute() else Path(QDir.homePath())
            self.location.setText(str(home / tr("{stem} labels").format(stem=path.stem)))

    def _show_look(self, look: Look) -> None:
        """Show what was found there in a line, and one image."""
        if look.problem:
            self.found.setText(look.problem)
            return
        text = tr("%n image(s)", None, look.count)
        if look.classes:
            named = [f"{name} {count:,}" for name, count in look.classes[:NAMED]]
            if (more := len(look.classes) - NAMED) > 0:
                named.append(tr("and {count} more").format(count=more))
            text += ": " + ", ".join(named)
        if look.notes:
            text += ". " + " ".join(look.notes)
        self.found.setText(text)
        self.resolution.show_sample(look.sample)
        self._allow(bool(look.classes))
        self._ask_about(look)

    def _ask_about(self, look: Look) -> None:
        """Ask only about what has to be guessed."""
        self._paged = look.paged
        self._guessed = look.encoding is not None or (self._guessed and look.location == self._at)
        self._at = look.location
        if look.encoding is not None:
            self.encoding.setEditText(look.encoding)
        self._form.setRowVisible(self.encoding, self._guessed)
        self._form.setRowVisible(self.all_pages, look.paged)
        cannot_be_shown = bool(look.count) and look.sample is None and not self._adding
        self._form.setRowVisible(self.channels, cannot_be_shown)
        self._held_out = look.held_out
        self._show_splits()
        self.splits.setText(
            tr("&Hold out the %n image(s) of the test and validation splits", None, look.held_out)
        )
        self._to_sort = tuple(name for name, _ in look.classes if looks_unsorted(name))
        self._form.setRowVisible(self.unsorted, bool(self._to_sort))
        self.unsorted.setText(
            tr("“{names}” is &not a class: its images are unlabelled").format(
                names="”, “".join(self._to_sort).replace("&", "&&")
            )
        )

        if (layout := self.layout()) is not None:  # rows were added, and texts wrap
            layout.activate()
            wanted = layout.totalHeightForWidth(self.width())
            self.resize(self.width(), max(self.height(), wanted))

    def _show_splits(self, *_: object) -> None:
        """Offer to hold out splits if their images get labels, which measuring needs."""
        labelled = not self.meanings[None].isChecked()
        self._form.setRowVisible(self.splits, labelled and self._held_out > 0)

    def _encoding(self) -> str:
        """The chosen encoding; empty if there is nothing to choose."""
        return self.encoding.currentText().strip() if self._guessed else ""

    def _look_again(self, *_: object) -> None:
        self._look.ask(self.images.text().strip(), self._encoding())

    def _allow(self, labelled: bool) -> None:
        """Offer folder names as labels only if there are folders."""
        for kind, button in self.meanings.items():
            button.setEnabled(labelled or kind is None)
        if not labelled:
            self.meanings[None].setChecked(True)

    def _choices(self) -> QWidget:
        group, box = QButtonGroup(self), QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for kind, text in MEANINGS.items():
            button = QRadioButton(tr(text))
            group.addButton(button)
            column.addWidget(button)
            self.meanings[kind] = button
        self.meanings[None].setChecked(True)
        return box

    def _with_browse(self, field: QLineEdit, title: str, files: bool) -> QWidget:
        """A field with a button that opens the system's file dialog."""

        def choose_folder() -> None:
            if path := QFileDialog.getExistingDirectory(self, tr("Choose a folder"), field.text()):
                field.setText(path)

        def choose_file() -> None:
            path, _ = QFileDialog.getOpenFileName(
                self, tr("Choose a file"), field.text(), tr("Images (*.zip *.csv)")
            )
            if path:
                field.setText(path)

        field.setAccessibleName(title.replace("&", ""))
        button = QPushButton(tr("Browse ..."))
        button.setAccessibleDescription(field.accessibleName())
        if files:
            menu = QMenu(button)
            menu.addAction(tr("A folder ..."), choose_folder)
            menu.addAction(tr("A .zip or .csv file ..."), choose_file)
            button.setMenu(menu)
        else:
            button.clicked.connect(choose_folder)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(field, 1)
        layout.addWidget(button)
        row.setFocusProxy(field)
        return row
