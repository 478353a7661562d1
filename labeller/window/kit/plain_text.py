"""Names of classes and files as plain text. Qt renders text that looks like HTML, so a name could
load a picture from anywhere."""

from html import escape

from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label that shows its text literally."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


def plain(text: str) -> str:
    """Escape a text for a tooltip or a Qt dialog, which would render HTML."""
    return f"<qt>{escape(text)}</qt>" if QtGui.Qt.mightBeRichText(text) else text
