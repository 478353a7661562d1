"""Presses real keys on keyboard layouts of several countries and prints what was labelled.

    xvfb-run -a python -m benchmarks.layouts [LAYOUT ...]

Uses thirteen classes, ten of them named by a digit. Each layout is tested with the digit row with
and without Shift, held keys, the letter that skips an image, undo, Enter on the keypad, and a
current image that is removed from the selection. Needs the Debian packages `xvfb`, `xdotool` and
`x11-xkb-utils`.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.keyboard import open_window, rest, until
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.store.classes import keys_of

CLASSES = (*"0123456789", "ten", "eleven", "twelve")
IMAGES = 40


@dataclass(frozen=True)
class Layout:
    """X11 key codes of letters; `slash` is the digit that gives a slash with Shift, the key for
    finding a class."""

    s: int = 39
    z: int = 52
    slash: str = ""


LAYOUTS = {
    "us": Layout(), "fr": Layout(z=25), "cz": Layout(z=29), "ru": Layout(),
    "de": Layout(z=29, slash="7"), "dvorak": Layout(s=47, z=61),
}  # fmt: skip
DIGITS = dict(zip("1234567890", range(10, 20), strict=True))
SHIFT, CONTROL, SPACE, RIGHT, KEYPAD_ENTER = 50, 37, 65, 114, 104
BETWEEN_SECONDS = 0.12


def main() -> int:
    for program in ("xdotool", "setxkbmap"):
        if shutil.which(program) is None:
            print(f"{program} is not installed (Debian: xdotool, x11-xkb-utils)")
            return 2
    wanted = sys.argv[1:] or list(LAYOUTS)
    with tempfile.TemporaryDirectory() as folder:
        return int(sum(Trial(name, Path(folder) / name).run() for name in wanted) > 0)


class Trial:
    """One layout, tested in its own window."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.layout, self.wrong = name, LAYOUTS[name], 0
        rng = np.random.default_rng(0)
        (folder / "images").mkdir(parents=True)
        for number in range(IMAGES):
            pixels = rng.integers(0, 255, (32, 32, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / "images" / f"{number:02d}.png")
        self._folder = folder / "project"
        request = Request(str(folder / "images"), classes=CLASSES, batch_size=IMAGES)
        with create(self._folder, request) as project:
            project.rounds.add("random", 0, project.images.candidates().tolist())

    def run(self) -> int:
        """Test the layout and return the number of errors."""
        subprocess.run(["setxkbmap", self.name], check=True)
        self.window = open_window()
        self.window.open_project(self._folder)
        until(lambda: self.window.page is not None and self.window.page.session.images)
        rest(1.0)
        self.session = self.window.page.session
        self.keys = dict(zip(keys_of(self.session.classes), self.session.classes, strict=True))
        print(f"\n{self.name}: keys {', '.join(f'{k} {c.name}' for k, c in self.keys.items())}")
        self._digit_row()
        self._held_keys()
        self._letters()
        self._keypad()
        self._selection()
        self.window.close()
        rest(0.3)
        return self.wrong

    # -- the tests

    def _digit_row(self) -> None:
        for digit in ("1", "2", "7", "0"):
            self._check_labels(f"the key of {digit}", self.keys[digit].name, DIGITS[digit])
        for digit in ("1", "2", "3", "9", "7"):
            found = self.keys.get(f"shift+{digit}")
            if found is None and digit == self.layout.slash:
                continue  # it opens a dialog
            wanted = found.name if found else None
            self._check_labels(f"Shift and the key of {digit}", wanted, SHIFT, DIGITS[digit])

    def _held_keys(self) -> None:
        for title, code, seconds in (("1", DIGITS["1"], 0.7), ("S", self.layout.s, 1.2)):
            before = self._answered()
            self._xdotool("keydown", code)
            rest(seconds)
            self._xdotool("keyup", code)
            rest(0.5)
            self._check(f"{title} held for {seconds} s", self._answered() - before, 1)

    def _letters(self) -> None:
        before = self._answered()
        self._press(CONTROL, self.layout.z)
        self._press(CONTROL, self.layout.z)
        self._check("Ctrl+Z twice", self._answered() - before, -2)
        before = self.session.summary.skipped
        self._press(self.layout.s)
        self._check("S", self.session.summary.skipped - before, 1)

    def _keypad(self) -> None:
        project, here = self.session.project, self.session.images[self.session.cursor].id
        run = project.runs.start({}, "", "cpu", 0, 0)
        project.suggestions.replace(run, [(here, self.keys["4"].id, 0.9)])
        self.session.reload_classes()
        self._check_labels("the keypad's Enter, 4 suggested", "4", KEYPAD_ENTER)

    def _selection(self) -> None:
        here = self.session.cursor
        self._press(SHIFT, RIGHT)
        self._press(CONTROL, SPACE)
        chosen = self.window.page.grid.chosen()
        self._check("Shift+Right, Ctrl+Space: chosen", [place - here for place in chosen], [0])
        self._check_labels("the key of 5", "5", DIGITS["5"])
        carries = self.session.class_of(here + 1)
        self._check("the image that was taken out", carries and carries.name, None)

    # -- helpers

    def _check_labels(self, title: str, wanted: str | None, *codes: int) -> None:
        before = self._stored()
        self._press(*codes)
        new = {i: name for i, name in self._stored().items() if before.get(i) != name}
        self._check(title, ", ".join(map(str, new.values())) or None, wanted)

    def _check(self, title: str, found: object, wanted: object) -> None:
        self.wrong += found != wanted
        print(f"  {title}: {found}" + ("" if found == wanted else f"   MEANT: {wanted}"))

    def _press(self, *codes: int) -> None:
        *held, key = codes
        for code in held:
            self._xdotool("keydown", code)
        self._xdotool("key", key)
        for code in reversed(held):
            self._xdotool("keyup", code)
        rest(BETWEEN_SECONDS)

    @staticmethod
    def _xdotool(what: str, code: int) -> None:
        subprocess.run(["xdotool", what, str(code)], check=True)
        time.sleep(0.01)

    def _answered(self) -> int:
        return self.session.summary.labelled + self.session.summary.skipped

    def _stored(self) -> dict[int, str | None]:
        names = {c.id: c.name for c in self.session.classes}
        current = self.session.project.labels.current([i.id for i in self.session.images])
        return {i: names.get(label.class_id or 0) for i, label in current.items()}


if __name__ == "__main__":
    sys.exit(main())
