"""Untrusted projects in the window: names are shown literally, and nothing the project requests is
started without asking."""

import json
import os
import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QToolTip, QWidget

from labeller.loop import rounds
from labeller.project.curation import merge_classes
from labeller.project.project import DATABASE, Project
from labeller.window.dialogs.comparison_dialogs import show_matrix

K = Qt.Key
HOSTILE = 'x<img src="pipe">'


@pytest.fixture
def hostile(folder, tmp_path):
    """A project whose class and file names are HTML that would load a named pipe and hang."""
    os.mkfifo(tmp_path / "pipe")
    with Project(folder) as project:
        ids = rounds.begin(project).image_ids
        first = project.classes.all()[0]
        changed = {**vars(first), "name": HOSTILE, "description": HOSTILE}
        project.classes.change(type(first)(**changed))
        project.labels.assign({ids[0]: first.id}, HOSTILE)
        project.notes.set(ids[0], HOSTILE, "anna")
        image = project.images.get(ids[:1])[0]
        named = image.file.with_name(f"{HOSTILE}.png")
        image.file.rename(named)
        path = f"{image.path.rpartition('/')[0]}/{named.name}"
        project._db.execute("UPDATE image SET path = ? WHERE id = ?", [path, image.id])
        project.classes.change_examples({image.id: first.id}, add=True)
    return folder


def assert_plain(widget: QWidget) -> int:
    """Check that the name is never rendered as HTML; return how many texts contain it."""
    found = 0
    for each in (widget, *widget.findChildren(QWidget)):
        if isinstance(each, QLabel) and HOSTILE in each.text():
            assert each.textFormat() == Qt.TextFormat.PlainText, each.text()
            found += 1
        for text in (each.toolTip(), each.windowTitle()):
            assert not (HOSTILE in text and GuiQt.mightBeRichText(text)), text
            found += "&lt;img" in text
    return found


def test_names_are_never_rendered_as_html(person, window, hostile):
    person.open(hostile)
    person.press(K.Key_Home)
    assert assert_plain(window) >= 3
    caption = window.page.preview._caption
    QApplication.sendEvent(caption, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), QPoint(2, 2)))
    assert "x&lt;img" in QToolTip.text() and HOSTILE in caption.text()
    button = window.page.classes.buttons[0]
    help_event = QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), button.mapToGlobal(QPoint(2, 2)))
    QApplication.sendEvent(button, help_event)  # renders the example image
    assert "data:image/jpeg" in button.toolTip()
    for name in ("edit_classes", "find_class", "note"):
        person.in_dialog(window.actions_by_name[name].trigger, assert_plain)
    person.in_dialog(lambda: show_matrix(window.page), assert_plain)
    person.press(K.Key_1, K.Key_R)
    assert window.page.reviewing.isVisible() and assert_plain(window) >= 3
    person.press(K.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    person.press(K.Key_Home, K.Key_O)
    assert assert_plain(window) >= 4


def test_an_interrupted_import_is_not_resumed_without_asking(person, window, qtbot, folder):
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        request = {"images": "cifar10", "root": str(folder / "none"), "classes": []}
        for key, value in (("complete", False), ("request", request)):
            connection.execute("REPLACE INTO setting VALUES (?, ?)", [key, json.dumps(value)])
    window.open_project(folder)
    (box,) = window.findChildren(QMessageBox)
    assert "interrupted" in box.text() and "cifar10" in box.informativeText()
    assert not window.worker.busy
    box.close()
    assert (folder / DATABASE).is_file()


def test_recovered_actions_are_reported(person, window, folder):
    with Project(folder) as project:
        rounds.begin(project)
        project._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        older = (folder / DATABASE).read_bytes()
        project.labels.assign({1: 1, 2: 2}, "anna")
    (folder / DATABASE).write_bytes(older)
    window.open_project(folder)
    said = person.read_and_close_message()
    assert "found only in labels.jsonl and restored to the database: 1" in said
    assert person.session.project.labels.counts() == (2, 0)


def test_undoing_a_merge_restores_the_class_and_its_key(person, window, folder):
    with Project(folder) as project:
        rounds.begin(project)
        first = project.classes.all()[0]
        project.classes.change(type(first)(**{**vars(first), "shortcut": "q"}))
        truth = project.oracle.reveal(range(1, 37))
        merge_classes(project, first.id, 2, "anna")
        assert set(project.oracle.reveal(range(1, 37)).values()) == {2, 3}
    person.open(folder)
    assert len(person.session.classes) == 2
    person.press_ctrl(K.Key_Z)
    assert len(person.session.classes) == 3
    project = person.session.project
    assert project.classes.all()[0].shortcut == "q"
    assert project.oracle.reveal(range(1, 37)) == truth
    person.press(K.Key_Q)
    assert project.labels.counts() == (1, 0)
    assert len(window.page.classes.buttons) == 3
