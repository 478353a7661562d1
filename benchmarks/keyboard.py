"""A window on screen and real key presses: X events sent by `xdotool` on an X display (for example
of `xvfb-run`), otherwise Qt events."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from labeller.window.kit.language import speak
from labeller.window.kit.theme import apply_theme
from labeller.window.shell.main_window import MainWindow

PATIENCE_SECONDS = 120.0
X_NAMES = {
    "Backspace": "BackSpace", "[": "bracketleft", "]": "bracketright", "Esc": "Escape",
    "Ctrl": "ctrl", "Shift": "shift", "/": "slash", "-": "minus",
}  # fmt: skip


def until(condition: Callable[[], object]) -> None:
    """Process events until a condition holds."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(condition)
        QApplication.processEvents()
        time.sleep(0.002)


def rest(seconds: float) -> None:
    """Process events for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.002)


def open_window(size: tuple[int, int] = (1280, 800)) -> MainWindow:
    """Show the window in English and bring it to the front."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    speak("en")
    apply_theme(application)
    window = MainWindow()
    window.resize(*size)
    window.show()
    bring_to_front(window)
    return window


def bring_to_front(window: QWidget) -> None:
    """Give the window keyboard focus, which nothing else does without a window manager."""

    def in_front() -> bool:
        window.activateWindow()
        return QApplication.activeWindow() is window

    until(in_front)


def in_dialog(open_it: Callable[[], object], act: Callable[[Any], object]) -> None:
    """Open a modal dialog and call `act` with it; exceptions of `act` are raised again here."""
    failures: list[BaseException] = []
    window = QApplication.activeWindow()
    assert window is not None

    def run() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, run)
            return
        try:
            bring_to_front(dialog)
            act(dialog)
        except BaseException as error:
            failures.append(error)
            dialog.close()

    QTimer.singleShot(10, run)
    open_it()
    bring_to_front(window)
    if failures:
        raise failures[0]


class Keyboard:
    """Presses keys given as text ("1", "Shift+Return", "Ctrl+Z") and clicks; `pressed` counts
    both."""

    def __init__(self) -> None:
        on_x = QApplication.platformName() == "xcb"
        self._xdotool = shutil.which("xdotool") if on_x else None
        self.pressed = 0

    @property
    def means(self) -> str:
        return "X events of xdotool" if self._xdotool else "Qt events, no screen"

    def press(self, *keys: str) -> None:
        """Press keys, and wait until the window has handled each."""
        for key in keys:
            self.pressed += 1
            if self._xdotool:
                name = "+".join(X_NAMES.get(part, part) for part in key.split("+"))
                name = name[:-1] + name[-1].lower() if name[-2:-1] in ("", "+") else name
                subprocess.run([self._xdotool, "key", name], check=True)
                rest(0.03)
            else:
                combination = QKeySequence(key)[0]
                target = QApplication.focusWidget() or QApplication.activeWindow()
                QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
            QApplication.processEvents()

    def click(
        self,
        widget: QWidget,
        place: QPoint | None = None,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Click on a widget, in the middle or at `place`."""
        self.pressed += 1
        place = widget.rect().center() if place is None else place
        if self._xdotool:
            on_screen = widget.mapToGlobal(place)
            where = [str(on_screen.x()), str(on_screen.y())]
            click = ["mousemove", *where, "click", "1"]
            if modifier is Qt.KeyboardModifier.ControlModifier:
                click = ["keydown", "ctrl", *click, "keyup", "ctrl"]
            subprocess.run([self._xdotool, *click], check=True)
            rest(0.05)
        else:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, modifier, place)
        QApplication.processEvents()
