"""The window: opening a large project, latency of keys, and responsiveness while a model is
trained."""

import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.projects import FOLDER, of_rows
from labeller.pool import demo
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.window.kit.theme import apply_theme
from labeller.window.shell.application import warm_up
from labeller.window.shell.main_window import MainWindow

ROWS, LABELLED, KEYS = 1_000_000, 50_000, 200
SCROLLED, FRAMES = 100_000, 300
TICK_MS = 5


def pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(condition: Callable[[], bool]) -> None:
    while not condition():
        pause(1)


def peak_mib() -> float:
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def result(name: str, milliseconds: list[float]) -> None:
    middle, most = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=100)[98]
    print(f"  {name:<44} {middle:8.2f} {most:8.2f} {max(milliseconds):8.2f}")


def large_project(window: MainWindow, folder: Path) -> None:
    of_rows(folder, ROWS, LABELLED)
    before, began = peak_mib(), time.perf_counter()
    window.open_project(folder)
    until(lambda: window.page is not None and bool(window.page.session.images))
    window.grab()
    seconds = time.perf_counter() - began
    print(
        f"  opening {ROWS:,} rows, to the first batch on screen: {seconds:.2f} s,"
        f" {peak_mib() - before:.0f} MiB more"
    )
    until(lambda: not window.worker.busy)


def keys(window: MainWindow) -> list[float]:
    """Milliseconds from a key press until its label is stored and the window has painted it."""
    session, times = window.page.session, []
    window.page.changes.cannot_be_seen = lambda image: False  # the rows have no files
    for number in range(KEYS):
        began = time.perf_counter()
        QTest.keyClick(window.page.grid, Qt.Key.Key_1 + number % 3)
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - began))
        if session.batch_done:
            window.page.changes.clear(list(range(len(session.images))))
            QTest.keyClick(window.page.grid, Qt.Key.Key_Home)
    return times


def frames(window: MainWindow, folder: Path) -> list[float]:
    """Milliseconds to scroll on by a turn of the wheel and paint, in a batch of many images."""
    pictures = folder / "pictures"
    (pictures / "0000").mkdir(parents=True)
    for number, path in enumerate(sorted((folder / "images").rglob("*.jpg"))[:FOLDER]):
        shutil.copy(path, pictures / "0000" / f"{number}.jpg")
    for part in range(1, SCROLLED // FOLDER):
        (pictures / f"{part:04d}").symlink_to(pictures / "0000")
    of_rows(folder / "scrolled", SCROLLED, 0, pictures, SCROLLED)
    window.open_project(folder / "scrolled")
    until(lambda: window.page is not None and len(window.page.session.images) == SCROLLED)
    until(lambda: not window.worker.busy)
    grid, times = window.page.grid, []
    QApplication.processEvents()
    bar = grid.verticalScrollBar()
    for _ in range(FRAMES):
        began = time.perf_counter()
        bar.setValue(bar.value() + 120)
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - began))
        pause(max(0, round(16 - times[-1])))
    return times


def delays(done: Callable[[], bool]) -> list[float]:
    """Milliseconds by which timers of the event loop are late, until `done`."""
    late: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(0.0, 1000 * (now - last) - TICK_MS))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    until(done)
    timer.stop()
    return late[5:]


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["LABELLER_DATA"] = str(folder / "data")
        demo.generate(folder / "images", pool=600, test=100)
        create(folder / "demo", Request(str(folder / "images"), truth="folders")).close()
        application = QApplication(sys.argv[:1])
        apply_theme(application)
        warm_up()
        window = MainWindow()
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        print("The window")
        large_project(window, folder / "large")
        print(f"  {'milliseconds':<44}   median     99 %  longest")
        result(f"a key, {LABELLED:,} of {ROWS:,} labelled", keys(window))
        times = frames(window, folder)
        result(f"a frame of scrolling {SCROLLED:,} images", times)
        print(
            f"  within 1/60 s: {sum(t < 1000 / 60 for t in times) / len(times):.1%} of the frames"
        )
        window.open_project(folder / "demo")
        until(lambda: window.page is not None and not window.worker.busy)
        window.page.oracle.switch(True)
        rest = time.perf_counter() + 3
        result("delay of the event loop, at rest", delays(lambda: time.perf_counter() > rest))
        window.page.learning.train()
        result("the same while a model is trained", delays(lambda: not window.worker.busy))
        window.close()


if __name__ == "__main__":
    main()
