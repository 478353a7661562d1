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
    """Drag paths into the window and let go; whether they were taken."""

    def let_go(*paths, text: str = "") -> bool:
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

    return let_go


@pytest.fixture
def asked(qtbot):
    """What dialog opens, and what its field holds; it is cancelled."""

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


def test_images_become_a_new_project(window, drop, asked, images, english):
    assert drop(images)
    assert asked() == (NewProjectDialog, str(images))
    picture = next((images / "red").iterdir())
    assert drop(picture)
    assert asked() == (NewProjectDialog, str(images / "red"))
    assert not drop(text="words") and window.page is None


def test_in_a_project_images_are_added_and_tables_imported(
    person, folder, drop, asked, images, tmp_path
):
    person.open(folder)
    assert drop(images)
    kind, place = asked()
    assert (kind, place) == (NewProjectDialog, str(images))
    table = tmp_path / "labels.csv"
    table.write_text("path,label\n")
    assert drop(table)
    assert asked() == (ImportDialog, str(table))


def test_a_project_is_opened(window, drop, folder, person):
    assert drop(folder)
    person.wait(lambda: window.page is not None)
    assert person.session.project.folder == folder
    window.close_project()
    assert drop(folder / "project.sqlite")
    person.wait(lambda: window.page is not None)


def test_nothing_is_added_to_a_project_that_is_only_read(window, drop, folder, person, images):
    window.open_project(folder, read_only=True)
    person.wait(lambda: window.page is not None)
    assert drop(images)
    said = "This project is open read-only: nothing can be added."
    person.wait(lambda: window.statusBar().currentMessage() == said)
