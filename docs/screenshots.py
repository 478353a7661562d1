"""Make the pictures of the documents: start the real window on the demo, press keys, grab it.

`make screenshots` runs this under a virtual screen. The demo is made in a temporary folder.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from labeller.window import jobs
from labeller.window.feature_map import FeatureMapDialog
from labeller.window.main_window import MainWindow
from labeller.window.theme import apply_theme, choose_scheme

IMAGES = Path(__file__).parent / "images"
KEYS = [Qt.Key(Qt.Key.Key_1 + place) for place in range(9)] + [Qt.Key.Key_0]


def pause(milliseconds: int) -> None:
    """Let the window and its threads live on (QTest.qWait would keep the interpreter's lock)."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        pause(50)


def label(window: MainWindow, count: int) -> None:
    """Press the key of the true class, image by image."""
    window.activateWindow()
    wait(lambda: QApplication.activeWindow() is window)
    session = window.page.session
    truth = session.project.oracle.reveal([image.id for image in session.images])
    places = {c.id: c.position for c in session.classes}
    for _ in range(count):
        image = session.images[session.cursor]
        QTest.keyClick(window.page.grid, KEYS[places[truth[image.id]]])


def grab(window: MainWindow, name: str) -> None:
    pause(800)
    window.grab().save(str(IMAGES / f"{name}.png"))
    print(IMAGES / f"{name}.png")


def in_both(window: MainWindow, name: str) -> None:
    """The window in dark and in light colours."""
    choose_scheme("dark")
    grab(window, f"{name}-dark")
    choose_scheme("light")
    grab(window, name)


def grab_dialog(window: MainWindow, action: str, name: str) -> None:
    """Open a dialog by its action, grab it in both colours, close it."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        for suffix, scheme in (("-dark", "dark"), ("", "light")):
            choose_scheme(scheme)
            pause(400)
            dialog.grab().save(str(IMAGES / f"{name}{suffix}.png"))
        print(IMAGES / f"{name}.png")
        dialog.close()

    QTimer.singleShot(600, look)
    window.actions_by_name[action].trigger()


def show_what_a_model_brings(window: MainWindow) -> None:
    page = window.page
    label(window, 4)
    QTest.keyClick(page.grid, Qt.Key.Key_U)
    QTest.keyClick(page.grid, Qt.Key.Key_B)
    QTest.keyClick(page.grid, Qt.Key.Key_Return)
    in_both(window, "suggestions")
    QTest.keyClick(page.grid, Qt.Key.Key_O)
    in_both(window, "one-by-one")
    QTest.keyClick(page.single, Qt.Key.Key_O)
    for action, name in (
        ("edit_classes", "classes"), ("review", "review"), ("rounds", "rounds"),
        ("commands", "commands"),
    ):  # fmt: skip
        grab_dialog(window, action, name)
    show_the_map(window)


def show_the_map(window: MainWindow) -> None:
    window.actions_by_name["map"].trigger()
    wait(lambda: bool(window.findChildren(FeatureMapDialog)))
    (dialog,) = window.findChildren(FeatureMapDialog)
    for suffix, scheme in (("-dark", "dark"), ("", "light")):
        choose_scheme(scheme)
        pause(400)
        dialog.grab().save(str(IMAGES / f"map{suffix}.png"))
    print(IMAGES / "map.png")
    dialog.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LABELLER_DATA"] = folder
        application = QApplication(sys.argv[:1])
        apply_theme(application)
        choose_scheme("light")
        jobs.warm_up()
        window = MainWindow()
        window.resize(1280, 800)
        window.show()
        grab(window, "welcome")
        window.open_demo()
        wait(lambda: window.page is not None and bool(window.page.session.images))
        label(window, 22)
        grab(window, "labelling")
        choose_scheme("dark")
        grab(window, "labelling-dark")
        choose_scheme("light")
        label(window, 28)
        QTest.keyClick(window.page.grid, Qt.Key.Key_T)
        wait(lambda: window.page.training.plot.epoch_count >= 8)
        grab(window, "training")
        wait(lambda: not window.worker.busy)
        grab(window, "coreset")
        show_what_a_model_brings(window)
        window.close()


if __name__ == "__main__":
    main()
