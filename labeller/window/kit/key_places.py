"""Keys by their position on the keyboard, for layouts that type other characters there.

On AZERTY and Czech keyboards the digit row types punctuation, and digits only with Shift; a
Cyrillic layout has no Latin letters. Such a key stands for the character at the same position of a
US keyboard. If the layout types a digit or a Latin letter there, that counts.
"""

import sys
import unicodedata
from collections.abc import Callable, Iterable

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

ROWS = {2: "1234567890", 16: "QWERTYUIOP[]", 30: "ASDFGHJKL;'", 44: "ZXCVBNM,./"}
"""Rows of US keys by the scan code of the first, on Linux and Windows."""
DIGITS = tuple("0123456789")
XKB_OFFSET = 8
"""Offset of key codes on X11 and Wayland."""
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
    """The character at a key's position on a US keyboard, without Shift; "" if unknown."""
    if sys.platform == "darwin":
        return MAC_KEYS.get(event.nativeVirtualKey(), "").strip()
    code = event.nativeScanCode() - (0 if sys.platform == "win32" else XKB_OFFSET)
    for first, keys in ROWS.items():
        if first <= code < first + len(keys):
            return keys[code - first]
    return ""


def keys_by_place(event: QKeyEvent) -> QKeySequence | None:
    """The keys that an event stands for by position; None if what the layout types counts."""
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
    """Remembers which key was released last, to recognise repetitions that arrive as new presses.

    X11 reports a held key as simultaneous releases and presses, and Qt takes a late one for a new
    press. No finger is that fast.
    """

    QUICKEST_MS = 15

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None

    def note(self, event: QKeyEvent) -> None:
        """Note that a key was released."""
        if not event.isAutoRepeat():
            self._last = event.nativeScanCode(), event.timestamp()

    def repeats(self, event: QKeyEvent) -> bool:
        """Whether a press is the repetition of a held key."""
        code = event.nativeScanCode()
        if event.isAutoRepeat() or not code or self._last is None or self._last[0] != code:
            return event.isAutoRepeat()
        return 0 <= event.timestamp() - self._last[1] < self.QUICKEST_MS


def call_by_place(
    event: QKeyEvent, actions: Iterable[QAction], repeated: bool = False
) -> Callable[[], object] | None:
    """The function to call for a key by its position, or None if the layout decides.

    A digit that needs Shift does nothing while other actions use Shift and a digit: it would not be
    the key that is shown.
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
            return None  # "/" on a German keyboard, which has no other key for it
    if action is None or not action.isEnabled():
        return None
    repeated |= event.isAutoRepeat()
    return _nothing if repeated and not action.autoRepeat() else action.trigger


def _nothing() -> None:
    """The key is handled and does nothing."""
