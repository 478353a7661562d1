"""The class editor: each change is stored at once and never loses a label."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from labeller.core.errors import LabellerError
from labeller.core.files import read_text
from labeller.project.curation import read_class_names
from labeller.project.project import explaining
from labeller.store.classes import ImageClass, keys_of
from labeller.window.dialogs.class_menu import archive, merge, move
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import mark, spoken, tr
from labeller.window.kit.theme import class_colour, swatch
from labeller.window.kit.widgets import PlainLabel, plain
from labeller.window.labelling.class_panel import problem_with_key, proposed_keys, shown_key
from labeller.window.labelling.preview import ExampleStrip
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Thumbnails

COLUMNS = (mark("Name"), mark("Key"), mark("Description"), mark("Images"))
NAME, KEY, DESCRIPTION = range(3)

WIDEST_NAME = 280
"""Initial width of the name column, in pixels."""


class ClassEditor(QDialog):
    """A table of the classes in which name, key and description are edited."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Classes"))
        self._session, self._filling = session, False
        self._classes: list[ImageClass] = []
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setHorizontalHeaderLabels([tr(title) for title in COLUMNS])
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(DESCRIPTION, QHeaderView.ResizeMode.Stretch)
        self.table.setAccessibleName(tr("Classes"))
        self.message = PlainLabel()
        self.message.setWordWrap(True)
        self.new_names = QPlainTextEdit()
        self.new_names.setPlaceholderText(tr("New names, one per line or separated by commas"))
        self.new_names.setFixedHeight(64)
        self.new_names.setTabChangesFocus(True)
        self.new_names.setAccessibleName(tr("New class names"))
        self.examples = ExampleStrip(session.project, thumbnails)
        self._examples_title = PlainLabel()
        self.wrong = ExampleStrip(session.project, thumbnails)
        self.wrong.setAccessibleName(tr("What the class is not"))
        self._wrong_title = PlainLabel()
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        for strip in (self.examples, self.wrong):
            strip.removed.connect(self._remove_example)
        self.table.currentCellChanged.connect(self._show_examples)
        self.table.itemChanged.connect(self._on_edit)
        self.refresh()
        self.resize(760, 620)

    def refresh(self) -> None:
        """Read the classes again."""
        row = max(0, self.table.currentRow())
        self._classes = self._session.project.classes.all(archived=True)
        counts = self._session.project.labels.counts_by_class()
        active = [c for c in self._classes if not c.archived]
        keys = [*keys_of(active), *[""] * (len(self._classes) - len(active))]
        self._filling = True
        self.table.setRowCount(len(self._classes))
        for place, (image_class, key) in enumerate(zip(self._classes, keys, strict=True)):
            count = str(counts.get(image_class.id, 0))
            note = "  (archived)" if image_class.archived else ""
            texts = (image_class.name, shown_key(key), image_class.description, count + note)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(plain(text))
                if column > DESCRIPTION:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(place, column, item)
            first = self.table.item(place, NAME)
            assert first is not None
            first.setIcon(swatch(class_colour(image_class)))
        self.table.resizeColumnToContents(NAME)
        if self.table.columnWidth(NAME) > WIDEST_NAME:  # the description keeps its width
            self.table.setColumnWidth(NAME, WIDEST_NAME)
        self._filling = False
        self.table.setCurrentCell(min(row, len(self._classes) - 1), NAME)
        self._show_examples()

    # -- what the buttons do

    def add(self) -> None:
        self._session.project.classes.add(read_class_names(self.new_names.toPlainText()))
        self.new_names.clear()

    def read_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Names in a text file"), "", tr("Text (*)"))
        if path:
            self.new_names.setPlainText(read_text(path))

    def colour(self) -> None:
        chosen = self._current()
        colour = QColorDialog.getColor(
            QColor(class_colour(chosen)), self, tr("Colour of {name}").format(name=chosen.name)
        )
        if colour.isValid():
            self._session.project.classes.change(replace(chosen, colour=colour.name()))

    def shift(self, steps: int) -> None:
        ids = [image_class.id for image_class in self._classes]
        row = self.table.currentRow()
        target = max(0, min(row + steps, len(ids) - 1))
        move(self._session, ids, row, target)
        self.table.setCurrentCell(target, NAME)

    def merge(self) -> None:
        chosen = self._current()
        others = [c.name for c in self._classes if c.id != chosen.id and not c.archived]
        question = plain(tr("Move all images of “{name}” to the class").format(name=chosen.name))
        name, sure = QInputDialog.getItem(self, tr("Merge classes"), question, others, 0, False)
        if sure:
            target = next(c for c in self._classes if c.name == name)
            self.message.setText(merge(self._session, chosen, target))

    def propose_keys(self) -> None:
        """Give classes named by a digit that key, and a free letter to each class with a Shift key
        or none."""
        proposed = proposed_keys(self._session.project.classes.all())
        with self._session.project.transaction():
            for image_class in self._classes:
                if letter := proposed.get(image_class.id):
                    changed = replace(image_class, shortcut=letter)
                    self._session.project.classes.change(changed)
        self.message.setText(
            tr("%n class(es) have a new key.", None, len(proposed))
            if proposed
            else tr("Every class already has a key, or no letter is free.")
        )

    def archive(self) -> None:
        self.message.setText(archive(self._session, self._current()))

    def _remove_example(self, image_id: int) -> None:
        chosen = self._current()
        self._do(
            lambda: self._session.project.classes.change_examples({image_id: chosen.id}, add=False)
        )

    def _show_examples(self, *_: object) -> None:
        if self._filling or not self._classes:
            return
        chosen = self._current()
        found = self._session.project.classes.examples().get(chosen.id, [])
        title = tr("Examples of {name}") if found else tr(
            "{name} has no examples: select a labelled image and press {key}"
        )  # fmt: skip
        self._examples_title.setText(title.format(name=chosen.name, key=key_text("example")))
        self.examples.setVisible(bool(found))
        self.examples.show_images(found)
        wrong = self._session.project.classes.examples(wrong=True).get(chosen.id, [])
        self._wrong_title.setText(tr("Not {name}").format(name=chosen.name))
        self.wrong.show_images(wrong)
        for widget in (self._wrong_title, self.wrong):
            widget.setVisible(bool(wrong))

    # --

    def _current(self) -> ImageClass:
        return self._classes[max(0, self.table.currentRow())]

    def _on_edit(self, item: QTableWidgetItem) -> None:
        if not self._filling:
            edited, column, text = self._classes[item.row()], item.column(), item.text()
            # After the table has closed its editor: it must not be refilled before that.
            QTimer.singleShot(0, lambda: self._do(lambda: self._store(edited, column, text)))

    def _store(self, edited: ImageClass, column: int, text: str) -> None:
        text = text.strip()
        if column == NAME:
            edited = replace(edited, name=text)
        elif column == DESCRIPTION:
            edited = replace(edited, description=text)
        elif column == KEY:
            if text and (problem := problem_with_key(text)):
                raise LabellerError(problem)
            edited = replace(edited, shortcut=text.lower() or None)
        self._session.project.classes.change(edited)

    def _do(self, change: Callable[[], None]) -> None:
        """Make a change or report why it failed; then show the stored classes."""
        self.message.clear()
        try:
            with explaining(self._session.project.folder):
                change()
        except (LabellerError, OSError) as error:
            self.message.setText(spoken(error))
        self.refresh()
        self._session.reload_classes()

    def _lay_out(self) -> None:
        calls: dict[str, Callable[[], None]] = {
            mark("Up"): lambda: self.shift(-1),
            mark("Down"): lambda: self.shift(1),
            mark("Colour ..."): self.colour,
            mark("Merge into ..."): self.merge,
            mark("Archive"): self.archive,
            mark("Propose keys"): self.propose_keys,
        }  # fmt: skip
        side = QVBoxLayout()
        for text, call in calls.items():
            side.addWidget(self._button(text, call))
        side.addStretch()
        upper = QHBoxLayout()
        upper.addWidget(self.table, 1)
        upper.addLayout(side)
        adding = QHBoxLayout()
        adding.addWidget(self.new_names, 1)
        column = QVBoxLayout()
        column.addWidget(self._button(mark("Add"), self.add))
        column.addWidget(self._button(mark("From a file ..."), self.read_file))
        adding.addLayout(column)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.addLayout(upper, 1)
        layout.addWidget(self._examples_title)
        layout.addWidget(self.examples)
        layout.addWidget(self._wrong_title)
        layout.addWidget(self.wrong)
        layout.addLayout(adding)
        layout.addWidget(self.message)
        layout.addWidget(close)

    def _button(self, text: str, call: Callable[[], None]) -> QPushButton:
        button = QPushButton(tr(text))
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._do(call))
        self.buttons[text] = button
        return button
