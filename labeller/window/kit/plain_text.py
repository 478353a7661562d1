"""Names of classes and files as they are written. Qt takes text that looks like HTML for HTML, and
a name could then load a picture from anywhere."""

from html import escape

from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label that shows its text as it is."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


def plain(text: str) -> str:
    """The text for a tooltip or a dialog of Qt's, where nothing says that it is plain."""
    return f"<qt>{escape(text)}</qt>" if QtGui.Qt.mightBeRichText(text) else text
