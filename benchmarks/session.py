"""A whole session in the real window: a scripted person labels photos while the model is trained.

    xvfb-run -a python -m benchmarks.session PROJECT [--labels 300] [--pace 0.7] [--pictures FOLDER]

PROJECT has hidden labels, from which the person knows each class; its labels and models change, so
use a copy. Prints, with and without fine-tuning at the same time: the time from a key press until
new suggestions are on screen, the time between two iterations of the event loop, the wait for the
next batch after the last key of a batch, and finally each model. With --pictures, a screenshot is
saved to FOLDER after each batch. Takes the pace times the labels, plus the waiting.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from benchmarks.keyboard import open_window
from benchmarks.timing import TICK_MS, pause, until
from labeller.window.learning.training_panel import compared_words
from labeller.window.shell.application import warm_up
from labeller.window.shell.main_window import MainWindow

PATIENCE = 1.0
"""New suggestions within this many seconds of a key are attributed to it."""


class Watch:
    """Collects times in milliseconds by kind, separately for those taken during fine-tuning."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.found: dict[str, list[float]] = {}
        self._before = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def note(self, what: str, seconds: float) -> None:
        beside = "beside fine-tuning" if self._window.page.learning.deeper.busy else "alone"
        self.found.setdefault(f"{what}, {beside}", []).append(1000 * seconds)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.note("between turns of the event loop", now - self._before)
        self._before = now

    def print(self) -> None:
        print(f"{'milliseconds':<56} {'number':>7} {'median':>8} {'p99':>8} {'most':>8}")
        for what, values in sorted(self.found.items()):
            middle, most = np.percentile(values, (50, 99))
            print(f"{what:<56} {len(values):7} {middle:8.1f} {most:8.1f} {max(values):8.1f}")


def label_one(window: MainWindow, watch: Watch, pace: float) -> None:
    """Press the key of the current image's class, and time what follows."""
    session, thread = window.page.session, window.page.live._thread
    image = session.images[session.cursor]
    (truth,) = session.project.oracle.reveal([image.id]).values()
    place = next(each.position for each in session.classes if each.id == truth)
    shown: list[float] = []
    note = lambda: shown.append(time.perf_counter())  # noqa: E731
    if thread is not None:
        thread.suggested.connect(note)
    began, last = time.perf_counter(), len(session.open_positions()) == 1
    key = Qt.Key.Key_0 if place == 9 else Qt.Key(Qt.Key.Key_1 + place)
    QTest.keyClick(window.page.grid, key)
    watch.note("a key until it is stored", time.perf_counter() - began)
    while time.perf_counter() - began < pace:
        pause(1)
    if thread is not None and thread is window.page.live._thread:  # each model starts a new one
        thread.suggested.disconnect(note)
    if shown and shown[0] - began < PATIENCE and not last:
        watch.note("a key until new suggestions", shown[0] - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--labels", type=int, default=300)
    parser.add_argument("--pace", type=float, default=0.7, help="seconds per image")
    parser.add_argument("--pictures", type=Path, help="folder for screenshots")
    asked = parser.parse_args()
    window = open_window()
    warm_up()
    began = time.perf_counter()
    window.open_project(asked.project)
    until(lambda: window.page is not None and bool(window.page.session.images))
    print(f"{time.perf_counter() - began:.1f} s from opening to the first images", flush=True)
    watch = Watch(window)
    while window.page.session.summary.labelled < asked.labels:
        while window.page.session.open_positions():
            label_one(window, watch, asked.pace)
        labelled = window.page.session.summary.labelled
        began = time.perf_counter()
        until(lambda: window.page.session.waiting_round is not None)
        watch.note("the last key until the next batch", time.perf_counter() - began)
        print(f"{labelled} labels", flush=True)
        if asked.pictures is not None:
            asked.pictures.mkdir(parents=True, exist_ok=True)
            window.grab().save(str(asked.pictures / f"{labelled}.png"))
        QTest.keyClick(window.page.grid, Qt.Key.Key_N)
        until(lambda: bool(window.page.session.open_positions()))
    watch.print()
    for run in window.page.session.project.runs.all():
        words = compared_words(run) or f"A head on {run.labelled} labels"
        print(f"{words}; {run.seconds or 0:.0f} s")
    window.close()


if __name__ == "__main__":
    main()
