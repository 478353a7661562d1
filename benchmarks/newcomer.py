"""A scripted newcomer starts the program for the first time, makes a project from a folder of
photos without classes, creates the classes by typing them while labelling, and labels 100 photos.
Prints keys and clicks, wrong labels, and waiting times.

    python -m benchmarks.newcomer [PHOTOS] [--classes ...] [--routes ...] [--pace 0.3]

PHOTOS is a folder or .zip with one folder per class, known only to the newcomer; the default is
the demo. Qt key and mouse events are sent to the real window, offscreen. Each event is counted,
including every letter of a class name, each card of the tour, and copying the folder's path in a
file manager. Two routes, both from the guide:

- suggestions: digits until there are suggestions; then, where that saves keys, `A` selects all with
  the suggestion of the current image, Ctrl+click deselects the wrong ones, and one key labels the
  rest; `N` shows the next batch.
- groups: digits until every class exists, then `Shift+L`, in the same way.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from benchmarks.keyboard import Keyboard, in_dialog, open_window, rest, until
from benchmarks.timing import first_on_screen
from labeller.pool import demo
from labeller.window.dialogs.new_project_dialog import NewProjectDialog
from labeller.window.kit.search import NEW, PLACE, Finder
from labeller.window.shell.application import warm_up
from labeller.window.shell.main_window import MainWindow
from labeller.window.shell.tour import Tour, show_tour_once

PHOTOS, LABELS, KEYS, WAIT_SECONDS = 300, 100, 130, 2.0
"""The number of photos, the number to label, and the promised limits for keys and waiting."""
CLOTHES = ("pants", "shoes", "dress", "hat", "t-shirt")
DRAWINGS = ("balloon", "boat", "cactus", "fish", "house")
READING_SECONDS = 1.0
"""The time for reading each card of the tour; most people take longer."""
WORTH_IT = 3
"""The number of keys that labelling several images at once has to save."""


class Newcomer:
    """Knows the true class of every photo from its file name, and operates the window."""

    def __init__(self, window: MainWindow, truth: dict[str, str], pace: float) -> None:
        self.window, self.keys = window, Keyboard()
        self.waits: dict[str, float] = {}
        self._truth, self._pace = truth, pace

    @property
    def session(self):
        return self.window.page.session

    @property
    def labelled(self) -> int:
        return self.session.summary.labelled

    def true_class(self, place: int) -> str:
        """The true class of the image at a place."""
        return self._truth[self.session.images[place].file.name]

    # -- setting up

    def make_project(self, photos: Path) -> None:
        """Copy the folder's path, click *New project*, paste, click *Create*, and read the tour."""
        QApplication.clipboard().setText(str(photos))
        self.keys.pressed += 1

        def fill(dialog: NewProjectDialog) -> None:
            self.press("Ctrl+V")
            until(lambda: dialog.found.text().startswith(str(PHOTOS)))
            assert not dialog.request().classes and not dialog.request().labels
            began.append(time.monotonic())
            self.keys.click(dialog._ok)

        began: list[float] = []
        in_dialog(lambda: self.keys.click(self.window.welcome.new_button), fill)
        until(lambda: first_on_screen(self.window))
        self._record_wait("the first images after Create", began[0])
        (tour,) = self.window.findChildren(Tour)
        while tour.isVisible():
            rest(READING_SECONDS)
            self.press("Return")

    # -- labelling

    def label(self, place: int) -> None:
        """Give the current image its class: accept the suggestion if it is right, press the class's
        key, or type a new class."""
        name, suggested = self.true_class(place), self.session.suggested(place)
        known = {each.name: each.position for each in self.session.classes}
        if suggested is not None and suggested[0].name == name:
            self.press("Return")
        elif name in known:
            self.press("1234567890"[known[name]])
        else:
            in_dialog(lambda: self.press("/"), lambda finder: self._type(finder, name))

    def label_together(self, places: list[int], name: str) -> None:
        """Deselect the images of other classes and label the rest."""
        for place in places:
            if self.true_class(place) != name:
                self.click(place, Qt.KeyboardModifier.ControlModifier)
        self.press("1234567890"[next(c.position for c in self.session.classes if c.name == name)])

    def by_suggestions(self) -> None:
        """Label batches with the help of suggestions."""
        session = self.session
        if session.waiting_round is not None:
            self._next("typical images", "n")  # the banner says that the model learns faster
        while self.labelled < LABELS:
            if session.batch_done:
                self._correct()
                self._next("the next batch", "n")
                continue
            if session.resting:
                self.press("Tab")
            here = session.suggested(session.cursor)
            alike = [] if here is None else self._suggested_as(here[0].name)
            right = sum(self.true_class(place) == here[0].name for place in alike) if here else 0
            if here is not None and right >= len(alike) - right + 2 + WORTH_IT:
                self.press("a")
                self.label_together(alike, here[0].name)
            else:
                self.label(session.cursor)
        self._correct()

    def by_groups(self, classes: int) -> None:
        """Label groups of similar images once all classes exist."""
        session, page = self.session, self.window.page
        while len(session.classes) < classes:
            self.label(session.cursor)
        while self.window.worker.busy:  # typical images are being computed
            self.label(session.cursor)
        self._next("groups that look alike", "Shift+L")
        while self.labelled < LABELS and page.learning.shows_groups:
            places = list(range(len(session.images)))
            name, right = Counter(map(self.true_class, places)).most_common(1)[0]
            if right >= len(places) - right + 2:
                self.label_together(places, name)
            if self.labelled < LABELS:
                self._next("the next group", "n")

    def count_wrong(self) -> int:
        """The number of wrong labels."""
        ids, classes = self.session.project.labels.labelled()
        names = {each.id: each.name for each in self.session.classes}
        files = {i.id: i.file.name for i in self.session.project.images.get(ids.tolist())}
        given = zip(ids.tolist(), classes.tolist(), strict=True)
        return sum(self._truth[files[i]] != names[c] for i, c in given)

    # --

    def press(self, key: str) -> None:
        rest(self._pace)
        self.keys.press(key)

    def click(self, place: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        """Click on an image, scrolling to it if necessary."""
        rest(self._pace)
        grid = self.window.page.grid
        index = grid.model().index(place, 0)
        grid.scrollTo(index)
        self.keys.click(grid.viewport(), grid.visualRect(index).center(), modifier)

    def _type(self, finder: Finder, name: str) -> None:
        for letter in name:
            self.press(letter)
        while finder.found.currentItem().data(PLACE) != NEW:
            self.press("Down")  # a class whose name contains this one comes first
        self.press("Return")

    def _suggested_as(self, name: str) -> list[int]:
        session = self.session
        found = ((place, session.suggested(place)) for place in session.open_positions())
        return [place for place, each in found if each is not None and each[0].name == name]

    def _next(self, what: str, key: str) -> None:
        """Ask for other images as soon as possible, and wait until they are shown."""
        began, before = time.monotonic(), self.session.batch
        if key == "n":
            until(lambda: self.window.page.learning.can_show_next)
        began -= self._pace  # part of the wait
        self.press(key)
        until(lambda: self.session.batch is not before and first_on_screen(self.window))
        self._record_wait(what, began + self._pace)

    def _correct(self) -> None:
        """Click each image on screen with a wrong label, and label it again."""
        for place in range(len(self.session.images)):
            given = self.session.class_of(place)
            if given is not None and given.name != self.true_class(place):
                self.click(place)
                self.label(place)

    def _record_wait(self, what: str, began: float) -> None:
        self.waits[what] = max(time.monotonic() - began, self.waits.get(what, 0.0))


def take_photos(source: str | None, classes: list[str], folder: Path) -> dict[str, str]:
    """Copy photos of the classes to one folder under neutral names; returns the true class of
    each."""
    if source is None:
        demo.generate(folder / "demo", pool=2 * PHOTOS, test=0)
        source = str(folder / "demo")
    elif source.endswith(".zip"):
        with zipfile.ZipFile(source) as packed:
            wanted = [n for n in packed.namelist() if Path(n).parent.name in classes]
            packed.extractall(folder / "unpacked", wanted)
        source = str(folder / "unpacked")
    found = [path for path in sorted(Path(source).rglob("*.*")) if path.parent.name in classes]
    (folder / "photos").mkdir()
    truth = {}
    for number, path in enumerate(random.Random(0).sample(found, PHOTOS)):
        name = f"{number:03d}{path.suffix.lower()}"
        shutil.copy(path, folder / "photos" / name)
        truth[name] = path.parent.name
    return truth


def run_route(folder: Path, truth: dict[str, str], route: str, pace: float) -> bool:
    """Go from the first start to the last label; returns whether the promises were kept."""
    os.environ["LABELLER_DATA"] = str(folder / f"data of {route}")
    began = time.monotonic()
    window = open_window()
    window.project_shown.connect(lambda: show_tour_once(window))
    newcomer = Newcomer(window, truth, pace)
    newcomer.make_project(folder / "photos")
    setup = newcomer.keys.pressed
    assert newcomer.session.classes == [] and newcomer.labelled == 0
    if route == "groups":
        newcomer.by_groups(len(set(truth.values())))
    else:
        newcomer.by_suggestions()
    used, wrong = newcomer.keys.pressed, newcomer.count_wrong()
    longest = max(newcomer.waits.values())
    typed = sum(len(each.name) + 2 for each in newcomer.session.classes)
    print(f"by {route}: {used} keys and clicks (promised: fewer than {KEYS}) for "
          f"{newcomer.labelled} photos, {setup} of them until the first label, {typed} to type "
          f"{len(newcomer.session.classes)} classes; {wrong} wrong labels; "
          f"{time.monotonic() - began:.0f} s")  # fmt: skip
    print(f"  longest wait for something to label: {longest:.2f} s (promised: {WAIT_SECONDS:.0f})")
    for what, seconds in newcomer.waits.items():
        print(f"    {what}: {seconds:.2f} s", flush=True)
    window.close()
    shutil.rmtree(folder / "photos labels")
    return used < KEYS and wrong == 0 and longest <= WAIT_SECONDS


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="?", help="a folder or .zip")
    parser.add_argument("--classes", nargs="+", help="the classes to use")
    parser.add_argument("--routes", nargs="+", default=["suggestions", "groups"])
    parser.add_argument("--pace", type=float, default=0.3, help="seconds before each key")
    asked = parser.parse_args()
    classes = asked.classes or (CLOTHES if asked.photos else DRAWINGS)
    with tempfile.TemporaryDirectory() as name:
        os.environ["LABELLER_DATA"] = str(Path(name, "data"))
        truth = take_photos(asked.photos, classes, Path(name))
        open_window().close()
        warm_up()  # behind the splash screen
        kept = [run_route(Path(name), truth, route, asked.pace) for route in asked.routes]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
