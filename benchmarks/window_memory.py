"""Resident memory of the window with a small project, in a separate process.

    python -m benchmarks.window_memory PROJECT

The encoder is loaded by the first component that needs features. For a small project that is the
thread of live suggestions, which is started here only after the first measurement.
"""

import os
import sys
from pathlib import Path
from unittest.mock import patch

from PySide6.QtWidgets import QApplication

from benchmarks.timing import first_on_screen, resident_mib, until
from labeller.window.kit.theme import apply_theme
from labeller.window.labelling.labelling_page import LiveSuggestions
from labeller.window.shell.application import warm_up
from labeller.window.shell.main_window import MainWindow


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    apply_theme(application)
    bare = resident_mib()
    warm_up()
    window = MainWindow()
    window.resize(1280, 800)
    window.show()
    empty = resident_mib()
    read: list[object] = []
    with patch.object(LiveSuggestions, "start"):
        window.open_project(Path(sys.argv[1]))
        until(lambda: first_on_screen(window) and not window.worker.busy)
    before = resident_mib()
    window.page.live.progressed.connect(read.append)
    window.page.live.start()
    until(lambda: read)
    loaded = resident_mib()
    until(lambda: read[-1].done == read[-1].total)  # type: ignore[attr-defined]
    print(f"  memory: {bare:.0f} MiB of Python and Qt, {empty:.0f} with torch and the first page,"
          f" {before:.0f} with a small project,\n          {loaded:.0f} once the encoder is loaded,"
          f" {resident_mib():.0f} when all images are read", flush=True)  # fmt: skip
    window.close()


if __name__ == "__main__":
    main()
