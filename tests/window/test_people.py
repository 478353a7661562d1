"""Several people on one project."""

import shutil

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from labeller.loop import rounds
from labeller.project.creation import open_complete
from labeller.project.project import Project
from labeller.project.teams import merge
from labeller.window.dialogs.comparison_dialogs import AgreementDialog
from tests.window.test_states import answer

K = Qt.Key


def test_labels_are_stored_under_the_annotators_name(person, window, qtbot, folder):
    person.open(folder)
    answer(qtbot, "berta")
    assert person.window._annotator.text() == person.session.annotator
    person.choose("annotator")
    assert person.window._annotator.text() == "berta"
    person.come_back()
    person.press(K.Key_1)
    image = person.session.images[0].id
    assert person.session.project.labels.current([image])[image].annotator == "berta"
    window.close_project()
    person.open(folder)
    assert person.session.annotator == "berta", "remembered"


def test_a_read_only_window_follows_the_one_that_labels(person, window, folder):
    with open_complete(folder) as writer:
        rounds.begin(writer)
        window.open_project(folder, read_only=True)
        session = person.session
        ids = [image.id for image in session.images]
        assert session.open_positions() == list(range(9))
        writer.labels.assign({ids[0]: 2}, "anna")
        writer.notes.set(ids[0], "see here", "anna")
        person.wait(lambda: session.class_of(0) is not None)
        assert session.class_of(0).name == "green" and session.note_of(0) == "see here"
        assert "Batch 1/9" in window.page.header.count.text()
        assert "(1)" in window.page.classes.buttons[1].text()
        writer.classes.add(["violet"])
        person.wait(lambda: len(session.classes) == 4)
        rounds.label_by_oracle(writer, writer.rounds.newest())
        writer.rounds.add("random", 0, [int(writer.images.candidates()[0])])
        person.wait(window.actions_by_name["next_batch"].isEnabled)
        person.press(K.Key_N)
        assert len(session.images) == 1
        window.close_project()
        assert writer.settings.get("shown_round") is None, "a read-only window changes nothing"


def test_conflicts_are_shown_and_resolved(person, window, qtbot, folder):
    person.open(folder)
    session = person.session
    project, ids = session.project, [image.id for image in session.images]
    project.labels.assign({ids[0]: 1, ids[1]: 2, ids[2]: 3}, "anna")
    project.labels.assign({ids[0]: 1, ids[1]: 3, ids[2]: 3}, "bert")
    session.annotator = "carla"

    def decide(dialog: AgreementDialog) -> None:
        texts = [dialog.table.item(0, column).text() for column in range(5)]
        assert texts == ["anna", "bert", "3", "2 (67%)", "0.50"]
        assert "1 image was labelled differently. 1 of them waits" in dialog.words.text()
        qtbot.mouseClick(dialog.show_button, Qt.MouseButton.LeftButton)

    def expect_none_left(dialog: AgreementDialog) -> None:
        assert "0 of them wait" in dialog.words.text() and not dialog.show_button.isEnabled()

    def agreement(act) -> None:
        person.in_dialog(lambda: person.choose("agreement"), act)

    agreement(decide)
    assert [image.id for image in session.images] == [ids[1]]
    assert window.page.preview.note.text() == "anna: green, bert: red"
    assert window._hint.text() == "Shift+R goes back to the batch"
    person.press(K.Key_2)
    assert session.class_of(0).name == "green"
    agreement(expect_none_left)
    person.press_ctrl(K.Key_Z)
    agreement(decide)
    person.press(K.Key_B)
    agreement(expect_none_left)
    project.labels.assign({ids[1]: 2}, "anna")
    session.read_labels()
    agreement(decide)


def test_a_second_person_labels_again_without_seeing_the_first(person, window, qtbot, folder):
    person.open(folder)
    session = person.session
    session.annotator = "anna"
    person.choose("label_again")
    assert "Nobody else" in window.statusBar().currentMessage()
    person.press(K.Key_1, K.Key_2, K.Key_3, K.Key_S)
    labelled = {session.images[place].id: place + 1 for place in range(3)}
    for image_id in labelled:
        session.project.notes.set(image_id, "clearly red", "anna")
    session.annotator = "bert"

    def take_all() -> None:
        dialog = QApplication.activeModalWidget()
        assert "others have labelled 3" in dialog.labelText()
        qtbot.keyClick(dialog, K.Key_Return)

    QTimer.singleShot(50, take_all)
    person.choose("label_again")
    person.come_back()
    assert session.blind and {image.id for image in session.images} == set(labelled)
    assert [session.class_of(place) for place in range(3)] == [None] * 3, "blind"
    assert session.open_positions() == [0, 1, 2] and not window.page.suggestions.isVisible()
    assert window.page.preview.note.isHidden(), "anna's note would reveal her label"
    first = session.images[0].id
    person.press(K.Key_3)
    assert session.class_of(0).name == "red" and session.cursor == 1
    assert "1 of 3" in window.page.header.count.text()
    person.press(K.Key_Home, K.Key_Backspace)
    assert "Ctrl+Z" in window.statusBar().currentMessage() and session.class_of(0) is not None
    person.press_ctrl(K.Key_Z)
    assert session.class_of(0) is None, "anna's label is back, but hidden"
    assert session.project.labels.current([first])[first].class_id == labelled[first]
    person.press(K.Key_Home)
    for place in range(3):
        person.press(K(K.Key_0 + labelled[session.images[place].id]))
    assert "labelled again" in window.statusBar().currentMessage()
    person.press(K.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert not session.blind and session.round is not None

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        texts = [dialog.table.item(0, column).text() for column in range(5)]
        assert texts == ["anna", "bert", "3", "3 (100%)", "1.00"]
        dialog.close()

    QTimer.singleShot(50, look)
    person.choose("agreement")
    person.come_back()


def test_agreement_with_one_annotator_explains_what_to_do(person, window, folder):
    person.open(folder)

    def look(dialog: AgreementDialog) -> None:
        assert dialog.table.isHidden() and "Label again" in dialog.words.text()

    person.in_dialog(lambda: person.choose("agreement"), look)


def test_labelled_by_one_and_put_aside_by_another_is_a_conflict(
    person, window, qtbot, folder, tmp_path
):
    """Neither knew of the other: the later action counts, and the image is shown as a conflict."""
    other = shutil.copytree(folder, tmp_path / "copy")
    with Project(other) as copy:
        copy.labels.skip([5], "bert", reason="not-any-class")
        copy.labels.assign({6: 1}, "bert")
    with Project(folder) as project:
        project.labels.assign({5: 2, 6: 1}, "anna")
        merge(project, other)
    person.open(folder)

    def decide(dialog: AgreementDialog) -> None:
        assert "1 of them waits" in dialog.words.text()
        qtbot.mouseClick(dialog.show_button, Qt.MouseButton.LeftButton)

    person.in_dialog(lambda: person.choose("agreement"), decide)
    assert [image.id for image in person.session.images] == [5]
    assert set(window.page.preview.note.text().split(", ")) == {"anna: green", "bert: put aside"}
    person.press(K.Key_2)
    assert person.session.project.agreement.disputed() == {}
