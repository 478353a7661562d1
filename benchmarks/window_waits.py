"""Waiting times in the window: the first images of a new project, the next batch after the last key
of a batch, and closing. Nothing is cached: each new project reads its images and exports its
encoder."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QThread
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from benchmarks.keyboard import bring_to_front
from benchmarks.timing import (
    FirstEvent,
    close_messages,
    first_on_screen,
    label_truly,
    pause,
    print_times,
    until,
)
from labeller.learning.learners import WHOLE
from labeller.loop.method import Method
from labeller.loop.round_settings import RoundSettings, keep_round_settings
from labeller.project.planning import Request
from labeller.project.project import DEFAULT_BATCH_SIZE, Project
from labeller.window.shell.main_window import MainWindow
from labeller.window.shell.project_operations import create

BATCHES, PACE_MS = 3, 150
"""The number of batches to label, and the time between two keys; most people take longer."""
PATIENCE_SECONDS = 20
NOT_OURS = (type(threading.main_thread()), threading._DummyThread)  # type: ignore[attr-defined]
"""The main thread, and Python's dummy objects for Qt threads; those are checked through Qt."""
MEANWHILE_MS = 500
"""How long an operation runs before the window is closed."""


def show_window() -> MainWindow:
    window = MainWindow()
    window.resize(1280, 800)
    window.show()
    bring_to_front(window)
    return window


def new_project(window: MainWindow, folder: Path, images: str) -> None:
    """Create a project, and wait for its images."""
    began = time.perf_counter()
    create(window, folder, Request(images, truth="folders"))
    until(lambda: first_on_screen(window))
    first = time.perf_counter() - began
    session = window.page.session
    pool, batch = session.project.images.pool_size(), len(session.images)
    until(lambda: session.waiting_round is not None or not window.worker.busy)
    typical = time.perf_counter() - began
    offered = "until typical ones are offered" if session.waiting_round else "typical ones: none"
    print(f"  from Create to the first of {pool:,} images on screen: {first:.2f} s;"
          f" {offered}: {typical:.2f} s", flush=True)  # fmt: skip
    assert batch == DEFAULT_BATCH_SIZE
    close_messages(window)


def next_batches(window: MainWindow) -> None:
    """Label several batches, and time the wait for the next one after each."""
    page, waits = window.page, []
    session, following = page.session, window.actions_by_name["next_batch"]
    if session.waiting_round is not None:
        following.trigger()
    for _ in range(BATCHES):
        before = session.round.id
        while session.open_positions():
            pause(PACE_MS)
            label_truly(window)
        began = time.perf_counter()
        until(lambda: session.waiting_round is not None)
        following.trigger()
        until(lambda: first_on_screen(window))
        waits.append(1000 * (time.perf_counter() - began))
        assert session.round.id != before
    print_times(f"the next batch after the last key, {BATCHES} times", waits, 0)


def time_closing(window: MainWindow, what: str) -> None:
    """Close the window during an operation, and wait for all threads."""
    hidden, page = FirstEvent(window, QEvent.Type.Hide), window.page
    ours = [thread for each in (window, page.session) for thread in each.findChildren(QThread)]
    assert len(ours) >= 2, "the worker and fine-tuning each have a thread"
    began = time.perf_counter()
    window.close()

    def at_work() -> list[object]:
        found: list[object] = [each for each in ours if isValid(each) and each.isRunning()]
        return found + [each for each in threading.enumerate() if not isinstance(each, NOT_OURS)]

    while at_work():
        time.sleep(0.001)
        if time.perf_counter() > began + PATIENCE_SECONDS:
            raise TimeoutError(at_work())
    ended = time.perf_counter()
    print(f"  closing, {what}: hidden after {1000 * (hidden.at - began):.0f} ms,"
          f" all threads ended after {1000 * (ended - began):.0f} ms", flush=True)  # fmt: skip
    window.deleteLater()
    QApplication.processEvents()


def close_during(folder: Path, what: str, start: Callable[[MainWindow], object]) -> None:
    """Open a project, start an operation, and close the window while it runs."""
    window = show_window()
    window.open_project(folder)
    until(lambda: first_on_screen(window))
    until(lambda: not window.worker.busy)
    start(window)
    end = time.perf_counter() + MEANWHILE_MS / 1000
    until(lambda: not window.worker.busy or time.perf_counter() > end)
    time_closing(window, what if window.worker.busy else f"{what}, which had just ended")


def measure(folder: Path, images: str) -> None:
    """Run and print all measurements."""
    window = show_window()
    new_project(window, folder / "new", images)
    next_batches(window)
    until(lambda: window.page.learning.deeper.busy)
    pause(MEANWHILE_MS)
    time_closing(window, "while fine-tuning")
    window = show_window()
    create(window, folder / "read", Request(images, truth="folders"))
    until(lambda: first_on_screen(window))
    pause(MEANWHILE_MS)
    time_closing(window, "while a new project's images are read")
    _label_all(folder / "new")
    close_during(folder / "new", "while likely mistakes are looked for", _review)
    with Project(folder / "new") as project:
        method = Method(learner=WHOLE, recipe="quick")
        keep_round_settings(project, RoundSettings(method), DEFAULT_BATCH_SIZE)
    close_during(folder / "new", "while a whole network is trained", _train)


def _review(window: MainWindow) -> None:
    window.page.review()


def _train(window: MainWindow) -> None:
    """Start training a whole network, and wait for its first steps."""
    steps: list[object] = []
    window.worker.progressed.connect(steps.append)
    window.page.learning.train()
    window.page.learning.train()  # although the batch is unfinished
    until(lambda: steps)


def _label_all(folder: Path) -> None:
    with Project(folder) as project:
        left = [int(image_id) for image_id in project.images.candidates()]
        project.labels.assign(project.oracle.reveal(left), "anna")
