"""What a person waits for in the window: the first images of a new project, the next batch after a
batch's last key, and the end of the program. Nothing here is known to the program beforehand: each
new project reads its images and exports its encoder anew."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QThread
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from benchmarks.keyboard import bring_to_front
from benchmarks.timing import (
    Noted,
    close_messages,
    first_on_screen,
    label_truly,
    pause,
    result,
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
"""Batches that are labelled, and the time between two keys; most people take longer."""
PATIENCE_SECONDS = 20
NOT_OURS = (type(threading.main_thread()), threading._DummyThread)  # type: ignore[attr-defined]
"""The main thread, and what Python remembers of Qt's threads, which Qt is asked about."""
MEANWHILE_MS = 500
"""How long something has been running when the window is closed."""


def shown() -> MainWindow:
    window = MainWindow()
    window.resize(1280, 800)
    window.show()
    bring_to_front(window)
    return window


def new_project(window: MainWindow, folder: Path, images: str) -> None:
    """Confirm *Create*, and wait for images."""
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
    """Label batch after batch, and wait for the next one after the last key of each."""
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
    result(f"the next batch after the last key, {BATCHES} times", waits, 0)


def closed(window: MainWindow, what: str) -> None:
    """Close the window in the middle of something, and wait for all threads."""
    hidden, page = Noted(window, QEvent.Type.Hide), window.page
    ours = [thread for each in (window, page.session) for thread in each.findChildren(QThread)]
    assert len(ours) >= 2, "the worker and fine-tuning have one each"
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


def in_the_middle(folder: Path, what: str, start: Callable[[MainWindow], object]) -> None:
    """Open a project, start something, and close the window while it runs."""
    window = shown()
    window.open_project(folder)
    until(lambda: first_on_screen(window))
    until(lambda: not window.worker.busy)
    start(window)
    end = time.perf_counter() + MEANWHILE_MS / 1000
    until(lambda: not window.worker.busy or time.perf_counter() > end)
    closed(window, what if window.worker.busy else f"{what}, which had just ended")


def measure(folder: Path, images: str) -> None:
    """Print everything."""
    window = shown()
    new_project(window, folder / "new", images)
    next_batches(window)
    until(lambda: window.page.learning.deeper.busy)
    pause(MEANWHILE_MS)
    closed(window, "while fine-tuning")
    window = shown()
    create(window, folder / "read", Request(images, truth="folders"))
    until(lambda: first_on_screen(window))
    pause(MEANWHILE_MS)
    closed(window, "while a new project's images are read")
    _label_all(folder / "new")
    in_the_middle(folder / "new", "while likely mistakes are looked for", _review)
    with Project(folder / "new") as project:
        method = Method(learner=WHOLE, recipe="quick")
        keep_round_settings(project, RoundSettings(method), DEFAULT_BATCH_SIZE)
    in_the_middle(folder / "new", "while a whole network is trained", _train)


def _review(window: MainWindow) -> None:
    window.page.review()


def _train(window: MainWindow) -> None:
    """Train a whole network, up to the first steps."""
    steps: list[object] = []
    window.worker.progressed.connect(steps.append)
    window.page.learning.train()
    window.page.learning.train()  # although the batch is unfinished
    until(lambda: steps)


def _label_all(folder: Path) -> None:
    with Project(folder) as project:
        left = [int(image_id) for image_id in project.images.candidates()]
        project.labels.assign(project.oracle.reveal(left), "anna")
