"""Asks what a new project is made of."""

from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.creation import Request
from labeller.pool.cache import RESOLUTIONS
from labeller.pool.torchvision_sets import NAMES
from labeller.project import DEFAULT_BATCH_SIZE, DEFAULT_RESOLUTION
from labeller.window.language import mark, tr
from labeller.window.plain_text import PlainLabel

FOLDER_MEANINGS = (
    (mark("nothing"), None, None),
    (mark("labels that are given"), "labels", "folders"),
    (mark("hidden labels, for the oracle"), "truth", "folders"),
    (mark("(.csv) its column 'label' holds given labels"), "labels", "csv"),
    (mark("(.csv) its column 'label' holds hidden labels"), "truth", "csv"),
)


class NewProjectDialog(QDialog):
    """After `accept`, `folder()` and `request()` say what to make."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New project"))
        self.images = QLineEdit()
        self.images.setPlaceholderText(
            tr("A folder, .zip or .csv, or one of {names}").format(names=", ".join(NAMES))
        )
        self.location = QLineEdit()
        self.location.setPlaceholderText(tr("A new folder for what you label"))
        self.classes = QLineEdit()
        self.classes.setPlaceholderText(tr("cat, dog, ...   (empty: as the folders are named)"))
        self.meaning = QComboBox()
        self.meaning.addItems([tr(title) for title, _, _ in FOLDER_MEANINGS])
        self.test = QLineEdit()
        self.test.setPlaceholderText(tr("Optional: labelled images to measure the accuracy on"))
        self.resolution = QSpinBox()
        self.resolution.setRange(RESOLUTIONS[0], RESOLUTIONS[-1])
        self.resolution.setValue(DEFAULT_RESOLUTION)
        self.resolution.setSuffix(tr(" pixels"))
        self.batch_size = QSpinBox()
        self.batch_size.setRange(1, 100_000)
        self.batch_size.setValue(DEFAULT_BATCH_SIZE)
        self.batch_size.setSuffix(tr(" images"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("&Images"), self._with_browse(self.images, files=True))
        form.addRow(tr("&Project folder"), self._with_browse(self.location, files=False))
        form.addRow(tr("&Classes"), self.classes)
        form.addRow(tr("&Folder names are"), self.meaning)
        form.addRow(tr("&Held-out images"), self._with_browse(self.test, files=True))
        form.addRow(tr("&Training resolution"), self.resolution)
        form.addRow(tr("&Batch"), self.batch_size)
        note = PlainLabel(tr("Images stay where they are and are never changed."))
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(tr("Create"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(self.buttons)
        self.resize(620, self.sizeHint().height())
        self.images.textChanged.connect(self._suggest_location)
        for field in (self.images, self.location):
            field.textChanged.connect(self._check)
        self._check()

    def folder(self) -> Path:
        return Path(self.location.text().strip()).expanduser()

    def request(self) -> Request:
        _, kind, source = FOLDER_MEANINGS[self.meaning.currentIndex()]
        typed = self.classes.text().strip()
        return Request(
            images=self.images.text().strip(),
            classes=tuple(name.strip() for name in typed.split(",")) if typed else (),
            truth=source if kind == "truth" else None,
            labels=source if kind == "labels" else None,
            test=self.test.text().strip() or None,
            resolution=self.resolution.value(),
            batch_size=self.batch_size.value(),
        )

    def _check(self) -> None:
        self._ok.setEnabled(bool(self.images.text().strip() and self.location.text().strip()))

    def _suggest_location(self, images: str) -> None:
        """Beside the images, unless the person has typed a place."""
        path = Path(images.strip())
        if images.strip() and not self.location.isModified():
            home = path.parent if path.is_absolute() else Path(QDir.homePath())
            self.location.setText(str(home / tr("{stem} labels").format(stem=path.stem)))

    def _with_browse(self, field: QLineEdit, files: bool) -> QWidget:
        """A field with a button that opens the system's dialog for a folder or a file."""

        def choose_folder() -> None:
            if path := QFileDialog.getExistingDirectory(self, tr("Choose a folder"), field.text()):
                field.setText(path)

        def choose_file() -> None:
            path, _ = QFileDialog.getOpenFileName(
                self, tr("Choose a file"), field.text(), tr("Images (*.zip *.csv)")
            )
            if path:
                field.setText(path)

        button = QPushButton(tr("Browse ..."))
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
