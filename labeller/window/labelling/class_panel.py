"""The classes with their keys: a click labels the selected images, as the key does."""

from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from html import escape
from io import BytesIO
from itertools import pairwise
from string import ascii_lowercase

from PySide6.QtCore import QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from labeller.pool.decode import UnreadableImage
from labeller.store.classes import DIGITS, SHIFT, ImageClass, keys_of
from labeller.store.images import StoredImage
from labeller.window.kit.actions import key_text, taken_letters
from labeller.window.kit.language import tr
from labeller.window.kit.theme import class_colour, swatch
from labeller.window.kit.widgets import PlainLabel
from labeller.window.labelling.changes import Changes
from labeller.window.labelling.session import Session


def shown_key(key: str) -> str:
    """A key from `keys_of` as shown beside a class, shortened."""
    return "⇧" + key.removeprefix(SHIFT) if key.startswith(SHIFT) else key.upper()


def proposed_keys(classes: list[ImageClass]) -> dict[int, str]:
    """Better keys by class id: a class named by a digit gets that digit, unless somebody chose it
    for another class; classes without a key or with a Shift key get a free letter, preferably from
    their name."""
    chosen = {image_class.shortcut for image_class in classes if image_class.shortcut}
    proposed = {c.id: c.name for c in misleading(classes) if c.name not in chosen}
    classes = [replace(c, shortcut=proposed.get(c.id, c.shortcut)) for c in classes]
    taken = {image_class.shortcut for image_class in classes if image_class.shortcut}
    taken |= {key.lower() for key in taken_letters()}
    keyed = list(zip(classes, keys_of(classes), strict=True))
    without = [image_class for image_class, key in keyed if not key]
    for image_class in (*without, *(each for each, key in keyed if key.startswith(SHIFT))):
        letters = image_class.name.lower() + ascii_lowercase
        free = [each for each in letters if each in ascii_lowercase and each not in taken]
        if free:
            proposed[image_class.id] = free[0]
            taken.add(free[0])
    return proposed


def misleading(classes: list[ImageClass]) -> list[ImageClass]:
    """Classes named by a digit that have another key."""
    keyed = zip(classes, keys_of(classes), strict=True)
    return [c for c, key in keyed if c.name in DIGITS and len(c.name) == 1 and key != c.name]


def problem_with_key(key: str) -> str | None:
    """The reason why a key cannot be used for a class, as a sentence."""
    if len(key) != 1 or not key.isascii() or not key.isalnum():
        return tr("A key is one letter or digit.")
    if key.upper() in taken_letters():
        return tr("{key} is already in use ({meaning}).").format(
            key=key.upper(), meaning=taken_letters()[key.upper()]
        )
    return None


class ClassKeys(QObject):
    """One action per class on a widget, rebuilt when the classes change; they label the images that
    `chosen` returns."""

    def __init__(
        self,
        owner: QWidget,
        session: Session,
        changes: Changes,
        chosen: Callable[[], list[int]],
    ) -> None:
        super().__init__(owner)
        self._owner, self._session, self._changes, self._chosen = owner, session, changes, chosen
        self._actions: list[QAction] = []
        session.classes_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        for action in self._actions:
            self._owner.removeAction(action)
            action.deleteLater()
        self._actions = []
        for place, key in enumerate(keys_of(self._session.classes)):
            if key:
                action = QAction(
                    tr("Label as {name}").format(name=self._session.classes[place].name),
                    self._owner,
                )
                action.setShortcut(QKeySequence(key.title()))
                action.setAutoRepeat(False)  # a held key would label images that nobody has seen
                action.triggered.connect(
                    lambda _=False, p=place: self._changes.label(self._chosen(), p)
                )
                self._owner.addAction(action)
                self._actions.append(action)


MAXIMUM_HEIGHT = 232
LEAST_HEIGHT = 96
EXAMPLES, EXAMPLE_SIDE = 4, 64
PLAIN = "text-align: left; padding: 4px 6px;"
FLASH = PLAIN + "background: palette(highlight); color: palette(highlighted-text);"
FLASH_MS = 300
ELIDED = Qt.TextElideMode.ElideMiddle
BORDER = 36
"""Pixels taken up by a button's icon and edges."""
UNLIMITED = 1 << 20


class ClassPanel(QWidget):
    """Signals: chosen(position of the class); edit_wanted(); new_wanted(); menu_wanted(position of
    the class, point on the screen)."""

    chosen = Signal(int)
    edit_wanted = Signal()
    new_wanted = Signal()
    menu_wanted = Signal(int, QPoint)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.buttons: list[QPushButton] = []
        self._pictures: dict[int, str] = {}
        title = PlainLabel(tr("Classes"))
        title.setStyleSheet("font-weight: 600;")
        self.edit = edit = QToolButton()
        edit.setText(tr("Edit ..."))
        edit.setToolTip(
            tr("Add, rename, merge, order, colour, keys") + f"  ({key_text('edit_classes')})"
        )
        edit.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        edit.clicked.connect(self.edit_wanted)
        self.new = new = QToolButton()
        new.setText("+")
        new.setToolTip(tr("A new class") + f"  ({key_text('find_class')})")
        new.setAccessibleName(tr("A new class"))
        new.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        new.clicked.connect(self.new_wanted)
        if session.project.read_only:
            new.hide()
            edit.hide()
        header = QHBoxLayout()
        header.addWidget(title)
        header.addStretch()
        header.addWidget(new)
        header.addWidget(edit)
        self._scroll = _Scroll()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the images keep the keyboard
        self._scroll.setAccessibleName(tr("Classes"))
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self._scroll)
        self.rebuild()
        session.classes_changed.connect(self.rebuild)
        session.labels_changed.connect(self.refresh)
        session.batch_changed.connect(self.refresh)

    def rebuild(self) -> None:
        """Create a button for each class."""
        self.buttons = []
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        classes, examples = self._session.classes, self._session.project.classes.examples()
        rows = max(1, (len(classes) + 1) // 2)
        for place, (image_class, key) in enumerate(zip(classes, keys_of(classes), strict=True)):
            shown_by = self._session.project.images.get(examples.get(image_class.id, [])[:EXAMPLES])
            button = QPushButton()
            pictures = [encoded for image in shown_by if (encoded := self._small(image))]
            button.setToolTip(_explanation(image_class, key, pictures))  # read: see refresh
            button.setAccessibleName(tr("Label as {name}").format(name=image_class.name))
            button.setIconSize(QSize(12, 12))
            button.setStyleSheet(PLAIN)
            # Clicking must not take the focus from the grid
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, p=place: self.chosen.emit(p))
            if not self._session.project.read_only:
                button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                button.customContextMenuRequested.connect(
                    lambda at, p=place, b=button: self.menu_wanted.emit(p, b.mapToGlobal(at))
                )
            self.buttons.append(button)
            grid.addWidget(button, place % rows, place // rows)
        if not classes:
            none = PlainLabel(
                tr("No classes yet. Press {key} and type the first one's name.").format(
                    key=key_text("find_class")
                )
            )
            none.setWordWrap(True)
            grid.addWidget(none, 0, 0)
        self.refresh_icons()
        self.refresh()  # the buttons get their height from their texts
        self._scroll.setWidget(inside)
        for before, after in pairwise((self.edit, *self.buttons)):
            self.setTabOrder(before, after)  # new widgets would come last
        self._scroll.show_height(inside.sizeHint().height() + 2)

    def _small(self, image: StoredImage) -> str:
        """A picture for a tooltip as base64 JPEG, so that no file name can refer elsewhere; "" if
        it cannot be read."""
        if image.id not in self._pictures:
            self._pictures[image.id] = ""
            with suppress(UnreadableImage, OSError):
                picture = self._session.project.thumbnails.load(image.sha256, image.file)
                picture.thumbnail((2 * EXAMPLE_SIDE, 2 * EXAMPLE_SIDE))
                buffer = BytesIO()
                picture.save(buffer, "JPEG")
                self._pictures[image.id] = b64encode(buffer.getvalue()).decode()
        return self._pictures[image.id]

    def flash(self, class_id: int) -> None:
        """Highlight a class briefly after it was used."""
        for button, image_class in zip(self.buttons, self._session.classes, strict=True):
            if image_class.id == class_id:
                button.setStyleSheet(FLASH)
                QTimer.singleShot(FLASH_MS, button, lambda b=button: b.setStyleSheet(PLAIN))
                self._scroll.ensureWidgetVisible(button, 0, 0)
                return

    def refresh_icons(self) -> None:
        """Draw the colours, outlined for the current theme."""
        for button, image_class in zip(self.buttons, self._session.classes, strict=True):
            button.setIcon(swatch(class_colour(image_class)))

    def refresh(self, *_: object) -> None:
        """Show the names and the number of labels."""
        counts = self._session.summary.by_class
        keys = keys_of(self._session.classes)
        for button, image_class, key in zip(self.buttons, self._session.classes, keys, strict=True):
            count = counts.get(image_class.id, 0)
            before, after = f"{shown_key(key)}  " if key else "", f"  ({count})" if count else ""
            room = self._room(button, before + after)
            name = button.fontMetrics().elidedText(image_class.name, ELIDED, room)
            button.setText(f"{before}{name}{after}".replace("&", "&&"))  # else it marks a letter
            button.setAccessibleDescription(_spoken(image_class, key, count))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.refresh)  # once the buttons have their new width

    @staticmethod
    def _room(button: QPushButton, beside: str) -> int:
        """Pixels left for a name on a button."""
        if not button.isVisible():
            return UNLIMITED
        return button.width() - BORDER - button.fontMetrics().horizontalAdvance(beside)


class _Scroll(QScrollArea):
    """As tall as its content, within limits; the first to shrink in a low window."""

    _height = LEAST_HEIGHT

    def show_height(self, needed: int) -> None:
        self._height = min(needed, MAXIMUM_HEIGHT)
        self.setMinimumHeight(min(needed, LEAST_HEIGHT))
        self.setMaximumHeight(self._height)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)


def _spoken(image_class: ImageClass, key: str, count: int) -> str:
    """What a screen reader says of a class, instead of the tooltip."""
    with_key = tr("Key {key}.").format(key=key.title()) if key else ""
    labels = tr("%n label(s)", None, count) + "."
    return " ".join(part for part in (with_key, labels, image_class.description) if part)


def _explanation(image_class: ImageClass, key: str, examples: list[str]) -> str:
    """The description of a class with example pictures (JPEG in base64), as HTML."""
    lines = [
        f"<b>{escape(image_class.name)}</b>",
        escape(image_class.description),
        tr("Key {key}.").format(key=shown_key(key)) if key else "",
    ]
    pictures = " ".join(
        f'<img src="data:image/jpeg;base64,{encoded}" height="{EXAMPLE_SIDE}">'
        for encoded in examples
    )
    return "<br>".join(part for part in (*lines, pictures) if part)
