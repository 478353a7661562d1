"""Keys that the person chooses."""

from PySide6.QtCore import Qt

from labeller.window.main_window import MainWindow
from labeller.window.shortcut_editor import ShortcutEditor

K = Qt.Key


def press_in(qtbot, editor: ShortcutEditor, name: str, key: Qt.Key) -> None:
    edit = editor.edits[name]
    edit.setFocus()
    qtbot.keyClick(edit, key)
    qtbot.wait(1200)  # the field waits a second for another key


def test_a_key_is_changed_kept_and_given_back(person, window, qtbot, folder):
    person.open(folder)

    def change(editor: ShortcutEditor) -> None:
        press_in(qtbot, editor, "skip", K.Key_J)
        assert "Skip: J" in editor.message.text()
        press_in(qtbot, editor, "unsure", K.Key_T)
        assert "T is the key of “Train” already" in editor.message.text()

    person.in_dialog(window.actions_by_name["shortcuts"].trigger, change)
    person.press(K.Key_S)
    assert person.session.put_aside(0) is None
    person.press(K.Key_J, K.Key_U)
    assert [person.session.put_aside(p) for p in (0, 1)] == ["skipped", "unsure"]
    other = MainWindow()
    qtbot.addWidget(other)
    assert other.actions_by_name["skip"].shortcut().toString() == "J", "the next time too"
    assert "(J)" in other.actions_by_name["skip"].toolTip()
    person.in_dialog(
        window.actions_by_name["shortcuts"].trigger,
        lambda editor: qtbot.mouseClick(editor.reset_button, Qt.MouseButton.LeftButton),
    )
    person.press(K.Key_S)
    assert person.session.put_aside(2) == "skipped"
