"""One-by-one view, states, notes and navigation, by keyboard."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit

from labeller.window.labelling.thumbnails import Size

K = Qt.Key


def answer(qtbot, text: str, key=K.Key_Return) -> None:
    """Type into the next dialog that opens and close it."""

    def type_it() -> None:
        dialog = QApplication.activeModalWidget()
        edit = dialog.findChild(QLineEdit)
        edit.selectAll()
        qtbot.keyClicks(edit, text)
        qtbot.keyClick(edit, key)

    QTimer.singleShot(50, type_it)


def test_keys_label_and_advance_one_by_one(person, window, qtbot, folder):
    person.open(folder)
    person.press(K.Key_O)
    single = window.page.single
    assert single.isVisible() and not window.page.grid.isVisible()
    assert QApplication.focusWidget() is single
    for expected, key in enumerate((K.Key_1, K.Key_2, K.Key_3), start=1):
        qtbot.keyClick(single, key)
        assert person.session.cursor == expected
    qtbot.keyClick(single, K.Key_Left)
    assert single.state.text() == "red" and "#bd1f01" in single.state.styleSheet()
    qtbot.keyClick(single, K.Key_Space)
    qtbot.keyClick(single, K.Key_U)
    qtbot.keyClick(single, K.Key_Left)
    assert single.state.text() == "unsure"
    qtbot.keyClick(single, K.Key_Home)
    assert person.session.cursor == 0
    qtbot.keyClick(single, K.Key_O)
    assert window.page.grid.isVisible() and QApplication.focusWidget() is window.page.grid
    person.press(K.Key_3)
    assert person.session.class_of(0).name == "red", "the grid follows the cursor"


def test_upcoming_images_are_preloaded(person, window, qtbot, folder):
    person.open(folder)
    person.press(K.Key_O)
    images, thumbnails = person.session.images, window.page.thumbnails

    def upcoming_are_loaded() -> bool:
        return all(thumbnails.best(image, Size.LARGE) is not None for image in images[1:5])

    person.wait(upcoming_are_loaded)
    before = window.page.single.picture.grab().toImage()
    qtbot.keyClick(window.page.single, K.Key_Right)
    assert window.page.single.picture.grab().toImage() != before, "shown without waiting"


@pytest.mark.parametrize(
    ("key", "reason"), [(K.Key_U, "unsure"), (K.Key_X, "not-any-class"), (K.Key_B, "bad-image")]
)
def test_images_are_put_aside_for_a_reason(person, folder, key, reason):
    person.open(folder)
    session = person.session
    person.press(key, K.Key_S)
    assert [session.put_aside(0), session.put_aside(1)] == [reason, "skipped"]
    assert session.cursor == 2 and session.project.labels.counts() == (0, 2)
    person.press_ctrl(K.Key_Z)
    person.press_ctrl(K.Key_Z)
    assert session.put_aside(0) is None
    person.press_ctrl(K.Key_Y)
    assert session.put_aside(0) == reason, "redo restores the reason"
    assert session.project.labels.log_problems() == []


def test_notes_are_written_stored_and_changed(person, window, qtbot, folder):
    person.open(folder)
    answer(qtbot, "looks odd")
    person.press_ctrl(K.Key_I)
    person.come_back()
    image = person.session.images[0].id
    assert person.session.project.notes.get(image) == "looks odd"
    assert window.page.preview.note.text() == "looks odd" and window.page.preview.note.isVisible()
    answer(qtbot, "no, fine")
    person.press_ctrl(K.Key_I)
    person.come_back()
    answer(qtbot, "not stored", K.Key_Escape)
    person.press_ctrl(K.Key_I)
    assert person.session.project.notes.get(image) == "no, fine"
    person.come_back()
    person.press(K.Key_1)
    assert person.session.class_of(0).name == "blue", "the focus is back on the images"


def test_going_to_an_image_by_number_and_by_name(person, window, qtbot, folder):
    person.open(folder)
    session = person.session
    answer(qtbot, "7")
    person.press_ctrl(K.Key_G)
    person.come_back()
    assert session.cursor == 6
    name = session.name_of(3)
    answer(qtbot, name[:4].upper())
    person.press_ctrl(K.Key_G)
    person.come_back()
    assert session.name_of(session.cursor).startswith(name[:4])
    answer(qtbot, "no such image")
    person.press_ctrl(K.Key_G)
    person.come_back()
    assert "No image in this project" in window.statusBar().currentMessage()


def test_previous_open_goes_back_to_unlabelled_images(person, window, qtbot, folder):
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_End)
    qtbot.keyClick(window.page.grid, K.Key_1)
    person.press(K.Key_End)
    person.choose("previous_open")
    assert person.session.cursor == 7
    for _ in range(5):
        person.choose("previous_open")
    assert person.session.cursor == 2
    person.choose("previous_open")
    assert person.session.cursor == 7, "wraps around and skips labelled images"


def test_commands_are_found_by_typing(person, window, qtbot, folder):
    person.open(folder)
    answer(qtbot, "bad im")
    person.choose("commands")
    person.come_back()
    assert person.session.put_aside(0) == "bad-image"
    answer(qtbot, "next batch")  # not available now
    shown: list[str] = []

    def look() -> None:
        finder = QApplication.activeModalWidget()
        shown.extend(finder.found.item(row).text() for row in range(finder.found.count()))
        finder.close()

    QTimer.singleShot(300, look)
    person.choose("commands")
    assert shown == ["Next batch    – not now"] and not window.worker.busy


def test_unavailable_commands_say_why(person, window, folder):
    shown: list[str] = []

    def look() -> None:
        finder = QApplication.activeModalWidget()
        shown[:] = [finder.found.item(row).text() for row in range(finder.found.count())]
        finder.close()

    QTimer.singleShot(100, look)
    window.actions_by_name["commands"].trigger()
    assert "Export    – no project is open" in shown
    assert shown.index("Undo    – no project is open") > shown.index("New project    Ctrl+N")
    window.open_project(folder, read_only=True)
    person.wait(lambda: window.page is not None)
    QTimer.singleShot(100, look)
    window.actions_by_name["commands"].trigger()
    assert "Skip    – this project is open read-only" in shown


def test_images_of_other_batches_are_found_in_the_pool(person, window, qtbot, folder):
    person.open(folder)
    session = person.session
    shown = {image.id for image in session.images}
    other = next(i for i in session.project.images.candidates() if int(i) not in shown)
    (image,) = session.project.images.get([int(other)])
    session._hides_labels = False  # the file names occur in every folder
    answer(qtbot, image.path)
    person.press_ctrl(K.Key_G)
    person.come_back()
    assert [i.id for i in session.images] == [image.id] and session.reviewing
    assert image.path in window.page.header.title.text()
    person.press(K.Key_2)
    assert session.class_of(0).name == "green"
    person.press(K.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert {i.id for i in session.images} == shown
