"""A real window on a real (small) project, driven by keys and mouse."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from labeller.learning.recipe import recipe_named
from labeller.loop import method, rounds
from labeller.window.kit.accessibility import show_focus
from labeller.window.kit.language import speak
from labeller.window.kit.theme import apply_theme
from labeller.window.shell.main_window import MainWindow

PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def without_suggestions(whole_network) -> None:
    """Use the learner that trains a whole network and suggests nothing between trainings: reading
    the images in the background would cost each test a second. Tests of live suggestions take the
    fixture `frozen`."""


@pytest.fixture
def quick_training(monkeypatch) -> None:
    """Training as in the program, but with two epochs."""
    recipe = recipe_named("quick", epochs=2, steps_per_epoch=2, batch_size=8, queue_size=32)
    made = functools.partial(rounds.Method, recipe=recipe, device="cpu")
    monkeypatch.setattr(method, "Method", made)


@pytest.fixture(scope="session")
def english(qapp) -> None:
    """English and the default theme, set once because style sheets and translations take 0.3 s. A
    test that changes them restores them."""
    speak("en")
    apply_theme(qapp)
    show_focus(qapp)


@pytest.fixture
def window(qtbot, english) -> Iterator[MainWindow]:
    shown = MainWindow()
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitActive(shown)
    yield shown
    shown.close()


class Person:
    """Presses keys and waits as a person would."""

    def __init__(self, qtbot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window

    @property
    def session(self):
        return self.window.page.session

    def open(self, folder) -> None:
        self.window.open_project(folder)
        self.wait(lambda: self.window.page is not None and len(self.session.images) > 0)
        self.qtbot.waitUntil(lambda: not self.window.worker.busy, timeout=PATIENCE_MS)

    def press(self, *keys: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self.qtbot.keyClick(self.window.page.grid, key, modifier)

    def press_ctrl(self, key: Qt.Key) -> None:
        self.press(key, modifier=Qt.KeyboardModifier.ControlModifier)

    def choose(self, name: str) -> None:
        """Click an action in the menu bar."""
        action, bar = self.window.actions_by_name[name], self.window.menuBar()
        title = next(each for each in bar.actions() if action in each.menu().actions())
        left = Qt.MouseButton.LeftButton
        self.qtbot.mouseClick(bar, left, pos=bar.actionGeometry(title).center())
        menu = title.menu()
        self.qtbot.mouseClick(menu, left, pos=menu.actionGeometry(action).center())
        self.come_back()

    def wait(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def wait_idle(self) -> None:
        self.wait(lambda: not self.window.worker.busy)

    def read_and_close_message(self) -> str:
        """Close the open message box and return its text."""
        self.wait(lambda: bool(self.window.findChildren(QMessageBox)))
        (box,) = self.window.findChildren(QMessageBox)
        sentence = box.text()
        box.close()
        self.wait(lambda: not self.window.findChildren(QMessageBox))
        self.come_back()
        return sentence

    def come_back(self) -> None:
        """Activate the window again after a dialog; without a window manager nothing else does."""

        def active() -> bool:
            self.window.activateWindow()
            return QApplication.activeWindow() is self.window

        self.wait(active)

    def train(self, *, unfinished: bool = False) -> None:
        """Press T, twice on an unfinished batch because the window asks for confirmation."""
        self.press(Qt.Key.Key_T, *[Qt.Key.Key_T] * unfinished)

    def go_to_round(self, number: int) -> None:
        """Wait until a batch is ready, and show it."""
        self.wait(lambda: self.session.project.rounds.newest().number == number)
        self.wait_idle()
        if self.session.round is None or self.session.round.number != number:
            self.press(Qt.Key.Key_N)
        self.wait(lambda: self.session.round is not None and self.session.round.number == number)

    def in_dialog(self, open_it: Callable[[], object], act: Callable[[Any], object]) -> None:
        """Open a dialog, act in it and close it; exceptions from `act` are raised again."""
        failures: list[BaseException] = []

        def run() -> None:
            dialog = QApplication.activeModalWidget()
            try:
                act(dialog)
            except BaseException as error:
                failures.append(error)
            if dialog is not None:
                dialog.close()

        QTimer.singleShot(50, run)
        open_it()
        self.come_back()
        if failures:
            raise failures[0]

    def label_all(self) -> None:
        """Press the key of each image's true class."""
        session = self.session
        truth = session.project.oracle.reveal([image.id for image in session.images])
        places = {c.id: c.position for c in session.classes}
        while session.open_positions():
            place = places[truth[session.images[session.cursor].id]]
            self.press(Qt.Key.Key_0 if place == 9 else Qt.Key(Qt.Key.Key_1 + place))


@pytest.fixture
def person(qtbot, window) -> Person:
    return Person(qtbot, window)


@pytest.fixture
def folder(project):
    """Folder of the fixture `project`, closed so that the window can open it."""
    project.close()
    return project.folder


def type_into(qtbot, box, text: str) -> None:
    """Choose an entry of a combo box by typing; a searchable box takes the best match."""
    line = box.lineEdit()
    if line is None:
        qtbot.keyClicks(box, text)
        return
    box.setFocus()
    line.selectAll()
    qtbot.keyClicks(box, text)
    box.completer().popup().hide()
    qtbot.keyClick(box, Qt.Key.Key_Return)
