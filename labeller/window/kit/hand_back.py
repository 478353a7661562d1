"""Fields beside the images: Return and Escape only give the keyboard back to the images."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class HandBack(QObject):
    """Calls something when the person has finished with a field."""

    def __init__(self, field: QWidget, call: Callable[[], object]) -> None:
        super().__init__(field)
        self._call = call
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() in KEYS:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # otherwise it would also trigger an action
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._call()
                return True
        return super().eventFilter(watched, event)
