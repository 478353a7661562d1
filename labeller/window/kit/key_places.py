"""Keys by their place on the keyboard, for layouts that type something else there.

On AZERTY and Czech keyboards the digit row types punctuation, and digits only with Shift; a
Cyrillic layout has no Latin letters. A key then stands for what a US keyboard has in its place.
Where a layout does have a digit or a Latin letter there, what it types counts.
"""

import sys
import unicodedata
from collections.abc import Callable, Iterable

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

ROWS = {2: "1234567890", 16: "QWERTYUIOP[]", 30: "ASDFGHJKL;'", 44: "ZXCVBNM,./"}
"""US keys in a row by the scan code of the first, as Linux and Windows have them."""
DIGITS = tuple("0123456789")
XKB_OFFSET = 8
"""X11 and Wayland number keys from here."""
MAC_KEYS = {
    **dict(enumerate("ASDFHGZXCV BQWERYT")),
    18: "1", 19: "2", 20: "3", 21: "4", 23: "5", 22: "6", 26: "7", 28: "8", 25: "9", 29: "0",
    31: "O", 32: "U", 34: "I", 35: "P", 37: "L", 38: "J", 40: "K", 45: "N", 46: "M",
}  # fmt: skip
"""US keys by macOS's virtual key codes (kVK_ANSI_*)."""

SHIFT = Qt.KeyboardModifier.ShiftModifier
COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
OTHER_LEVELS = Qt.KeyboardModifier.GroupSwitchModifier | Qt.KeyboardModifier.KeypadModifier


def us_key(event: QKeyEvent) -> str:
    """What a US keyboard has at the place of a key, without Shift; "" where that is not known."""
    if sys.platform == "darwin":
        return MAC_KEYS.get(event.nativeVirtualKey(), "").strip()
    code = event.nativeScanCode() - (0 if sys.platform == "win32" else XKB_OFFSET)
    for first, keys in ROWS.items():
        if first <= code < first + len(keys):
            return keys[code - first]
    return ""


def keys_by_place(event: QKeyEvent) -> QKeySequence | None:
    """The keys that an event stands for by place; None where what the layout types counts."""
    here, modifiers = us_key(event), event.modifiers()
    if not here or modifiers & OTHER_LEVELS:
        return None
    typed = chr(event.key()) if 0 < event.key() < sys.maxunicode else ""
    if here.isdigit() and not modifiers & COMMANDS:
        shifted = bool(modifiers & SHIFT)
        if typed in DIGITS and not shifted:
            return None
        return QKeySequence(f"Shift+{here}" if shifted else here)
    if typed.isalpha() and not unicodedata.name(typed, "").startswith("LATIN"):
        return QKeySequence(QKeyCombination(modifiers, Qt.Key(ord(here))))
    return None


class Releases:
    """Remembers which key was released last, to know a repetition that came as a new press.

    X11 tells a held key as releases and presses at the same moment, and Qt takes such a press for a
    new one if it arrives late. No finger is that quick.
    """

    QUICKEST_MS = 15

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None

    def note(self, event: QKeyEvent) -> None:
        """A key was released."""
        if not event.isAutoRepeat():
            self._last = event.nativeScanCode(), event.timestamp()

    def repeats(self, event: QKeyEvent) -> bool:
        """Whether a press goes on with one before, by itself."""
        code = event.nativeScanCode()
        if event.isAutoRepeat() or not code or self._last is None or self._last[0] != code:
            return event.isAutoRepeat()
        return 0 <= event.timestamp() - self._last[1] < self.QUICKEST_MS


def call_by_place(
    event: QKeyEvent, actions: Iterable[QAction], repeated: bool = False
) -> Callable[[], object] | None:
    """What a key does by its place: the call to make, or None where the layout decides.

    A digit that needs Shift does nothing while other actions go by Shift and a digit: it would not
    be the one that is shown beside that key.
    """
    keys = keys_by_place(event)
    if keys is None:
        return None
    by_keys = {each: action for action in actions for each in action.shortcuts()}
    action, typed = by_keys.get(keys), QKeySequence(event.key())
    if event.modifiers() & SHIFT and us_key(event).isdigit():
        types_digit = typed.toString() in DIGITS
        if action is None:
            others = any(QKeySequence(f"Shift+{digit}") in by_keys for digit in DIGITS)
            return _nothing if types_digit and others else None
        if not types_digit and (meant := by_keys.get(typed)) is not None and meant.isEnabled():
            return None  # "/" on a German keyboard: it stands nowhere else
    if action is None or not action.isEnabled():
        return None
    repeated |= event.isAutoRepeat()
    return _nothing if repeated and not action.autoRepeat() else action.trigger


def _nothing() -> None:
    """The key is taken, and does nothing."""
