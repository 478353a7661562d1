"""Keys on other keyboard layouts, held keys, and the keypad's Enter."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from labeller.project.project import Project
from labeller.store.classes import keys_of
from labeller.window.dialogs.class_editor import ClassEditor
from labeller.window.kit import key_places
from tests.window.test_labelling import names

K = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier
ROW = dict(zip("1234567890", range(10, 20), strict=True))
Z, Q, SEVEN = 52, 24, 16
"""X11 scan codes."""


@pytest.fixture(autouse=True)
def as_on_linux(monkeypatch) -> None:
    monkeypatch.setattr(key_places.sys, "platform", "linux")


@pytest.fixture
def send_key(window):
    """Send a key as a keyboard does: `typed` is the layout's character for it. If the window leaves
    the key to Qt's shortcuts, no key press follows, because Qt would ignore the scan code."""

    def send(scan: int, typed: str, modifiers=NONE, repeated: bool = False) -> None:
        target = QApplication.focusWidget() or window
        key, text = ord(typed.upper()), "" if modifiers & CONTROL else typed
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            event = QKeyEvent(kind, key, modifiers, scan, 0, 0, text, repeated)
            event.ignore()
            QApplication.sendEvent(target, event)
            if kind == QEvent.Type.ShortcutOverride and not event.isAccepted():
                return

    return send


@pytest.fixture
def many_classes(person, folder):
    """A project with thirteen classes."""
    with Project(folder) as project:
        project.classes.add([f"class {number}" for number in range(4, 14)])
    person.open(folder)
    return person


def test_the_azerty_digit_row_labels_by_key_position(many_classes, window, send_key):
    session = many_classes.session
    send_key(ROW["1"], "&")
    send_key(ROW["1"], "1", SHIFT)
    send_key(ROW["2"], "é")
    send_key(ROW["2"], "2", SHIFT)
    assert names(session)[:4] == ["blue", "class 11", "green", "class 12"]
    send_key(ROW["9"], "9", SHIFT)
    assert names(session)[4] is None, "⇧9 belongs to no class and must not assign the ninth"
    send_key(ROW["6"], "§")
    assert names(session)[4] == "class 6"
    minus = QKeyEvent(QEvent.Type.KeyPress, ord("-"), NONE, ROW["6"], 0, 0, "-")
    assert key_places.call_by_place(minus, [*window.actions(), *window.page.actions()])


def test_the_czech_digit_row_labels_by_key_position(many_classes, send_key):
    send_key(ROW["2"], "ě")
    send_key(ROW["3"], "š")
    send_key(ROW["1"], "1", SHIFT)
    assert names(many_classes.session)[:3] == ["green", "red", "class 11"]


def test_a_shifted_digit_is_left_to_qt_while_no_class_needs_shift(person, folder, send_key):
    person.open(folder)
    send_key(ROW["1"], "1", SHIFT)
    assert names(person.session)[0] is None, "left to Qt, which takes it for 1"


def test_shortcuts_work_on_a_cyrillic_layout(person, folder, window, send_key):
    with Project(folder) as project:
        red = project.classes.all()[2]
        project.classes.change(type(red)(**{**vars(red), "shortcut": "q"}))
    person.open(folder)
    send_key(Q, "й")
    send_key(39, "ы")  # S
    assert names(person.session)[:2] == ["red", "skip"]
    send_key(Z, "я", CONTROL)
    send_key(Z, "я", CONTROL)
    assert names(person.session)[:2] == [None, None]
    send_key(32, "щ")  # O
    assert window.page.single.isVisible()
    send_key(39, "ы")
    assert names(person.session)[0] == "skip"


def test_latin_letters_are_not_mapped_by_key_position(person, folder, send_key):
    person.open(folder)
    for scan, typed in ((Z, "w"), (Q, "a"), (52, ";"), (47, "ö"), (ROW["1"], "1")):
        event = QKeyEvent(QEvent.Type.KeyPress, ord(typed.upper()), NONE, scan, 0, 0, typed)
        assert key_places.keys_by_place(event) is None, typed
    keypad = QKeyEvent(QEvent.Type.KeyPress, K.Key_1, KEYPAD, 87, 0, 0, "1")
    assert key_places.keys_by_place(keypad) is None


def test_slash_on_a_german_keyboard_does_not_label(many_classes, send_key, window):
    with Project(many_classes.session.project.folder, lock=False) as project:
        project.classes.add([f"class {number}" for number in range(14, 18)])
    many_classes.session.reload_classes()
    send_key(SEVEN, "/", SHIFT)
    assert names(many_classes.session)[0] is None, "/ has no other key; class 17 has others"
    send_key(SEVEN, "&", SHIFT)
    assert names(many_classes.session)[0] == "class 17"


@pytest.mark.parametrize("key", [K.Key_1, K.Key_S, K.Key_U, K.Key_X, K.Key_B, K.Key_Return])
def test_a_held_key_acts_once(person, window, folder, key):
    person.open(folder)
    session = person.session
    run = session.project.runs.start({}, "resnet-small", "cpu", 0, 9)
    session.project.suggestions.replace(run, [(i.id, 1, 0.9) for i in session.images])
    session.reload_classes()
    hold(person.window.page.grid, key)
    assert sum(name is not None for name in names(session)) == 1
    window.actions_by_name["one_by_one"].trigger()
    hold(person.window.page.single, key)
    assert sum(name is not None for name in names(session)) == 2


def test_holding_backspace_or_undo_acts_once(person, window, folder):
    person.open(folder)
    person.press(*[K.Key_1] * 5)
    hold(window.page.grid, K.Key_Z, CONTROL)
    assert names(person.session).count("blue") == 4
    person.press(K.Key_Home)
    hold(window.page.grid, K.Key_Backspace)
    assert names(person.session).count("blue") == 3


def test_held_arrow_and_zoom_keys_repeat(person, window, folder):
    person.open(folder)
    hold(window.page.grid, K.Key_Right)
    assert person.session.cursor == 6
    side = window.page.grid._delegate.side
    person.press_ctrl(K.Key_Minus)
    smaller = window.page.grid._delegate.side
    hold(window.page.grid, K.Key_Minus, CONTROL)
    assert window.page.grid._delegate.side < smaller < side


def test_a_held_key_mapped_by_position_labels_once(many_classes, send_key):
    for repeated in (False, True, True):
        send_key(ROW["1"], "&", NONE, repeated)
    assert names(many_classes.session).count("blue") == 1


def test_auto_repeat_sent_as_new_presses_is_recognised():
    """X11 sends auto-repeat as a release and a press at the same time."""

    def key(kind, at: int, code: int = 10) -> QKeyEvent:
        event = QKeyEvent(kind, K.Key_1, NONE, code, 0, 0, "1")
        event.setTimestamp(at)
        return event

    releases = key_places.Releases()
    assert not releases.repeats(key(QEvent.Type.KeyPress, 1000))
    releases.note(key(QEvent.Type.KeyRelease, 1500))
    assert releases.repeats(key(QEvent.Type.KeyPress, 1500))
    assert not releases.repeats(key(QEvent.Type.KeyPress, 1560)), "a fast second press"
    assert not releases.repeats(key(QEvent.Type.KeyPress, 1500, 11)), "another key"
    assert not releases.repeats(key(QEvent.Type.KeyPress, 1500, 0)), "not from a keyboard"


def hold(widget, key: Qt.Key, modifiers=NONE) -> None:
    """Press a key and let it auto-repeat; the events go through Qt's shortcuts."""
    for repeated in (False, *[True] * 5):
        text = chr(key) if key < 128 and not modifiers else ""
        event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, repeated)
        QApplication.sendEvent(widget, event)


def test_keypad_enter_accepts_a_suggestion(person, window, folder):
    person.open(folder)
    session = person.session
    run = session.project.runs.start({}, "resnet-small", "cpu", 0, 9)
    session.project.suggestions.replace(run, [(i.id, 2, 0.9) for i in session.images])
    session.reload_classes()
    person.press(K.Key_Enter, modifier=KEYPAD)
    assert names(session)[:2] == ["green", None]
    person.press(K.Key_2, modifier=KEYPAD)
    assert names(session)[1] == "green"


# -- classes named with a digit


def test_classes_named_with_a_digit_get_that_key(project):
    project.classes.add(["0", "7", "x"])
    assert dict(zip((c.name for c in project.classes.all()), keys_of(project.classes.all()),
                    strict=True)) == {
        "blue": "1", "green": "2", "red": "3", "0": "0", "7": "7", "x": "6",
    }  # fmt: skip
    project.classes.add(["1"])
    assert keys_of(project.classes.all())[0] == "1", "a key in use is not reassigned"


def test_older_projects_keep_their_keys_and_show_a_notice(person, window, folder):
    with Project(folder) as project:
        project.classes.add(["7", "4"])
        for each in project.classes.all():  # as earlier versions made them
            project.classes.change(type(each)(**{**vars(each), "shortcut": None}))
        before = keys_of(project.classes.all())
        assert before == ["1", "2", "3", "4", "5"]
    person.open(folder)
    assert "“7” has the key 4" in person.read_and_close_message()
    person.press(K.Key_4, K.Key_5)
    assert names(person.session)[:2] == ["7", "4"]

    def propose(editor: ClassEditor) -> None:
        person.qtbot.mouseClick(editor.buttons["Propose keys"], Qt.MouseButton.LeftButton)
        assert "new key" in editor.message.text()

    person.in_dialog(lambda: person.press_ctrl(K.Key_K), propose)
    assert keys_of(person.session.classes) == ["1", "2", "3", "7", "4"]
    person.press(K.Key_7, K.Key_4)
    assert names(person.session)[2:4] == ["7", "4"]


def test_the_notice_is_not_repeated(person, window, folder):
    from PySide6.QtWidgets import QMessageBox

    with Project(folder) as project:
        project.classes.add(["7"])
        seventh = project.classes.all()[-1]
        project.classes.change(type(seventh)(**{**vars(seventh), "shortcut": None}))
    person.open(folder)
    person.read_and_close_message()
    window.close_project()
    person.open(folder)
    assert not window.findChildren(QMessageBox)
