"""Reads Qt's accessibility tree and events, as a screen reader would."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import PySide6
import pytest
import shiboken6
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from labeller.window.kit import accessibility

MARKUP = re.compile(r"<[a-z/!]|&[a-z]+;", re.IGNORECASE)
DIALOGS = (
    "edit_classes", "rounds", "agreement", "commands", "find_class", "keys", "shortcuts",
    "progress", "import_labels", "export", "note", "annotator", "go_to", "reading",
)  # fmt: skip
"""Actions that open a dialog."""
Text, Event = QAccessible.Text, QAccessible.Event
HANDLER = "_ZN11QAccessible20installUpdateHandlerEPFvP16QAccessibleEventE"
"""QAccessible::installUpdateHandler, which PySide6 does not wrap."""


def root(widget: QWidget) -> QAccessibleInterface:
    QAccessible.setActive(True)
    return QAccessible.queryAccessibleInterface(widget)


def tree(here: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Yield this interface and its visible descendants."""
    if here.state().invisible:
        return
    yield here
    for place in range(here.childCount()):
        child = here.child(place)
        if child is not None and child.isValid():
            yield from tree(child)


def texts(here: QAccessibleInterface) -> list[str]:
    return [here.text(kind) for kind in (Text.Name, Text.Description, Text.Value)]


def accessibility_problems(widget: QWidget) -> list[str]:
    """Focusable items without a name, and texts that would be read as HTML. Table cells need no
    name: they are read with their column."""
    found = []
    for each in tree(root(widget)):
        nameless = not each.text(Text.Name) and each.role() != QAccessible.Role.Cell
        if each.state().focusable and nameless:
            found.append(f"{each.role().name} {each.object()} has no name: {texts(each)}")
        if any(MARKUP.search(text) for text in texts(each)):
            found.append(f"{each.role().name} is read as {texts(each)}")
    return found


def focused_name(widget: QWidget) -> str:
    """Name of the item with keyboard focus."""
    child = root(widget).focusChild()
    return "" if child is None else child.text(Text.Name)


@contextmanager
def listening() -> Iterator[list[tuple[Event, str]]]:
    """Record the events Qt sends to screen readers, each with its name or announcement."""
    library = Path(PySide6.__file__).parent / "Qt" / "lib" / "libQt6Gui.so.6"
    if not library.exists() or not hasattr(accessibility.QtGui, "QAccessibleAnnouncementEvent"):
        pytest.skip("events are seen with Qt 6.8 on Linux only")
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
    install = ctypes.CDLL(str(library))[HANDLER]
    install.argtypes, install.restype = [ctypes.c_void_p], ctypes.c_void_p
    told: list[tuple[Event, str]] = []

    def handle(address: int) -> None:
        event = shiboken6.wrapInstance(address, QAccessibleEvent)
        if event.type() == Event.Announcement:
            said = shiboken6.wrapInstance(address, accessibility.QtGui.QAccessibleAnnouncementEvent)
            told.append((event.type(), said.message()))
        elif (about := event.accessibleInterface()) is not None:
            told.append((event.type(), about.text(Text.Name)))

    handler = kind(handle)
    QAccessible.setActive(True)
    before = install(ctypes.cast(handler, ctypes.c_void_p))
    try:
        yield told
    finally:
        install(before)
