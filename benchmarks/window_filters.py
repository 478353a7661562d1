"""*All images* of a large project: time from changing a filter or the order until the list is on
screen, and scrolling in it."""

import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from benchmarks.timing import frames, pause, print_frame_times, print_heading, print_times, until
from labeller.window.shell.main_window import MainWindow

FILTERS = (
    "77.jpg", "folder:0012", "class:two", "is:unlabelled", "by:anna", "size>50 width<100",
    "confidence<0.6", "date>2020-01-01 -class:two", "",
)  # fmt: skip
ORDERS = ("name", "largest", "unsure", "newest", "imported")
TIMES, FRAMES = 5, 300


def measure(window: MainWindow) -> None:
    """Show each list several times through the page, and print the times."""
    page = window.page
    assert page is not None
    began = time.perf_counter()
    QTest.keyClick(page.grid, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    window.grab()
    found = page.session.batch.found
    print(f"  all {found:,} images on screen: {time.perf_counter() - began:.2f} s")
    assert page.session.reviewing and found > 0
    print_heading("milliseconds until a list is on screen")
    every: list[float] = []
    for text in FILTERS:
        times = [_filtered(window, text) for _ in range(TIMES)]
        name = f"filter {text}" if text else "no filter"
        print_times(f"{name} ({page.session.batch.found:,} images)", times, 0)
        every += times
    for order in ORDERS:
        times = [_ordered(window, order) for _ in range(TIMES)]
        print_times(f"order {order}", times, 0)
        every += times
    print_times("all of these lists", every, 0)
    print_frame_times("a frame of scrolling in the list", frames(window, FRAMES))


def _filtered(window: MainWindow, text: str) -> float:
    """Milliseconds from Enter to the list, after the filter has been changed."""
    page = window.page
    line = page.reviewing.filters.text
    line.setText(f"{text} -name:nothing")
    QTest.keyClick(line, Qt.Key.Key_Return)
    pause(20)
    line.setText(text)
    began = time.perf_counter()
    QTest.keyClick(line, Qt.Key.Key_Return)
    window.grab()
    taken = time.perf_counter() - began
    assert page.session.batch.question.text == text
    until(lambda: not window.worker.busy)
    return 1000 * taken


def _ordered(window: MainWindow, order: str) -> float:
    """Milliseconds from the choice to the list."""
    page = window.page
    box = page.reviewing.order
    began = time.perf_counter()
    box.setCurrentIndex(box.findData(order))
    box.activated.emit(box.currentIndex())
    window.grab()
    taken = time.perf_counter() - began
    assert page.session.batch.question.order == order
    pause(20)
    return 1000 * taken
