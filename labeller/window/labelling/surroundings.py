"""A line above the images when new ones have appeared in the project's folders."""

from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QFileSystemWatcher, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from labeller.core.run import Run
from labeller.project.growing import Surroundings, look_around, watched
from labeller.project.project import Project
from labeller.window.kit.language import tr
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import Lookup

WAIT_MS = 2000
"""Quiet time before asking, so that copying a folder does not ask once per file."""
WATCHED = 200
"""Maximum number of watched folders; deeper ones are looked at when the project opens."""
MOST_IMAGES = 200_000
"""In larger projects new images are looked for only when somebody asks: it takes minutes."""


def _look_around(folder: Path, stop: Event) -> Surroundings | None:
    """Runs in a thread with its own connection."""
    # This is only an offer: errors are reported when the images are added.
    with suppress(Exception), Project(folder, read_only=True) as project:
        return look_around(project, Run(should_stop=stop.is_set))
    return None


class SurroundingsLine(QFrame):
    """Looks for new images in a thread, when a project is opened and when its folders change.

    Signal: wanted(): the person wants to add the new images.
    """

    wanted = Signal()

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._folder = project.folder
        looks = not project.read_only and project.images.count() <= MOST_IMAGES
        self._roots = watched(project) if looks else []
        self._stop = Event()
        self._looking = self._again = False
        self.text = PlainLabel()
        self.add = QPushButton(tr("Add them"))
        self.later = QPushButton(tr("Not now"))
        for button in (self.add, self.later):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not take the focus
        self.setObjectName("surroundings")
        self.setStyleSheet("#surroundings { border: 1px solid palette(mid); border-radius: 6px; }")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.add)
        layout.addWidget(self.later)
        self.hide()
        self.add.clicked.connect(self.wanted)
        self.later.clicked.connect(self._leave)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _: self._timer.start())
        self._lookup = Lookup()
        self._lookup.told.connect(self._show)

    def start(self) -> None:
        """Look now, and watch from then on."""
        if self._roots:
            self._watch()
            self._look()

    def stop(self) -> None:
        """Stop looking, without waiting for a search that is running."""
        self._stop.set()
        self._timer.stop()

    def _watch(self) -> None:
        places = []
        for root in self._roots:
            with suppress(OSError):
                places += [root, *sorted(p for p in root.iterdir() if p.is_dir())]
        known = set(self._watcher.directories())
        new = [str(place) for place in places[:WATCHED] if str(place) not in known]
        if new:
            self._watcher.addPaths(new)

    def _look(self) -> None:
        if self._looking:
            self._again = True
        elif not self._stop.is_set():
            self._looking = True
            self._lookup.start(partial(_look_around, self._folder, self._stop))

    def _show(self, found: Surroundings | None) -> None:
        self._looking = False
        if self._again:
            self._again = False
            self._timer.start()
        self._watch()
        count = 0 if found is None else found.new_count
        self.setVisible(bool(count))
        if found is not None and count:
            place = next(iter(found.new))
            self.text.setText(
                tr("%n new image(s) in {folder}", None, count).format(folder=place.name)
            )

    def _leave(self) -> None:
        """Hide until something else appears, or the project is opened again."""
        self.hide()
