"""Files and folders that are dropped onto the window."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from labeller.window.dialogs.import_dialog import ImportDialog
from labeller.window.dialogs.new_project_dialog import NewProjectDialog

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


@pytest.fixture
def drop(window):
    """Drop paths onto the window; returns whether they were accepted."""

    def drop_paths(*paths, text: str = "") -> bool:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        if text:
            data.setText(text)
        entering = QDragEnterEvent(QPoint(50, 50), COPY, data, LEFT, PLAIN)
        entering.ignore()
        QApplication.sendEvent(window, entering)
        if not entering.isAccepted():
            return False
        QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), COPY, data, LEFT, PLAIN))
        return True

    return drop_paths


@pytest.fixture
def cancelled_dialog(qtbot):
    """Cancel the dialog that opens; returns its type and the text of its path field."""

    def wait_for() -> tuple[type, str]:
        found: list[tuple[type, str]] = []

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                QTimer.singleShot(20, look)
                return
            field = dialog.file if isinstance(dialog, ImportDialog) else dialog.images
            found.append((type(dialog), field.text()))
            dialog.reject()

        QTimer.singleShot(20, look)
        qtbot.waitUntil(lambda: bool(found), timeout=10_000)
        return found[0]

    return wait_for


def test_dropped_images_open_the_new_project_dialog(
    window, drop, cancelled_dialog, images, english
):
    assert drop(images)
    assert cancelled_dialog() == (NewProjectDialog, str(images))
    picture = next((images / "red").iterdir())
    assert drop(picture)
    assert cancelled_dialog() == (NewProjectDialog, str(images / "red"))
    assert not drop(text="words") and window.page is None


def test_drops_onto_an_open_project_add_images_or_import_labels(
    person, folder, drop, cancelled_dialog, images, tmp_path
):
    person.open(folder)
    assert drop(images)
    kind, place = cancelled_dialog()
    assert (kind, place) == (NewProjectDialog, str(images))
    table = tmp_path / "labels.csv"
    table.write_text("path,label\n")
    assert drop(table)
    assert cancelled_dialog() == (ImportDialog, str(table))


def test_a_dropped_project_is_opened(window, drop, folder, person):
    assert drop(folder)
    person.wait(lambda: window.page is not None)
    assert person.session.project.folder == folder
    window.close_project()
    assert drop(folder / "project.sqlite")
    person.wait(lambda: window.page is not None)


def test_drops_onto_a_read_only_project_are_refused(window, drop, folder, person, images):
    window.open_project(folder, read_only=True)
    person.wait(lambda: window.page is not None)
    assert drop(images)
    said = "This project is open read-only: nothing can be added."
    person.wait(lambda: window.statusBar().currentMessage() == said)
