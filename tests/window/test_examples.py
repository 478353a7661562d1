"""Example images of a class: marked with a key, shown in tooltips and the class editor."""

from PySide6.QtCore import Qt

from labeller.window.dialogs.class_editor import NAME, ClassEditor
from labeller.window.labelling.preview import IMAGE

K = Qt.Key


def test_labelled_images_can_be_added_to_and_removed_from_the_examples(
    person, window, qtbot, folder
):
    person.open(folder)
    session = person.session
    person.press(K.Key_E)
    assert "Label the image first" in window.statusBar().currentMessage()
    person.press(K.Key_1, K.Key_1, K.Key_Home)
    person.press(K.Key_Right, modifier=Qt.KeyboardModifier.ShiftModifier)
    person.press(K.Key_E)
    first, second = (session.images[place] for place in (0, 1))
    assert session.project.classes.examples() == {1: sorted([first.id, second.id])}
    tip = window.page.classes.buttons[0].toolTip()
    assert tip.count('<img src="data:image/jpeg;base64,') == 2, "no file name appears in it"
    assert "<img" not in window.page.classes.buttons[1].toolTip()

    def look(editor: ClassEditor) -> None:
        editor.table.setCurrentCell(1, NAME)
        assert "no examples" in editor._examples_title.text() and editor.examples.isHidden()
        editor.table.setCurrentCell(0, NAME)
        assert editor.examples.count() == 2 and editor.examples.isVisible()
        person.wait(lambda: not editor.examples.item(0).icon().isNull())
        editor.examples.setCurrentRow(0)
        gone = editor.examples.item(0).data(IMAGE)
        qtbot.keyClick(editor.examples, K.Key_Delete)
        assert editor.examples.count() == 1
        (left,) = session.project.classes.examples()[1]
        assert {left, gone} == {first.id, second.id}

    person.in_dialog(lambda: person.press_ctrl(K.Key_K), look)
    (left,) = session.project.classes.examples()[1]
    person.press(K.Key_Home if left == first.id else K.Key_Right)
    window.page.grid.clearSelection()
    session.move(session.place_of(left))
    person.press(K.Key_E)
    assert session.project.classes.examples() == {}
    assert "no longer serves as an example" in window.statusBar().currentMessage()
