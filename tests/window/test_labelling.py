"""Labelling by keyboard and mouse in the real window."""

import sqlite3
import sys

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QMessageBox,
    QScrollArea,
    QSplitter,
)

from labeller.pool import demo
from labeller.project.creation import open_complete
from labeller.project.project import DATABASE
from labeller.window.shell.main_window import MainWindow

K = Qt.Key


def names(session) -> list[str | None]:
    found = []
    for position in range(len(session.images)):
        image_class = session.class_of(position)
        skipped = "skip" if session.put_aside(position) else None
        found.append(image_class.name if image_class else skipped)
    return found


def test_main_workflow_from_demo_to_export(
    person, window, qtbot, quick_training, monkeypatch, tmp_path
):
    """Open the demo, label a batch, train, get a CoreSet batch, undo, reopen, export."""
    monkeypatch.setattr(demo, "POOL_IMAGES", 90)
    monkeypatch.setattr(demo, "TEST_IMAGES", 20)
    qtbot.mouseClick(window.welcome.demo_button, Qt.MouseButton.LeftButton)
    person.wait(lambda: window.page is not None and bool(person.session.images))
    person.wait_idle()
    session = person.session
    assert len(session.images) == 50 and session.round.strategy == "random"
    person.label_all()
    assert session.batch_done
    person.press(K.Key_T)
    assert window.worker.busy and window.actions_by_name["stop"].isEnabled()
    person.go_to_round(1)
    person.wait_idle()
    assert session.round.strategy == "coreset" and len(session.images) == 40
    assert window.page.training.plot.epoch_count == 2
    run = session.project.runs.newest_usable()
    assert run.labelled == 50 and run.test_accuracy is not None

    person.press(K.Key_3, K.Key_S, K.Key_5)
    assert names(session)[:3] == ["butterfly", "skip", "car"]
    person.press_ctrl(K.Key_Z)
    assert names(session)[:3] == ["butterfly", "skip", None] and session.cursor == 2
    folder, batch = session.project.folder, [image.id for image in session.images]
    window.close_project()

    person.open(folder)
    session = person.session
    assert [image.id for image in session.images] == batch
    assert session.cursor == 2 and names(session)[:3] == ["butterfly", "skip", None]
    assert window.page.training.plot.epoch_count == 2
    person.press_ctrl(K.Key_Y)
    assert names(session)[2] == "car"

    output = tmp_path / "labels.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(output), ""))
    person.in_dialog(lambda: person.press_ctrl(K.Key_E), lambda dialog: dialog.save.click())
    person.wait(lambda: bool(window.findChildren(QMessageBox)))
    rows = [line.split(",") for line in output.read_text().splitlines()]
    assert len(rows) == 1 + 52
    for row in rows[1:51]:
        assert row[0].split("/")[0] == row[1], "labelled with the true class"


def test_class_keys_label_and_advance(person, folder):
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_3)
    assert names(person.session)[:4] == ["blue", "green", "red", None]
    assert person.session.cursor == 3
    person.press(K.Key_9, K.Key_0)  # there is no ninth or tenth class
    assert names(person.session)[3] is None and person.session.cursor == 3


def test_a_label_is_stored_before_it_is_shown(person, folder):
    person.open(folder)
    image_id = person.session.images[0].id
    seen = []

    def look(positions) -> None:
        with open_complete(folder, lock=False) as other:
            seen.append(other.labels.current([image_id])[image_id].class_id)

    person.session.labels_changed.connect(look)
    person.press(K.Key_2)
    assert seen == [person.session.classes[1].id]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal since Python 3.12")
def test_key_presses_keep_the_reference_count_of_none(person, folder):
    """A binding that drops references to None crashes the program after some hundred keys."""
    person.open(folder)
    person.press(K.Key_1, K.Key_Right, K.Key_Home)
    before = sys.getrefcount(None)
    for _ in range(20):
        person.press(K.Key_1, K.Key_2, K.Key_S, K.Key_Backspace, K.Key_Right)
    assert sys.getrefcount(None) > before - 50


def test_arrows_move_across_rows(person, folder):
    person.open(folder)
    person.press(*[K.Key_Right] * 8)
    assert person.session.cursor == 8
    person.press(K.Key_Right)
    assert person.session.cursor == 8, "the cursor stops at the last image"
    person.press(*[K.Key_Left] * 3)
    assert person.session.cursor == 5
    person.press(K.Key_Home)
    assert person.session.cursor == 0


def test_advancing_skips_labelled_images_and_wraps_around(person, folder):
    person.open(folder)
    person.press(K.Key_Right, K.Key_1, K.Key_Left, K.Key_Left)
    assert person.session.cursor == 0
    person.press(K.Key_1)
    assert person.session.cursor == 2
    person.press(K.Key_End, K.Key_2)
    assert person.session.cursor == 2, "from the last open image back to the first"
    person.press(K.Key_Tab)
    assert person.session.cursor == 3


def test_one_key_labels_several_selected_images(person, folder):
    person.open(folder)
    shift = Qt.KeyboardModifier.ShiftModifier
    person.press(K.Key_Right, K.Key_Right, modifier=shift)
    person.press(K.Key_3)
    assert names(person.session)[:4] == ["red", "red", "red", None]
    person.press_ctrl(K.Key_Z)
    assert names(person.session)[:4] == [None] * 4, "one undo reverts them all"


def test_labelling_with_the_mouse(person, window, qtbot, folder):
    person.open(folder)
    grid = window.page.grid
    place = grid.visualRect(grid.model().index(2, 0)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert person.session.cursor == 2
    qtbot.mouseClick(window.page.classes.buttons[1], Qt.MouseButton.LeftButton)
    assert names(person.session)[2] == "green"
    person.press(K.Key_1)
    assert names(person.session)[3] == "blue", "the grid keeps the focus"


def test_a_rubber_band_and_a_ctrl_click_select(person, window, qtbot, folder):
    person.open(folder)
    grid = window.page.grid
    view, left = grid.viewport(), Qt.MouseButton.LeftButton
    last = grid.visualRect(grid.model().index(8, 0))
    first = grid.visualRect(grid.model().index(6, 0))
    start, end = last.bottomRight() + QPoint(8, 8), first.center()
    assert not grid.indexAt(start).isValid(), "beside the images"
    qtbot.mousePress(view, left, pos=start)
    for part in range(1, 6):
        qtbot.mouseMove(view, start + (end - start) * part / 5)
    qtbot.mouseRelease(view, left, pos=end)
    assert window.page.chosen() == [6, 7, 8]
    for place in (1, 7):
        spot = grid.visualRect(grid.model().index(place, 0)).center()
        qtbot.mouseClick(view, left, Qt.KeyboardModifier.ControlModifier, pos=spot)
    assert window.page.chosen() == [1, 6, 8]
    person.press(K.Key_2)
    assert [p for p, name in enumerate(names(person.session)) if name == "green"] == [1, 6, 8]


def test_ten_classes_fit_without_scrolling(person, window, make, images):
    project = make(images, "ten", classes=tuple(f"class {n}" for n in range(10)))
    project.close()
    person.open(project.folder)
    scroll = window.page.classes.findChild(QScrollArea)
    assert scroll.verticalScrollBar().maximum() == 0
    assert all(not button.visibleRegion().isEmpty() for button in window.page.classes.buttons)


def test_backspace_clears_a_label(person, folder):
    person.open(folder)
    person.press(K.Key_1, K.Key_Left, K.Key_Backspace)
    assert names(person.session)[0] is None and person.session.cursor == 0


def test_the_true_class_is_never_on_screen(person, window, folder):
    """The folders are the hidden labels, so only file names are shown."""
    person.open(folder)
    caption = window.page.preview._caption.text()
    assert person.session.images[0].file.name in caption and "/" not in caption
    index = window.page.model.index(0)
    assert "/" not in index.data(Qt.ItemDataRole.ToolTipRole)


def test_thumbnails_are_loaded(person, window, folder):
    from labeller.window.labelling.batch_model import PICTURE

    person.open(folder)
    last = window.page.model.index(8)
    person.wait(lambda: last.data(PICTURE) is not None and not last.data(PICTURE).isNull())
    picture = last.data(PICTURE).toImage()
    assert (picture.width(), picture.height()) == (40, 40)
    colour = picture.scaled(1, 1).pixelColor(0, 0)
    strongest = max(("red", "green", "blue"), key=lambda name: getattr(colour, name)())
    assert person.session.images[8].file.parent.name == strongest


def test_a_deleted_image_can_be_put_aside(person, window, folder):
    with open_complete(folder) as project:
        from labeller.loop import rounds

        batch = rounds.begin(project)
        project.images.get(batch.image_ids)[0].file.unlink()
    person.open(folder)
    from labeller.window.labelling.batch_model import PICTURE

    first = window.page.model.index(0)
    person.wait(lambda: first.data(PICTURE) is not None)
    assert first.data(PICTURE).isNull()
    person.press(K.Key_B)
    assert person.session.put_aside(0) == "bad-image" and person.session.cursor == 1


def test_the_oracle_labels_only_unlabelled_images(person, window, folder):
    person.open(folder)
    person.press(K.Key_1)
    before = names(person.session)[0]
    person.choose("oracle")
    assert person.session.batch_done
    result = names(person.session)
    assert result[0] == before, "the person's label is kept"
    assert result[1:] == [i.file.parent.name for i in person.session.images[1:]]
    person.press_ctrl(K.Key_Z)
    assert names(person.session)[1:] == [None] * 8


def test_without_hidden_labels_there_is_no_oracle_switch(person, window, make, images):
    project = make(images, "plain", classes=("a", "b"))
    project.close()
    person.open(project.folder)
    assert not window.actions_by_name["oracle"].isVisible()


def test_a_label_that_cannot_be_stored_is_not_shown(person, window, qtbot, folder):
    person.open(folder)
    person.session.project._db.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(folder / DATABASE)
    other.execute("BEGIN IMMEDIATE")
    person.press(K.Key_1)
    assert names(person.session)[0] is None and person.session.cursor == 0
    assert "locked by another program" in person.read_and_close_message()
    other.close()
    person.press(K.Key_1)
    assert names(person.session)[0] == "blue"


def test_window_size_and_layout_are_restored(person, window, qtbot, folder):
    person.open(folder)
    person.press_ctrl(K.Key_Plus)
    side = window.page.grid._delegate.side
    window.resize(777, 666)
    splitter = window.page.findChild(QSplitter)
    handle = splitter.handle(1)
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(1, 50))
    qtbot.mouseMove(handle, QPoint(-30, 50))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(-30, 50))
    width = splitter.sizes()[1]
    assert width > 300
    window.close()
    again = MainWindow()
    qtbot.addWidget(again)
    again.show()
    again.open_project(folder)
    assert again.size() == window.size() and again.page.grid._delegate.side == side != 112
    person.wait(lambda: abs(again.page.findChild(QSplitter).sizes()[1] - width) <= 2)
    again.close()


def test_opening_a_project_twice_is_refused_with_a_message(person, window, folder):
    with open_complete(folder):
        window.open_project(folder)
        assert window.page is None
        assert "open in another Labeller" in person.read_and_close_message()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_can_be_changed_at_any_time(person, window, qtbot, folder, scheme):
    from labeller.window.kit.theme import choose_scheme

    person.open(folder)
    person.press(K.Key_1, K.Key_S)
    choose_scheme(scheme)
    QApplication.processEvents()
    picture = window.grab().toImage()
    grid = window.page.grid
    title, empty = (
        window.page.header.title,
        grid.mapTo(window, grid.rect().bottomRight() - QPoint(9, 9)),
    )
    for lightness in (
        picture.pixelColor(picture.width() - 5, 60).lightness(),
        picture.pixelColor(empty).lightness(),
        255 - title.palette().color(title.foregroundRole()).lightness(),
    ):
        assert (lightness > 128) == (scheme == "light")
    choose_scheme("system")


def test_a_new_project_is_created_in_the_dialog(person, window, qtbot, images, tmp_path):
    def fill_in() -> None:
        dialog = QApplication.activeModalWidget()
        create_button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
        assert not create_button.isEnabled()
        qtbot.keyClicks(dialog.images, str(images))
        assert dialog.location.text().startswith(str(tmp_path)), "a location is suggested"
        dialog.location.clear()
        qtbot.keyClicks(dialog.location, str(tmp_path / "made"))
        qtbot.keyClicks(dialog.classes, "warm, cold")
        qtbot.mouseClick(create_button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(100, fill_in)
    qtbot.mouseClick(window.welcome.new_button, Qt.MouseButton.LeftButton)
    person.wait(lambda: window.page is not None and bool(person.session.images))
    person.wait_idle()
    person.come_back()
    person.press(K.Key_2)
    assert names(person.session)[0] == "cold"
    window.close_project()
    recent = window.welcome.recent
    assert recent.count() == 1
    qtbot.mouseClick(
        recent.viewport(), Qt.MouseButton.LeftButton,
        pos=recent.visualItemRect(recent.item(0)).center(),
    )  # fmt: skip
    assert person.session.project.folder == tmp_path / "made"
    assert names(person.session)[0] == "cold"


def test_input_is_kept_if_the_project_cannot_be_created(
    person, window, qtbot, folder, tmp_path, images
):
    """Images in one folder and only one class named, while another project is open."""
    person.open(folder)
    page, reasons = window.page, []

    def press_create(dialog) -> None:
        qtbot.mouseClick(
            dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton
        )

    def fill_in() -> None:
        dialog = QApplication.activeModalWidget()
        assert not dialog.problem.isVisible()
        qtbot.keyClicks(dialog.images, str(images / "red"))
        dialog.location.clear()
        qtbot.keyClicks(dialog.location, str(tmp_path / "made"))
        qtbot.keyClicks(dialog.classes, "warm")
        QTimer.singleShot(50, correct)
        press_create(dialog)

    def correct() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.problem.isVisible():
            QTimer.singleShot(50, correct)
            return
        reasons.append(dialog.problem.text())
        assert window.page is page, "the open project stays open"
        assert dialog.images.text() == str(images / "red"), "nothing typed is lost"
        qtbot.keyClicks(dialog.classes, ", cold")
        press_create(dialog)

    QTimer.singleShot(50, fill_in)
    window.actions_by_name["new"].trigger()
    person.wait(lambda: bool(window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    assert box.text() == "The project made is ready." and window.page is page
    qtbot.keyClick(box, K.Key_1)
    assert page.session.project.labels.counts()[0] == 0, "keys do not reach the images behind it"
    opening = next(each for each in box.buttons() if each.text() == "Open")
    qtbot.mouseClick(opening, Qt.MouseButton.LeftButton)
    person.wait(lambda: window.page is not None and window.page is not page)
    assert person.session.project.folder == tmp_path / "made"
    assert len(reasons) == 1 and "at least two classes" in reasons[0]


def test_a_failed_creation_is_reported_on_the_welcome_page(person, window, tmp_path):
    from labeller.project.planning import Request
    from labeller.window.shell import project_operations

    project_operations.create(window, tmp_path / "p", Request(str(tmp_path / "none")))
    assert "does not exist" in person.read_and_close_message()
    assert window._stack.currentWidget() is window.welcome
