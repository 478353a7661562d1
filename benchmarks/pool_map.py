"""The map of the pool: frame rate, time for the layout, and how well it separates the classes.

    python -m benchmarks.pool_map IMAGES

IMAGES is a folder or .zip whose folder names are the classes. For the layout it prints how often a
vote of the ten nearest images on the map gives an image's class, compared with the same vote on the
two principal components that the layout starts from and on the 50 that it is computed from.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from benchmarks.timing import pause, print_frame_times, print_times
from labeller.core.run import Run
from labeller.loop.method import Method
from labeller.loop.pool_map import begin_map, refined
from labeller.loop.predicting import frozen_features
from labeller.loop.training_data import rows_of
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.window.kit.theme import CLASS_COLOURS
from labeller.window.learning.map_view import MapView

POINTS, FRAMES, NEIGHBOURS = 100_000, 300, 10


def measure() -> None:
    """Zoom into a map of many points and drag it."""
    view = MapView(lambda number: None)
    view.resize(1280, 800)
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(20, 2)) * 5
    codes = rng.integers(0, 20, POINTS)
    view.place((middles[codes] + rng.normal(size=(POINTS, 2))).astype(np.float32))
    colours = [QColor(CLASS_COLOURS[number % len(CLASS_COLOURS)]) for number in range(20)]
    view.colour(codes, colours, np.zeros(POINTS, bool))
    view.show()
    QTest.keyClick(view, Qt.Key.Key_Plus)
    pause(300)
    times, place = [], QPoint(640, 400)
    QTest.mousePress(view, Qt.MouseButton.RightButton, pos=place)
    for number in range(FRAMES):
        began = time.perf_counter()
        place += QPoint(5, 2) if number // 100 % 2 else QPoint(-5, -2)
        QTest.mouseMove(view, place)
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - began))
        pause(max(0, round(16 - times[-1])))
    QTest.mouseRelease(view, Qt.MouseButton.RightButton, pos=place)
    print_frame_times(f"a frame of dragging {POINTS:,} points", times)
    drawn = []
    for _ in range(20):
        view.redraw()
        began = time.perf_counter()
        view.grab()
        drawn.append(1000 * (time.perf_counter() - began))
    print_times("drawing all of them anew", drawn)
    view.close()


def layout(images: str, folder: Path) -> None:
    project = create(folder / "project", Request(images, truth="folders"))
    features = frozen_features(project, Method())
    features.read(rows_of(project.images.candidates()), Run())
    began = time.perf_counter()
    first = begin_map(project)
    started = time.perf_counter() - began
    *_, last = refined(first)
    taken = time.perf_counter() - began
    count = len(first.image_ids)
    print(f"  {count:,} images: first layout {started:.1f} s, settled after {taken:.1f} s")
    truth = project.oracle.reveal(first.image_ids.tolist())
    classes = np.array([truth[i] for i in first.image_ids.tolist()])
    for name, points in (
        ("two principal components", first.places),
        ("the settled map", last.places),
        (f"{first.points.shape[1]} principal components", first.points),
    ):
        vote = KNeighborsClassifier(NEIGHBOURS)
        right = cross_val_score(vote, points, classes, cv=5).mean()
        print(f"  {NEIGHBOURS} nearest by {name:<27} {right:.1%} of the classes")
    project.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("images", nargs="?", help="a folder or .zip")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    print("The map")
    measure()
    if asked.images:
        with tempfile.TemporaryDirectory() as name:
            layout(asked.images, Path(name))
    del application


if __name__ == "__main__":
    main()
