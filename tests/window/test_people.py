"""Several people on one project."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from labeller.window.agreement_dialog import AgreementDialog
from tests.window.test_states import answer

K = Qt.Key


def test_labels_are_kept_under_the_name_that_was_given(person, window, qtbot, folder):
    person.open(folder)
    answer(qtbot, "berta")
    window.actions_by_name["annotator"].trigger()
    person.come_back()
    person.press(K.Key_1)
    image = person.session.images[0].id
    assert person.session.project.labels.current([image])[image].annotator == "berta"
    window.close_project()
    person.open(folder)
    assert person.session.annotator == "berta", "remembered"


def test_conflicts_are_shown_and_resolved(person, window, qtbot, folder):
    person.open(folder)
    session = person.session
    project, ids = session.project, [image.id for image in session.images]
    project.labels.assign({ids[0]: 1, ids[1]: 2, ids[2]: 3}, "anna")
    project.labels.assign({ids[0]: 1, ids[1]: 3, ids[2]: 3}, "bert")

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, AgreementDialog)
        texts = [dialog.table.item(0, column).text() for column in range(5)]
        assert texts == ["anna", "bert", "3", "2 (67%)", "0.50"]
        assert "1 image was labelled differently" in dialog.told.text()
        qtbot.mouseClick(dialog.show_button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(50, look)
    window.actions_by_name["agreement"].trigger()
    person.come_back()
    assert [image.id for image in session.images] == [ids[1]]
    person.press(K.Key_2)
    assert session.class_of(0).name == "green"
