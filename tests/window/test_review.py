"""Reviewing labels in the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox

from labeller.project.project import Project
from labeller.window.labelling.batch_model import CHECKED, FORESEEN

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def reviewed(person, folder):
    """Nine labels: blue, green, red three times. Before they were given, the model disagreed at
    places 1 and 5; since then it has memorised all of them."""
    person.open(folder)
    session = person.session
    project = session.project
    run = project.runs.start({}, "resnet-small", "cpu", 0, 9)
    rows = [(image.id, place % 3 + 1, 0.9) for place, image in enumerate(session.images)]
    rows[1] = (rows[1][0], 3, 0.6)
    rows[5] = (rows[5][0], 1, 0.99)
    project.suggestions.replace(run, rows)
    session.reload_classes()
    person.press(*[K.Key_1, K.Key_2, K.Key_3] * 3)
    learnt = [(image.id, place % 3 + 1, 1.0) for place, image in enumerate(session.images)]
    project.suggestions.replace(run, learnt)
    session.reload_classes()
    return person


def ids(session) -> list[int]:
    return [image.id for image in session.images]


def choose(qtbot, person, box: QComboBox, text: str) -> None:
    """Open a filter and take an entry with the mouse."""
    left, popup = Qt.MouseButton.LeftButton, box.view()
    qtbot.mouseClick(box, left)
    entry = box.model().index(box.findText(text, Qt.MatchFlag.MatchStartsWith), 0)
    popup.scrollTo(entry)
    qtbot.wait(QApplication.doubleClickInterval() + 5)  # Qt ignores a faster second click
    qtbot.mouseMove(popup.viewport(), popup.visualRect(entry).center())
    qtbot.mouseClick(popup.viewport(), left, pos=popup.visualRect(entry).center())
    person.come_back()
    assert box.currentText().startswith(text)


def test_likely_mistakes_come_first_with_the_models_prediction(reviewed, window):
    session, model = reviewed.session, window.page.model
    batch = ids(session)
    reviewed.press(K.Key_R)
    assert session.reviewing and ids(session) == [batch[5], batch[1]]
    assert window.page.reviewing.isVisible() and not window.page.suggestions.isVisible()
    assert window.page.header.count.text().startswith("0 of 2 checked")
    said = [model.index(place).data(FORESEEN).name for place in range(2)]
    assert [session.class_of(p).name for p in range(2)] == ["red", "green"]
    assert said == ["blue", "red"], "the earlier prediction, not the memorised label"
    assert "model: blue" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_class_key_changes_a_label_and_enter_confirms_it(reviewed, window, folder):
    session = reviewed.session
    batch = ids(session)
    reviewed.press(K.Key_R, K.Key_1)
    assert session.class_of(0).name == "blue" and session.cursor == 1, "on to the next one"
    assert window.page.header.count.text().startswith("1 of 2 checked")
    reviewed.press(K.Key_Return)
    assert session.class_of(1).name == "green" and window.page.model.index(1).data(CHECKED)
    assert window.page.header.count.text().startswith("2 of 2 checked")
    assert "2 of 2 checked" in window.page.card.text()
    reviewed.press(K.Key_R)
    assert "No label differs" in window.statusBar().currentMessage() and len(ids(session)) == 9
    reviewed.press(K.Key_R, modifier=SHIFT)
    assert not session.reviewing and ids(session) == batch
    reviewed.press_ctrl(K.Key_Z)
    reviewed.press(K.Key_R)
    assert ids(session) == [batch[1]], "undo reverts a check too"
    reviewed.press(K.Key_Return)
    window.close()
    with Project(folder) as project:
        assert project.review.checked(batch) == {batch[1], batch[5]}, "checks are stored"


def test_filters_narrow_down(reviewed, window, qtbot):
    session, strip = reviewed.session, window.page.reviewing
    reviewed.press(K.Key_End, K.Key_U)
    batch = ids(session)
    reviewed.press(K.Key_R)
    choose(qtbot, reviewed, strip.order, "Newest")
    assert len(ids(session)) == 9 and ids(session)[0] == batch[8]
    assert window.page.grid.hasFocus()
    choose(qtbot, reviewed, strip.of_class, "green")
    assert sorted(ids(session)) == sorted([batch[1], batch[4], batch[7]])
    choose(qtbot, reviewed, strip.of_class, "Any")
    choose(qtbot, reviewed, strip.state, "Unsure")
    assert ids(session) == [batch[8]]
    choose(qtbot, reviewed, strip.state, "Bad")
    assert ids(session) == [] and session.reviewing
    assert window.page.header.count.text().startswith("0 of 0 checked")
    reviewed.press(K.Key_1, K.Key_Return, K.Key_S, K.Key_Right)  # on an empty list
    reviewed.press(K.Key_R, modifier=SHIFT)
    assert ids(session) == batch


def test_keys_in_a_filter_do_not_reach_the_images(reviewed, window, qtbot):
    reviewed.press(K.Key_R)
    box = window.page.reviewing.order
    box.setFocus()
    qtbot.keyClick(box, K.Key_Return)
    assert not reviewed.session.batch.checked and window.page.grid.hasFocus()


def test_missing_suggestions_are_reported(person, window, folder):
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_R)
    assert "were no suggestions before" in window.statusBar().currentMessage()
    assert len(ids(person.session)) == 2 and not window.page.reviewing.matrix.isEnabled()


def test_a_cell_of_the_matrix_opens_its_images(reviewed, window, qtbot):
    session = reviewed.session
    wanted = ids(session)[5]
    reviewed.press(K.Key_R)

    def click(dialog) -> None:
        matrix = dialog.matrix
        assert matrix.item(0, 0).text() == "3" and matrix.item(2, 0).text() == "1"
        header = matrix.horizontalHeader()
        for place in range(3):
            needed = header.sectionSizeFromContents(place).width()
            assert header.sectionSize(place) >= needed, "no name is truncated"
        place = matrix.visualItemRect(matrix.item(2, 0)).center()
        qtbot.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=place)

    left = Qt.MouseButton.LeftButton
    reviewed.in_dialog(lambda: qtbot.mouseClick(window.page.reviewing.matrix, left), click)
    assert ids(session) == [wanted]
    assert window.page.header.title.text() == "Review: labelled red, suggested blue"


def test_a_new_batch_does_not_replace_the_review(reviewed, window):
    from labeller.loop import rounds

    reviewed.press(K.Key_R)
    session = reviewed.session
    rounds.begin(session.project)
    session.offer_newest()
    assert session.reviewing and "N shows it" in window.statusBar().currentMessage()
    reviewed.press(K.Key_N)
    assert session.round.number == 1 and not window.page.reviewing.isVisible()
