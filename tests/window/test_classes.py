"""Editing and finding classes in the window."""

import functools
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLineEdit

from labeller.project.project import Project
from labeller.window.dialogs.class_editor import KEY, NAME, ClassEditor
from labeller.window.kit.search import Finder

K = Qt.Key


@pytest.fixture
def edit(person) -> Callable[[Callable[[ClassEditor], None]], None]:
    """Open the editor by its key and do something in it."""
    return lambda do: person.in_dialog(lambda: person.press_ctrl(K.Key_K), do)


def write(qtbot, editor: ClassEditor, row: int, column: int, text: str) -> None:
    """Double click a cell and type."""
    table = editor.table
    fields = functools.partial(table.viewport().findChildren, QLineEdit)
    qtbot.waitUntil(lambda: not fields())  # editor of the previous cell
    table.setCurrentCell(row, column)
    table.editItem(table.item(row, column))
    (field,) = fields()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, K.Key_Return)
    qtbot.waitUntil(lambda: not fields())


def press(qtbot, editor: ClassEditor, text: str) -> None:
    qtbot.mouseClick(editor.buttons[text], Qt.MouseButton.LeftButton)


def names(session) -> list[str]:
    return [image_class.name for image_class in session.classes]


def test_renaming_and_adding_classes_keeps_all_labels(person, window, qtbot, folder, edit):
    person.open(folder)
    person.press(K.Key_1, K.Key_2)

    def change(editor: ClassEditor) -> None:
        write(qtbot, editor, 0, NAME, "crimson")
        qtbot.keyClicks(editor.new_names, "violet, orange")
        press(qtbot, editor, "Add")

    edit(change)
    session = person.session
    assert names(session) == ["crimson", "green", "red", "violet", "orange"]
    assert session.class_of(0).name == "crimson" and session.class_of(1).name == "green"
    person.press(K.Key_5)
    assert session.class_of(2).name == "orange", "a new class gets its key immediately"
    assert "orange" in window.page.classes.buttons[4].text()
    window.close()
    with Project(folder) as project:
        assert project.labels.counts() == (3, 0) and project.labels.log_problems() == []


def test_merging_moves_every_label_and_can_be_undone(person, qtbot, folder, edit, monkeypatch):
    person.open(folder)
    person.press(K.Key_1, K.Key_1, K.Key_2)
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_, **__: ("green", True))

    def merge(editor: ClassEditor) -> None:
        editor.table.setCurrentCell(0, NAME)
        press(qtbot, editor, "Merge into ...")
        assert "2 images moved from blue to green" in editor.message.text()

    edit(merge)
    session = person.session
    assert names(session) == ["green", "red"]
    assert [session.class_of(p).name for p in range(3)] == ["green"] * 3
    assert session.project.labels.counts_by_class() == {2: 3}
    person.press(K.Key_1)
    assert session.class_of(3) is None, "the key of a merged class is not reassigned"
    person.press(K.Key_2)
    assert session.class_of(3).name == "green"
    person.press_ctrl(K.Key_Z)
    person.press_ctrl(K.Key_Z)
    assert [session.class_of(p).name for p in range(3)] == ["blue", "blue", "green"]


def test_letters_can_be_keys_unless_already_in_use(person, qtbot, folder, edit):
    person.open(folder)

    def keys(editor: ClassEditor) -> None:
        write(qtbot, editor, 2, KEY, "q")
        assert not editor.message.text()
        write(qtbot, editor, 1, KEY, "t")
        assert "T is already in use" in editor.message.text()
        write(qtbot, editor, 1, KEY, "q")
        assert "belongs to 'red'" in editor.message.text()
        write(qtbot, editor, 0, NAME, "red")
        assert "already" in editor.message.text()

    edit(keys)
    person.press(K.Key_Q)
    assert person.session.class_of(0).name == "red"


def test_reordering_archiving_and_adding_classes_from_a_file(
    person, qtbot, folder, edit, tmp_path, monkeypatch
):
    listed = tmp_path / "names.txt"
    listed.write_text("one\ntwo\n\nthree\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(listed), ""))
    person.open(folder)
    person.press(K.Key_3)

    def change(editor: ClassEditor) -> None:
        press(qtbot, editor, "From a file ...")
        press(qtbot, editor, "Add")
        editor.table.setCurrentCell(2, NAME)
        press(qtbot, editor, "Up")
        press(qtbot, editor, "Up")
        editor.table.setCurrentCell(1, NAME)
        press(qtbot, editor, "Archive")

    edit(change)
    session = person.session
    assert names(session) == ["red", "green", "one", "two", "three"]
    assert session.class_of(0).name == "red"
    person.press(K.Key_3)
    assert session.class_of(1).name == "red", "the key stays with the class"
    person.press(K.Key_1)
    assert session.class_of(2) is None, "and is not reassigned"
    person.press(K.Key_4)
    assert session.class_of(2).name == "one"


def test_a_class_is_found_by_typing(person, window, qtbot, make, images):
    classes = (*(f"class {n:02d}" for n in range(14)), "needle")
    project = make(images, "many", classes=classes)
    project.close()
    person.open(project.folder)

    def search() -> None:
        finder = QApplication.activeModalWidget()
        assert isinstance(finder, Finder)
        qtbot.keyClicks(finder.text, "eed")
        assert finder.found.count() == 2, "the match and an entry for a new class"
        qtbot.keyClick(finder.text, K.Key_Return)

    QTimer.singleShot(50, search)
    person.choose("find_class")
    assert person.session.class_of(0).name == "needle"

    def walk() -> None:
        finder = QApplication.activeModalWidget()
        qtbot.keyClicks(finder.text, "class 1")
        qtbot.keyClick(finder.text, K.Key_Down)
        qtbot.keyClick(finder.text, K.Key_Return)

    QTimer.singleShot(50, walk)
    person.choose("find_class")
    assert person.session.class_of(1).name == "class 11"


def test_an_ampersand_in_a_name_is_shown(person, window, folder, edit, qtbot):
    person.open(folder)
    edit(lambda editor: write(qtbot, editor, 0, NAME, "R&D <b>"))
    assert person.session.classes[0].name == "R&D <b>"
    assert "R&&D <b>" in window.page.classes.buttons[0].text(), "Qt shows && as &"


def test_an_exact_match_comes_before_longer_names(person, qtbot, make, images):
    project = make(images, "coats", classes=("coat hanger", "raincoat", "rain coat", "coat"))
    project.close()
    person.open(project.folder)

    def search(finder) -> None:
        qtbot.keyClicks(finder.text, "coat")
        names = [finder.found.item(row).text().split("  ")[0] for row in range(4)]
        assert names == ["coat", "coat hanger", "rain coat", "raincoat"]
        qtbot.keyClick(finder.text, K.Key_Return)

    person.in_dialog(lambda: person.choose("find_class"), search)
    assert person.session.class_of(0).name == "coat"
