"""Keys and clicks for 200 images: with one class key per image, and with suggestions.

    python -m benchmarks.suggestions                                    # the demo
    python -m benchmarks.suggestions --images clothing/train            # one folder per class
    python -m benchmarks.suggestions --learner mobyv2al --labels 200 400 1600

A scripted person who knows every true class presses real keys in the real window, offscreen. They
accept the most confident suggestions at an expected precision as soon as the window permits, and
again whenever enough of the open ones are confident; or they accept group by group. Then they click
each wrong label and press the right key (two actions), and label the remaining images. `make bench`
runs the demo; the photos take some minutes more.
"""

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.keyboard import rest
from benchmarks.timing import until
from labeller.learning.recipe import Recipe, recipe_named
from labeller.loop import rounds
from labeller.loop.round_settings import RoundSettings, keep_round_settings
from labeller.pool import demo
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.project.project import Project
from labeller.window.shell.main_window import MainWindow

IMAGES = 200
EVERY, WORTH_IT = 10, 4
"""The person checks after this many labels whether at least this many suggestions are confident."""
LIVE_SECONDS = 0.5
K = Qt.Key
KEYS = [K(K.Key_1 + place) for place in range(9)] + [K.Key_0]


class Person:
    """Labels with the keyboard, and counts keys and clicks."""

    def __init__(self, window: MainWindow) -> None:
        self.page = window.page
        session = self.page.session
        truth = session.project.oracle.reveal([image.id for image in session.images])
        places = {image_class.id: p for p, image_class in enumerate(session.classes)}
        self.places = {image_id: places[class_id] for image_id, class_id in truth.items()}
        self.keys = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
        self.keys += 1
        QTest.keyClick(self.page.grid, key, modifier)

    def answer_open(self) -> None:
        session = self.page.session
        while session.open_positions():
            self.press(KEYS[self.places[session.images[session.cursor].id]])

    def accept_and_answer(self) -> int:
        """Accept the most confident suggestions whenever there are enough, and label the other
        images one by one; returns the number accepted."""
        page, session = self.page, self.page.session
        accepted = answered = 0
        session.move(session.open_positions()[0])
        while session.open_positions():
            if answered % EVERY == 0:
                rest(LIVE_SECONDS)  # wait for suggestions based on the last labels
                sure = page.trust.positions()
                allowed = page.trust.problem(page.trust.record()) is None
                if allowed and len(sure) >= WORTH_IT:
                    accepted += len(sure)
                    self.press(K.Key_Return, Qt.KeyboardModifier.ShiftModifier)
                    self.press(K.Key_Return, Qt.KeyboardModifier.ShiftModifier)
                    if not session.open_positions():
                        break
                    session.move(session.open_positions()[0])
            self.press(KEYS[self.places[session.images[session.cursor].id]])
            answered += 1
        return accepted

    def correct(self) -> None:
        """Click each wrongly labelled image and press the right key."""
        session, grid = self.page.session, self.page.grid
        for position, image in enumerate(session.images):
            given = session.class_of(position)
            if given is None or session.classes.index(given) == self.places[image.id]:
                continue
            index = self.page.model.index(position)
            grid.scrollTo(index)
            left = Qt.MouseButton.LeftButton
            QTest.mouseClick(grid.viewport(), left, pos=grid.visualRect(index).center())
            self.keys += 1
            assert session.cursor == position
            self.press(KEYS[self.places[image.id]])


def in_front(window: MainWindow) -> bool:
    """Activate the window, since without a window manager keys would be lost; returns whether it is
    active."""
    window.activateWindow()
    return QApplication.activeWindow() is window


def label_in_window(project: Path, least: int | None) -> tuple[int, int]:
    """Open a project and label its batch; returns the number of keys and of accepted
    suggestions."""
    window = MainWindow()
    window.resize(1280, 800)
    window.show()
    window.open_project(project)
    until(lambda: window.page is not None and bool(window.page.session.images))
    until(lambda: not window.worker.busy)
    until(lambda: in_front(window))
    found = measure(window, least)
    window.close()
    return found


def measure(window: MainWindow, least: int | None) -> tuple[int, int]:
    """Label the batch; returns the number of keys and clicks, and of accepted suggestions. With
    `least`, suggestions are accepted at that expected precision in per cent, otherwise all of them,
    group by group."""
    page = window.page
    person = Person(window)
    QTest.keyClick(page.grid, K.Key_Home)
    if least is None:
        person.press(K.Key_G)
        session = page.session
        session.move(0)
        while any(session.suggested(place) for place in session.open_positions()):
            person.press(K.Key_A)
            person.press(K.Key_Return)
        accepted = len(session.images) - len(session.open_positions())
    else:
        page.suggestions.least.setValue(least)
        accepted = person.accept_and_answer()
    person.correct()
    if page.session.open_positions():
        page.session.move(page.session.open_positions()[0])
    person.answer_open()
    return person.keys, accepted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--learner", default="frozen")
    parser.add_argument("--labels", type=int, nargs="+", default=[50, 100])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["LABELLER_DATA"] = str(folder / "data")
        images = asked.images
        if images is None:
            images = folder / "images"
            demo.generate(images)
        create(folder / "project", Request(str(images), truth="folders")).close()
        application = QApplication(sys.argv[:1])
        print("labels  chosen by         accept by  accepted  keys and clicks an image (1 without)")
        for labels in asked.labels:
            method = rounds.Method(_recipe(labels), learner=asked.learner)
            label_and_train(folder / "project", method, labels)
            for strategy in ("random", method.strategy):
                with Project(folder / "project") as project:
                    chooser = replace(method, strategy=strategy)
                    rounds.select(project, IMAGES, chooser, keep_suggestions=True)
                    project.settings.set("shown_round", project.rounds.newest().id)
                for least in (80, 85, 90, 95, None):
                    shutil.rmtree(folder / "copy", ignore_errors=True)
                    shutil.copytree(folder / "project", folder / "copy")
                    keys, accepted = label_in_window(folder / "copy", least)
                    how = "groups" if least is None else f"{least} %"
                    print(
                        f"{labels:6}  {strategy:16} {how:>10} {accepted:9} {keys / IMAGES:14.2f}",
                        flush=True,
                    )
                application.processEvents()


def _recipe(labels: int) -> Recipe:
    """The recipe for a whole network: the quick one is too short for many labels."""
    return recipe_named("thorough" if labels > 1000 else "quick")


def label_and_train(folder: Path, method: rounds.Method, labels: int) -> None:
    """Label with the hidden labels up to a number, in batches of 50, and train."""
    with Project(folder) as project:
        keep_round_settings(project, RoundSettings(method), IMAGES)
        while (missing := labels - project.labels.counts()[0]) > 0:
            newest = project.rounds.newest()
            batch = (
                rounds.begin(project, min(50, missing), method)
                if newest is None
                else rounds.select(project, min(50, missing), method)
            )
            rounds.label_by_oracle(project, batch)
            rounds.train_round(project, method)


if __name__ == "__main__":
    main()
