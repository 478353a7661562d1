"""A scripted person labels thousands of photos by keyboard with occasional slips; prints how many
labels differ from the intended ones.

    xvfb-run -a python -m benchmarks.annotator [IMAGES] [--photos 2000] [--slips 0.02] [--seed 0]

IMAGES is a folder or .zip whose folder names are the classes; the default is the demo. The person
looks at the current image, decides, and presses a key up to 0.15 s later, whatever the window has
done in the meantime: it trains between batches, and the next batch arrives during corrections. The
kinds of slips are listed below; the person notices and undoes each one. Needs `xvfb` and `xdotool`;
without a screen, Qt events are sent instead. Takes about 0.1 s per photo.
"""

import argparse
import functools
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import labeller.loop.rounds  # noqa: F401  before the method is patched
from benchmarks.keyboard import Keyboard, open_window, rest, until
from labeller.learning.recipe import recipe_named
from labeller.loop import method
from labeller.pool import demo
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.window.shell.main_window import MainWindow

REACTION_SECONDS = 0.15
SLOW_EVERY = 10
"""One in this many decisions takes up to the full reaction time; the others are immediate, to save
time."""
CORRECTIONS = 6
"""How many labels of a finished batch are reviewed while the model trains."""


class Annotator:
    """Knows every true class and records the intended label of each image."""

    def __init__(self, window: MainWindow, slips: float, seed: int) -> None:
        self.window, self.keys = window, Keyboard()
        self.meant: dict[int, int] = {}
        self.slipped: Counter[str] = Counter()
        self._slips, self._random = slips, random.Random(seed)
        self._decisions = 0
        self._slips_by_name = {
            "another class, taken back": self._another_class,
            "a key twice, taken back": self._key_twice,
            "all selected, taken back": self._all_selected,
            "Escape twice": lambda: self.keys.press("Escape", "Escape"),
            "T on an unfinished batch": self._train_early,
            "a click between the buttons": self._click_between_buttons,
            "a number typed for the threshold": self._threshold,
            "accepted all, taken back": self._accept_all,
        }

    @property
    def session(self):
        return self.window.page.session

    def stored(self) -> dict[int, int]:
        ids, classes = self.session.project.labels.labelled()
        return dict(zip(ids.tolist(), classes.tolist(), strict=True))

    def count_wrong(self) -> int:
        """The number of labels that are wrong, unintended or missing."""
        stored = self.stored()
        return sum(stored.get(i) != self.meant.get(i) for i in {*stored, *self.meant})

    def label_batch(self) -> None:
        session = self.session
        self._truth = session.project.oracle.reveal([image.id for image in session.images])
        while session.open_positions():
            if session.resting:
                self.keys.press("Tab")
            if self._random.random() < self._slips:
                self._slip()
            self._answer()

    def train_and_review(self) -> None:
        """Press T, review some labels by pressing their keys again until the next batch is ready,
        then show it."""
        session, number = self.session, self.session.round.number
        self.keys.press("t", "Left")
        done = 0
        while session.waiting_round is None and (self.window.worker.busy or done < CORRECTIONS):
            if done < CORRECTIONS:
                self._answer()
                self.keys.press("Left", "Left")
                done += 1
            else:
                rest(0.05)
        assert session.round.number == number, "the batch on screen is only replaced on request"
        until(lambda: not self.window.worker.busy)
        if session.waiting_round is not None:
            self.keys.press("n")

    def _answer(self) -> None:
        """Look, decide, and press the key a little later."""
        if self.session.resting:
            return
        image = self.session.images[self.session.cursor]
        class_id = self._truth[image.id]
        self.meant[image.id] = class_id
        self._decisions += 1
        if self._decisions % SLOW_EVERY == 0:
            rest(self._random.uniform(0, REACTION_SECONDS))
        self.keys.press(self._key(class_id))

    def _key(self, class_id: int) -> str:
        place = next(c.position for c in self.session.classes if c.id == class_id)
        return "1234567890"[place]

    def _slip(self) -> None:
        name = self._random.choice(list(self._slips_by_name))
        self.slipped[name] += 1
        self._slips_by_name[name]()

    def _another_class(self) -> None:
        image = self.session.images[self.session.cursor]
        wrong = next(c.id for c in self.session.classes if c.id != self._truth[image.id])
        self.keys.press(self._key(wrong), "Ctrl+Z")

    def _key_twice(self) -> None:
        """The second press labels the next image, or nothing after the last one."""
        before = len(self.stored())
        self._answer()
        self.keys.press(self._key(self.session.classes[0].id))
        if len(self.stored()) == before + 2:
            self.keys.press("Ctrl+Z")

    def _all_selected(self) -> None:
        self.keys.press("Ctrl+A", "1", "Ctrl+Z")

    def _train_early(self) -> None:
        """The window asks for confirmation; the person sees that the batch is unfinished and
        continues."""
        if len(self.session.open_positions()) > 0:
            self.keys.press("t")

    def _click_between_buttons(self) -> None:
        inside = self.window.page.classes.buttons[0].parentWidget()
        self.keys.click(inside, inside.rect().bottomRight())

    def _threshold(self) -> None:
        least = self.window.page.suggestions.least
        if least.isVisible():
            self.keys.click(least)
            self.keys.press("9", "Return")
            self.keys.click(least)
            self.keys.press("Escape")

    def _accept_all(self) -> None:
        before = len(self.stored())
        self.keys.press("Shift+Return", "Shift+Return")
        if len(self.stored()) > before:
            self.keys.press("Ctrl+Z")
        self.keys.press("Escape")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("images", nargs="?")
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--slips", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    recipe = recipe_named("quick", epochs=2, steps_per_epoch=4, batch_size=16, queue_size=64)
    method.Method = functools.partial(method.Method, recipe=recipe)  # type: ignore[misc,assignment]
    with tempfile.TemporaryDirectory() as folder:
        images = asked.images
        if images is None:
            demo.generate(Path(folder, "demo"), asked.photos, 0)
            images = str(Path(folder, "demo", "train"))
        project = Path(folder, "project")
        with create(project, Request(images, truth="folders")):
            pass
        window = open_window()
        window.open_project(project)
        until(lambda: window.page is not None and window.page.session.images)
        until(lambda: not window.worker.busy)
        person = Annotator(window, asked.slips, asked.seed)
        while len(person.meant) < asked.photos:
            before = person.session.round.number
            person.label_batch()
            if len(person.meant) < asked.photos:
                person.train_and_review()
                if person.session.round.number == before:
                    break  # the pool is exhausted
        counts = ", ".join(f"{count} × {name}" for name, count in sorted(person.slipped.items()))
        print(f"{len(person.meant)} photos, {person.keys.pressed} keys ({person.keys.means}), "
              f"{sum(person.slipped.values())} slips: {counts}")  # fmt: skip
        mistaken = person.count_wrong()
        print(f"labels that differ from what was meant at that image: {mistaken}")
        window.close()
    return int(mistaken > 0)


if __name__ == "__main__":
    sys.exit(main())
