"""Creating and changing classes while labelling, and projects that start without any."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog

from labeller.project.project import Project
from labeller.window.dialogs.class_menu import class_menu
from labeller.window.kit.search import Finder
from labeller.window.kit.widgets import PlainLabel

K = Qt.Key


@pytest.fixture
def type_class(person, qtbot):
    """Open the finder, type a name and press Enter."""

    def type_name(text: str) -> None:
        def act(finder: Finder) -> None:
            qtbot.keyClicks(finder.text, text)
            qtbot.keyClick(finder.text, K.Key_Return)

        person.in_dialog(lambda: person.choose("find_class"), act)

    return type_name


def names(session) -> list[str]:
    return [image_class.name for image_class in session.classes]


def test_typing_creates_classes_in_a_project_without_any(person, make, images, type_class, window):
    project = make(images / "red", batch_size=6)
    assert project.classes.all() == []
    project.close()
    person.open(project.folder)
    session = person.session
    said = [label.text() for label in window.page.classes.findChildren(PlainLabel)]
    assert "No classes yet. Press / and type the first one's name." in said
    person.press(K.Key_1)
    assert session.project.labels.counts() == (0, 0)
    type_class("rose")
    type_class("tulip")
    assert names(session) == ["rose", "tulip"]
    assert [session.class_of(place).name for place in (0, 1)] == ["rose", "tulip"]
    person.press(K.Key_1, K.Key_2)
    assert session.class_of(2).name == "rose" and session.class_of(3).name == "tulip"
    assert [button.text() for button in window.page.classes.buttons] == [
        "1  rose  (2)", "2  tulip  (2)"
    ]  # fmt: skip
    person.press_ctrl(K.Key_Z)
    assert session.class_of(3) is None and names(session) == ["rose", "tulip"]


def test_an_existing_name_creates_no_class(person, folder, type_class):
    person.open(folder)
    type_class("GREEN")
    assert names(person.session) == ["blue", "green", "red"]
    assert person.session.class_of(0).name == "green"


def test_an_invalid_name_is_reported(person, folder, type_class, window):
    person.open(folder)
    type_class("x" * 300)
    assert "at most" in person.read_and_close_message()
    assert person.session.project.labels.counts() == (0, 0)


@pytest.fixture
def menu(window):
    """Trigger an entry of a class's menu by its text without &."""

    def trigger(place: int, *texts: str) -> None:
        shown = class_menu(window.page, place)
        for text in texts:
            action = next(a for a in shown.actions() if a.text().replace("&", "") == text)
            shown = action.menu() or shown
        action.trigger()

    return trigger


def test_classes_are_renamed_moved_merged_and_archived_from_the_panel(
    person, folder, menu, qtbot, monkeypatch, window
):
    person.open(folder)
    session = person.session
    session.project.classes.add(["violet"])
    session.reload_classes()
    person.press(K.Key_1, K.Key_2, K.Key_4)
    assert [session.class_of(place).name for place in range(3)] == ["blue", "green", "violet"]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: (" crimson ", True))
    menu(0, "Rename ...")
    assert names(session)[0] == "crimson" and session.class_of(0).name == "crimson"
    menu(0, "Move down")
    assert names(session)[:2] == ["green", "crimson"]
    menu(1, "Move up")
    menu(3, "Merge into", "green")
    assert names(session) == ["crimson", "green", "red"]
    assert session.class_of(2).name == "green"
    assert "1 image moved from violet to green." in window.statusBar().currentMessage()
    person.press_ctrl(K.Key_Z)
    assert session.class_of(2).name == "violet" and "violet" in names(session)
    menu(3, "Archive")
    assert names(session) == ["crimson", "green", "red"]
    assert "“violet” is archived" in window.statusBar().currentMessage()
    assert len(session.project.classes.all(archived=True)) == 4
    menu(0, "Archive")
    menu(0, "Archive")
    assert "at least two classes" in person.read_and_close_message()


def test_right_click_opens_the_menu_of_a_class(person, folder, window, qtbot):
    person.open(folder)
    seen: list[str] = []

    def look() -> None:
        popup = QApplication.activePopupWidget()
        if popup is None:
            QTimer.singleShot(20, look)
            return
        seen.extend(action.text() for action in popup.actions())
        popup.close()

    QTimer.singleShot(20, look)
    button = window.page.classes.buttons[1]
    button.customContextMenuRequested.emit(button.rect().center())
    person.wait(lambda: bool(seen))
    assert seen[0] == "&Rename ..." and "&Archive" in seen


def test_a_project_is_created_from_images_alone(make, images):
    project = make(images / "blue")
    assert project.classes.all() == [] and project.images.counts()["ready"] == 12
    folder = project.folder
    project.close()
    with Project(folder) as again:
        assert again.status().images == 12
