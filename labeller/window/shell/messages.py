"""Messages in non-modal dialogs."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from labeller.window.kit.spoken import spoken


class Messages(QObject):
    """Shows messages; uncaught errors from any thread are shown once each."""

    _uncaught = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shown: set[str] = set()
        self._uncaught.connect(self._show_once)

    def show(self, sentence: str) -> None:
        self._box(QMessageBox.Icon.Warning, sentence).open()

    def inform(self, title: str, sentences: str) -> None:
        """Show information; nothing is wrong."""
        box = self._box(QMessageBox.Icon.Information, title)
        box.setInformativeText(sentences)
        box.open()

    def show_uncaught(self, error: BaseException) -> None:
        self._uncaught.emit(spoken(error))

    def offer(self, sentence: str, more: str, way_out: str, take: Callable[[], object]) -> None:
        """Show a sentence with a button `way_out`, which calls `take`, and a Cancel button."""
        box = self._box(QMessageBox.Icon.Question, sentence)
        box.setInformativeText(more)
        button = box.addButton(way_out, QMessageBox.ButtonRole.AcceptRole)
        button.clicked.connect(lambda: take())
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.open()

    def _show_once(self, sentence: str) -> None:
        if sentence not in self._shown:
            self._shown.add(sentence)
            self.show(sentence)

    def _box(self, icon: QMessageBox.Icon, sentence: str) -> QMessageBox:
        box = QMessageBox(icon, "Labeller", sentence, parent=self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        return box
