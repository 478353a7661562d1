"""Shared helpers of the window benchmarks: waiting, measuring and printing."""

import resource
import statistics
import sys
import time
from collections.abc import Callable

import psutil
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from benchmarks.keyboard import bring_to_front
from labeller.window.shell.main_window import MainWindow

TICK_MS = 5


def pause(milliseconds: int) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(condition: Callable[[], object]) -> None:
    """Run the event loop until a condition holds."""
    while not condition():
        pause(1)


def close_messages(window: MainWindow) -> None:
    """Close message boxes, so that keys go to the images."""
    for box in window.findChildren(QMessageBox):
        box.close()
    bring_to_front(window)


def first_on_screen(window: MainWindow) -> bool:
    """Whether the thumbnail of the batch's first image is on screen."""
    page = window.page
    if page is None or not page.session.images:
        return False
    window.grab()
    return page.thumbnails.get(page.session.images[0]) is not None


def label_truly(window: MainWindow) -> None:
    """Press the key of the current image's hidden label."""
    session = window.page.session
    image = session.images[session.cursor]
    (truth,) = session.project.oracle.reveal([image.id]).values()
    place = next(each.position for each in session.classes if each.id == truth)
    key = Qt.Key.Key_0 if place == 9 else Qt.Key(Qt.Key.Key_1 + place)
    QTest.keyClick(window.page.grid, key)


def peak_mib() -> float:
    """The peak resident memory of this process."""
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def resident_mib() -> float:
    """The current resident memory of this process."""
    return psutil.Process().memory_info().rss / (1 << 20)


def print_heading(what: str) -> None:
    print(f"  {what:<44}   median     99 %  longest", flush=True)


def print_times(name: str, values: list[float], digits: int = 2) -> None:
    """Print median, 99th percentile and maximum."""
    most = statistics.quantiles(values, n=100, method="inclusive")[98]
    columns = (statistics.median(values), most, max(values))
    print(f"  {name:<44} " + " ".join(f"{each:8.{digits}f}" for each in columns), flush=True)


def late_ticks(done: Callable[[], bool]) -> list[float]:
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


class FirstEvent(QObject):
    """Records when a widget first receives an event of a given kind."""

    def __init__(self, widget: QObject, kind: QEvent.Type) -> None:
        super().__init__()
        self._kind, self.at = kind, 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == self._kind and not self.at:
            self.at = time.perf_counter()
        return False


def frames(window: MainWindow, count: int) -> list[float]:
    """Milliseconds to scroll the current list by one step of the wheel and paint it."""
    times: list[float] = []
    QApplication.processEvents()
    bar = window.page.grid.verticalScrollBar()
    for _ in range(count):
        if bar.value() == bar.maximum():
            bar.setValue(0)
        began = time.perf_counter()
        bar.setValue(bar.value() + 120)
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - began))
        pause(max(0, round(16 - times[-1])))
    return times


def print_frame_times(name: str, times: list[float]) -> None:
    print_times(name, times)
    within = sum(each < 1000 / 60 for each in times) / len(times)
    print(f"  within 1/60 s: {within:.1%} of the frames", flush=True)
