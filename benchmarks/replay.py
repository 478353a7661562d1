"""Replay key sequences that once caused wrong labels, in the real window.

    xvfb-run -a python -m benchmarks.replay

Prints the outcome of each; exits with 1 if anything was labelled by mistake. Needs `xvfb` and
`xdotool`; without a screen, Qt events are sent instead. Takes about a minute.
"""

import functools
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QPoint

import labeller.loop.rounds  # noqa: F401  before the method is patched
from benchmarks.keyboard import Keyboard, open_window, rest, until
from labeller.learning.recipe import recipe_named
from labeller.loop import method
from labeller.pool import demo
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.window.shell.main_window import MainWindow

IMAGES, BATCH = 200, 50


class Replay:
    """Opens new projects of ten classes in a window, and counts the labels given by mistake."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window, self.keys = window, Keyboard()
        self.wrong = 0
        demo.generate(folder / "demo", IMAGES, 0)
        self._images = folder / "demo" / "train"
        self._made = 0

    def begin(self) -> None:
        """Make and open another project, and wait for its first batch."""
        self._made += 1
        folder = self._images.parent / f"project {self._made}"
        with create(folder, Request(str(self._images), truth="folders", batch_size=BATCH)):
            pass
        self.window.open_project(folder)
        until(lambda: self.window.page is not None and self.session.images)
        until(lambda: not self.window.worker.busy)

    @property
    def session(self):
        return self.window.page.session

    def names(self) -> list[str]:
        """The class names of the batch on screen, "-" for unlabelled images."""
        found = (self.session.class_of(place) for place in range(len(self.session.images)))
        return [image_class.name if image_class else "-" for image_class in found]

    def stored(self) -> dict[int, int]:
        ids, classes = self.session.project.labels.labelled()
        return dict(zip(ids.tolist(), classes.tolist(), strict=True))

    def report(self, title: str, happened: str, wrong: int) -> None:
        self.wrong += wrong
        print(f"{title}\n    {happened}\n    labelled by mistake: {wrong}", flush=True)

    # -- the sequences

    def key_after_the_last(self) -> None:
        self.begin()
        self.keys.press(*"1" * 49, "4")
        before = self.stored()
        self.keys.press("3")
        last = self.names()[-1]
        wrong = sum(before[i] != c for i, c in self.stored().items())
        self.report("49 × 1, 4, then 3", f"the last label is {last} ({self.session.classes[3].name}"
                  f" is 4); the card says: {self.window.page.card.text()}", wrong)  # fmt: skip

    def corrections_while_it_learns(self) -> None:
        """Continues on the finished batch of the previous sequence."""
        batch = {image.id for image in self.session.images}
        self.keys.press("t", "Left")
        pressed = 0
        while self.window.worker.busy or self.session.waiting_round is None:
            self.keys.press("5", "Left", "Left")
            pressed += 1
            rest(0.4)
        self.keys.press("2", "Left", "3", "Left")
        others = [image_id for image_id in self.stored() if image_id not in batch]
        self.report("a finished batch, T, corrections with a key every 0.4 s",
                  f"{pressed + 2} corrections, the next batch waits: "
                  f"{self.window.page.banner._text.text()}", len(others))  # fmt: skip
        self.keys.press("n")

    def selection(self) -> None:
        self.begin()
        self.keys.press("Ctrl+A", "6")
        after_first = self.stored()
        echo = self.window.statusBar().currentMessage()
        self.keys.press("0", "3", "5")
        changed = sum(self.stored()[i] != c for i, c in after_first.items())
        self.report("Ctrl+A, 6, 0, 3, 5", f"{len(after_first)} took the first key ({echo}), "
                  f"{changed} one of the other three", changed)  # fmt: skip

    def keys_in_the_threshold(self) -> None:
        """Runs on the second batch, which has suggestions."""
        page = self.window.page
        before = self.stored()
        self.keys.click(page.suggestions.least)
        self.keys.press("Return")
        accepted = len(self.stored()) - len(before)
        self.keys.press("3", "Escape", "5")
        given = [name for name in self.names() if name != "-"]
        meant = [self.session.classes[2].name, self.session.classes[4].name]
        first, second = page.classes.buttons[0], page.classes.buttons[1]
        gap = QPoint(first.width() // 2, (first.geometry().bottom() + second.y()) // 2 + 1)
        self.keys.click(first.parentWidget(), gap)
        here = self.session.cursor
        self.keys.press("Right")
        moved = self.session.cursor - here
        self.report("the threshold box: Return, 3, Escape, 5; a click between class buttons, Right",
                  f"Return accepted {accepted}; given were {given}, meant were {meant}; "
                  f"Right moved by {moved}",
                  accepted + (given[:2] != meant) + (moved != 1))  # fmt: skip

    def keys_that_cost(self) -> None:
        window = self.window
        self.keys.press("t")
        asked = window.statusBar().currentMessage()
        started = window.worker.busy
        self.keys.press("t", "Escape", "Escape")
        going_on = window.worker.busy and not window.worker.stopping
        self.keys.press("Shift+Escape")
        until(lambda: not window.worker.busy)
        self.report("T on an unfinished batch, T again, Escape twice, Shift+Escape",
                  f"the first T asked “{asked}”; after two Escapes it went on: {going_on}; "
                  f"now: {window.statusBar().currentMessage()}",
                  int(started) + (not going_on))  # fmt: skip


def main() -> int:
    recipe = recipe_named("quick", epochs=8, steps_per_epoch=8, batch_size=16, queue_size=64)
    method.Method = functools.partial(method.Method, recipe=recipe)  # type: ignore[misc,assignment]
    with tempfile.TemporaryDirectory() as folder:
        window = open_window()
        replay = Replay(window, Path(folder))
        print(f"Keys are {replay.keys.means}.")
        replay.key_after_the_last()
        replay.corrections_while_it_learns()
        replay.keys_in_the_threshold()
        replay.keys_that_cost()
        replay.selection()
        window.close()
    print(f"{replay.keys.pressed} keys; labelled by mistake in all: {replay.wrong}")
    return int(replay.wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
