"""Customisable keyboard shortcuts."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from labeller.window.kit.actions import DECLARED, MENUS, Action, declare
from labeller.window.shell.keys import KeysDialog, ShortcutEditor
from labeller.window.shell.main_window import MainWindow

K = Qt.Key
TRANSLATIONS = Path(__file__).parents[2] / "resources" / "labeller_resources" / "translations"


def press_in(qtbot, editor: ShortcutEditor, name: str, key: Qt.Key) -> None:
    edit = editor.edits[name]
    edit.setFocus()
    with qtbot.waitSignal(edit.editingFinished):  # it waits a second for another key
        qtbot.keyClick(edit, key)


def test_a_shortcut_is_changed_stored_and_reset(person, window, qtbot, folder):
    person.open(folder)

    def change(editor: ShortcutEditor) -> None:
        press_in(qtbot, editor, "skip", K.Key_J)
        assert "Skip: J" in editor.message.text()
        press_in(qtbot, editor, "unsure", K.Key_T)
        assert "T is already the key of “Train”" in editor.message.text()

    person.in_dialog(lambda: person.choose("shortcuts"), change)
    person.press(K.Key_S)
    assert person.session.put_aside(0) is None
    person.press(K.Key_J, K.Key_U)
    assert [person.session.put_aside(p) for p in (0, 1)] == ["skipped", "unsure"]
    other = MainWindow()
    qtbot.addWidget(other)
    assert other.actions_by_name["skip"].shortcut().toString() == "J", "stored for the next start"
    assert "(J)" in other.actions_by_name["skip"].toolTip()
    person.in_dialog(
        lambda: person.choose("shortcuts"),
        lambda editor: qtbot.mouseClick(editor.reset_button, Qt.MouseButton.LeftButton),
    )
    person.press(K.Key_S)
    assert person.session.put_aside(2) == "skipped"


def test_a_letter_of_a_class_takes_precedence_over_actions(person, window, qtbot, folder):
    person.open(folder)
    skip = window.actions_by_name["skip"]
    with person.session.project.transaction():
        person.session.project.classes.change(replace(person.session.classes[1], shortcut="s"))
    person.session.reload_classes()
    person.press(K.Key_S)
    assert person.session.class_of(0).name == "green" and skip.shortcut().isEmpty()
    person.press(K.Key_U)
    assert person.session.put_aside(1) == "unsure"
    window.close_project()
    assert skip.shortcut().toString() == "S"


def test_f1_lists_the_current_shortcuts(person, window, folder):
    person.open(folder)
    window.actions_by_name.set_key("skip", QKeySequence("J"))

    def look(dialog: KeysDialog) -> None:
        lines = dialog.text.toPlainText().split("\n")
        assert "J" in lines and lines[lines.index("J") + 1] == "Skip"
        assert "Ctrl+Shift+P" in lines and "S" not in lines

    person.in_dialog(lambda: person.press(K.Key_F1), look)


def test_every_action_has_a_text_a_place_a_translation_and_a_unique_key(window):
    german = {
        message.findtext("source"): message.find("translation")
        for message in ElementTree.parse(TRANSLATIONS / "de.ts").iter("message")
    }
    places: dict[tuple, str] = {}
    keys: dict[str, str] = {}
    for each in DECLARED.values():
        assert each.text and each.menu[0] in MENUS, each.id
        for text in filter(None, (each.text, each.tip)):
            assert german[text].get("type") is None and german[text].text, (each.id, text)
        for place in ((each.menu), ("tool bar", each.tool)):
            assert not place[1] or places.setdefault(place, each.id) == each.id, each.id
        if each.keys:
            assert not QKeySequence(each.keys).isEmpty(), each.id
            assert keys.setdefault(each.keys, each.id) == each.id, each.id
        title = next(m for m in window.menuBar().actions() if m.text() == each.menu[0])
        assert window.actions_by_name[each.id] in title.menu().actions()
    tools = window.tool_bar.actions()
    assert all(window.actions_by_name[e.id] in tools for e in DECLARED.values() if e.tool)


def test_an_action_id_cannot_be_declared_twice():
    with pytest.raises(ValueError, match="undo"):
        declare(Action("undo", "Undo", (MENUS[0], 1), print))


def test_no_text_names_a_customisable_key():
    """Keys can be changed, so texts must take them from the actions."""
    own = {described.keys for described in DECLARED.values() if "+" in described.keys[1:]}
    own |= {f"({key})" for key in ("H", "G", "O", "R", "T", "N", "A", "D", "F")}
    own |= {f"press {key} " for key in ("T", "N", "R", "O")}
    texts = [
        message.findtext("source") or ""
        for message in ElementTree.parse(TRANSLATIONS / "de.ts").iter("message")
    ]
    named = [text for text in texts if any(key in text for key in own)]
    assert len(texts) > 400 and named == []
