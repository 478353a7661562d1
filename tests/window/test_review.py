"""Looking through labels in the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from labeller.window.review_dialog import ReviewDialog

K = Qt.Key


@pytest.fixture
def reviewed(person, folder):
    """Nine labels: blue, green, red three times over; the model doubts places 1 and 5."""
    person.open(folder)
    person.press(*[K.Key_1, K.Key_2, K.Key_3] * 3)
    session = person.session
    project = session.project
    run = project.runs.start({}, "resnet-small", "cpu", 0, 9)
    rows = [(image.id, place % 3 + 1, 0.9) for place, image in enumerate(session.images)]
    rows[1] = (rows[1][0], 3, 0.6)
    rows[5] = (rows[5][0], 1, 0.99)
    project.suggestions.replace(run, rows)
    session.reload_classes()
    return person


def review(person, do: Callable[[ReviewDialog], object]) -> None:
    """Press R and do something in the dialog."""
    person.in_dialog(lambda: person.press(K.Key_R), do)


def test_likely_mistakes_come_first_and_are_relabelled(reviewed, qtbot):
    session = reviewed.session
    batch = [image.id for image in session.images]

    def show(dialog: ReviewDialog) -> None:
        assert dialog.found == [batch[5], batch[1]] and "2 images" in dialog._told.text()
        qtbot.mouseClick(dialog.show_button, Qt.MouseButton.LeftButton)

    review(reviewed, show)
    assert session.reviewing and [i.id for i in session.images] == [batch[5], batch[1]]
    reviewed.press(K.Key_1)
    assert session.class_of(0).name == "blue" and session.cursor == 1, "on to the next one"
    reviewed.press(K.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert not session.reviewing and [i.id for i in session.images] == batch
    assert session.class_of(5).name == "blue"
    reviewed.press_ctrl(K.Key_Z)
    assert session.class_of(5).name == "red"


def test_filters_narrow_down(reviewed, qtbot):
    session = reviewed.session
    reviewed.press(K.Key_End, K.Key_U)
    ids = [image.id for image in session.images]

    def choose(dialog: ReviewDialog) -> None:
        dialog.order.setFocus()
        qtbot.keyClicks(dialog.order, "Newest")
        assert len(dialog.found) == 9 and dialog.found[0] == ids[8]
        qtbot.keyClicks(dialog.of_class, "green")
        assert sorted(dialog.found) == sorted([ids[1], ids[4], ids[7]])
        qtbot.keyClick(dialog.of_class, K.Key_Home)
        qtbot.keyClicks(dialog.state, "Unsure")
        assert dialog.found == [ids[8]]
        qtbot.keyClick(dialog.state, K.Key_Down, delay=10)
        qtbot.keyClick(dialog.state, K.Key_Down)
        assert not dialog.found and not dialog.show_button.isEnabled()
        dialog.reject()

    review(reviewed, choose)
    assert not session.reviewing


def test_a_cell_of_the_matrix_opens_its_images(reviewed, window, qtbot):
    session = reviewed.session
    wanted = session.images[5].id

    def click(dialog: ReviewDialog) -> None:
        matrix = dialog.matrix
        assert matrix.item(0, 0).text() == "3" and matrix.item(2, 0).text() == "1"
        place = matrix.visualItemRect(matrix.item(2, 0)).center()
        qtbot.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=place)

    review(reviewed, click)
    assert [image.id for image in session.images] == [wanted]
    assert window.page._title.text() == "Review: labelled red, blue to the model"


def test_a_new_batch_does_not_take_the_review_away(reviewed, window, qtbot):
    from labeller import rounds

    review(reviewed, lambda dialog: dialog.accept())
    session = reviewed.session
    rounds.begin(session.project)
    session.offer_newest()
    assert session.reviewing and "N shows it" in window.statusBar().currentMessage()
    reviewed.press(K.Key_N)
    assert session.round.number == 1
