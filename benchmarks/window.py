"""The window: opening a large project, latency of keys, scrolling, filters of all images, the
map, responsiveness during training, waiting times, and memory.

    python -m benchmarks.window [IMAGES]

IMAGES is a folder or .zip whose folder names are the classes, for measuring the waiting times of a
new project; the default is 600 drawings of the demo. Takes about two minutes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks import pool_map, window_filters, window_waits
from benchmarks.keyboard import bring_to_front
from benchmarks.projects import BATCH, FOLDER, make_project
from benchmarks.timing import (
    frames,
    late_ticks,
    peak_mib,
    print_frame_times,
    print_heading,
    print_times,
    until,
)
from labeller.learning.recipe import QUICK
from labeller.loop.method import Method
from labeller.loop.round_settings import RoundSettings, keep_round_settings
from labeller.pool import demo
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.project.project import Project
from labeller.window.kit.theme import apply_theme
from labeller.window.shell.application import warm_up
from labeller.window.shell.main_window import MainWindow

ROWS, LABELLED, KEYS = 1_000_000, 50_000, 200
SCROLLED, FRAMES = 100_000, 300
SMALL = 150
"""The number of images of a small project."""


def many_pictures(folder: Path, images: Path) -> Path:
    """Make a folder of `ROWS` image files: `FOLDER` drawings, repeated by symbolic links."""
    first = folder / "0000"
    first.mkdir(parents=True)
    for number, path in enumerate(sorted(images.rglob("*.jpg"))[:FOLDER]):
        shutil.copy(path, first / f"{number}.jpg")
    for part in range(1, ROWS // FOLDER):
        (folder / f"{part:04d}").symlink_to(first)
    return folder


def make_large_project(
    folder: Path, pictures: Path, rows: int, labelled: int, batch: int = BATCH
) -> None:
    """Make a project of many rows without background computation: its learner trains only on
    request."""
    with Project(make_project(folder, rows, labelled, pictures, batch)) as project:
        keep_round_settings(project, RoundSettings(Method(recipe=QUICK)), batch)


def open_large_project(window: MainWindow, folder: Path, pictures: Path) -> None:
    make_large_project(folder, pictures, ROWS, LABELLED)
    before, began = peak_mib(), time.perf_counter()
    window.open_project(folder)
    until(lambda: window.page is not None and bool(window.page.session.images))
    window.grab()
    seconds = time.perf_counter() - began
    print(
        f"  opening {ROWS:,} rows, to the first batch on screen: {seconds:.2f} s,"
        f" {peak_mib() - before:.0f} MiB more",
        flush=True,
    )
    until(lambda: not window.worker.busy)
    bring_to_front(window)


def keys(window: MainWindow) -> list[float]:
    """Milliseconds from a key press until its label is stored and the window has painted it."""
    session, times = window.page.session, []
    before = session.project.labels.counts()[0]
    for number in range(KEYS):
        began = time.perf_counter()
        QTest.keyClick(window.page.grid, Qt.Key(Qt.Key.Key_1 + number % 3))
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - began))
        if session.batch_done:
            window.page.changes.clear(list(range(len(session.images))))
            QTest.keyClick(window.page.grid, Qt.Key.Key_Home)
            before -= len(session.images)
    assert session.project.labels.counts()[0] == before + KEYS, "each key labels an image"
    return times


def open_large_batch(window: MainWindow, folder: Path, pictures: Path) -> None:
    make_large_project(folder, pictures, SCROLLED, 0, SCROLLED)
    window.open_project(folder)
    until(lambda: window.page is not None and len(window.page.session.images) == SCROLLED)
    until(lambda: not window.worker.busy)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("images", nargs="?", help="a folder or .zip")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["LABELLER_DATA"] = str(folder / "data")
        demo.generate(folder / "images", pool=600, test=100)
        train = folder / "images" / "train"
        create(folder / "demo", Request(str(folder / "images"), truth="folders")).close()
        demo.generate(folder / "few", pool=SMALL, test=0)
        create(folder / "small", Request(str(folder / "few" / "train"))).close()
        pictures = many_pictures(folder / "pictures", folder / "images")
        application = QApplication(sys.argv[:1])
        apply_theme(application)
        warm_up()
        print("The window", flush=True)
        window_waits.measure(folder, asked.images or str(train))
        command = [sys.executable, "-m", "benchmarks.window_memory", str(folder / "small")]
        subprocess.run(command, check=True)
        window = MainWindow()
        window.resize(1280, 800)
        window.show()
        open_large_project(window, folder / "large", pictures)
        print_heading("milliseconds")
        print_times(f"a key, {LABELLED:,} of {ROWS:,} labelled", keys(window))
        window_filters.measure(window)
        pool_map.measure()
        open_large_batch(window, folder / "scrolled", pictures)
        print_frame_times(f"a frame of scrolling {SCROLLED:,} images", frames(window, FRAMES))
        window.open_project(folder / "demo")
        until(lambda: window.page is not None and not window.worker.busy)
        window.page.oracle.switch(True)
        rest = time.perf_counter() + 3
        print_times(
            "delay of the event loop, at rest", late_ticks(lambda: time.perf_counter() > rest)
        )
        window.page.learning.train()
        print_times("the same while a model is trained", late_ticks(lambda: not window.worker.busy))
        window.close()


if __name__ == "__main__":
    main()
