"""Hours of work in minutes: a scripted user of the real window, round after round, with memory,
threads and open files measured after each."""

import functools
import gc
import os
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import labeller.loop.rounds  # noqa: F401  before the method is patched
from labeller.learning.recipe import recipe_named
from labeller.loop import method
from labeller.project.project import Project
from tests.reliability.children import FAST
from tests.reliability.outcome import Outcome, make_project, require_intact

ROUNDS, KEYS = 20, 1000
SETTLED = 0.25
"""After this share of the rounds, nothing may grow by more than a tenth."""


def of_rounds(folder: Path, times: int, seed: int, keys: int = KEYS) -> Outcome:
    """`times` rounds of `keys` labels by key: memory, threads and handles stay constant."""
    from labeller.window.shell.application import warm_up
    from labeller.window.shell.main_window import MainWindow

    os.environ.setdefault("LABELLER_DATA", str(folder / "data"))
    outcome = Outcome(f"soak: rounds of {keys:,} labels by key, with training")
    project = make_project(folder, each=40 * times)
    with Project(project) as opened:
        opened.settings.set("batch_size", 100)
    application = QApplication.instance() or QApplication([])
    warm_up()
    usual = method.Method
    recipe = recipe_named("quick", **FAST)
    method.Method = functools.partial(usual, recipe=recipe, device="cpu")  # type: ignore[misc,assignment]
    window = MainWindow()
    window.show()
    try:
        window.open_project(project)
        seen = []
        for _ in range(times):
            _wait(application, lambda: bool(window.page and window.page.session.images))
            _label(application, window, keys)
            _train(application, window)
            gc.collect()
            seen.append((_memory(), _threads(), _handles()))
            outcome.tried += 1
        page = window.page
        assert page is not None
        outcome.expect(page.session.project.rounds.count() > times, "a round is missing")
    finally:
        window.close()
        method.Method = usual  # type: ignore[misc]
    settled = seen[int(SETTLED * len(seen))]
    for name, before, after in zip(("memory", "threads", "files"), settled, seen[-1], strict=True):
        outcome.expect(after <= 1.1 * before + 2, f"{name} grew from {before} to {after}")
    require_intact(outcome, project, None, "after all")
    outcome.note = (
        f"{times * keys:,} labels; after round {int(SETTLED * len(seen)) + 1} and {times}: "
        + ", ".join(
            f"{a} and {b} {unit}"
            for a, b, unit in zip(settled, seen[-1], ("MiB", "threads", "files"), strict=True)
        )
    )
    return outcome


def _label(application: QApplication, window: Any, keys: int) -> None:
    """Press `keys` class keys with an undo now and then, going through the batch several times."""
    grid, session = window.page.grid, window.page.session
    grid.setFocus()
    for number in range(keys):
        key = Qt.Key.Key_1 + number % 3
        QTest.keyClick(grid, key)
        if number % 50 == 49:
            QTest.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        if session.batch_done and number < keys - 1:
            QTest.keyClick(grid, Qt.Key.Key_Home)
        application.processEvents()


def _train(application, window) -> None:
    page = window.page
    while page.session.open_positions():  # an undo may have cleared one
        QTest.keyClick(page.grid, Qt.Key.Key_1)
    page.learning.train()
    _wait(application, lambda: not window.worker.busy and page.session.waiting_round is not None)
    QTest.keyClick(page.grid, Qt.Key.Key_N)


def _wait(application, condition, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        application.processEvents()
        time.sleep(0.002)
        assert time.monotonic() < until, "waited too long"


def _memory() -> int:
    """Resident memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
