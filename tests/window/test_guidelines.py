"""The guidelines dialog: opened with a key, edited in place, with pictures and counterexamples."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QApplication

from labeller.project import guidelines
from labeller.window.dialogs.export_dialog import ExportDialog
from labeller.window.dialogs.guidelines_dialog import GuidelinesDialog
from tests.conftest import draw
from tests.window.accessibility import accessibility_problems

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
IMAGE = QTextDocument.ResourceType.ImageResource.value


def active_dialog(qtbot, window) -> GuidelinesDialog:
    (dialog,) = window.page.findChildren(GuidelinesDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_guidelines_are_edited_and_read_beside_the_window(person, window, qtbot, folder, tmp_path):
    person.open(folder)
    project = person.session.project
    person.press(K.Key_F2)
    dialog = active_dialog(qtbot, window)
    assert "There are no guidelines yet" in dialog.shown.toPlainText()
    assert accessibility_problems(dialog) == []
    dialog.edit.click()
    assert accessibility_problems(dialog) == []
    qtbot.keyClicks(dialog.text, "Look closely. ")
    draw("red", 5).save(tmp_path / "drawing.png")
    dialog.insert_picture(tmp_path / "drawing.png")
    dialog.insert_picture(tmp_path / "none.png")
    assert "none.png cannot be used" in person.read_and_close_message()
    dialog.activateWindow()
    assert active_dialog(qtbot, window) is dialog
    dialog.save.click()
    text = project.guidelines.get()
    assert text.startswith("Look closely. ![drawing](drawing-")
    assert "Look closely." in dialog.shown.toPlainText()
    (name,) = guidelines.pictures_in(text)
    assert dialog.shown.loadResource(IMAGE, name).width() == 40
    dialog.edit.click()
    qtbot.keyClicks(dialog.text, " More")
    dialog.discard.click()
    assert project.guidelines.get() == text
    dialog.edit.click()
    qtbot.keyClicks(dialog.text, " More")
    qtbot.keyClick(dialog.text, K.Key_Escape)
    assert project.guidelines.get() == text + " More" and dialog.isVisible(), (
        "nothing typed is lost"
    )
    qtbot.keyClick(dialog.shown, K.Key_F2)
    assert not dialog.isVisible()
    person.come_back()
    assert window.page.has_keyboard()


def test_a_counterexample_is_shown_with_its_class(person, window, qtbot, folder):
    person.open(folder)
    session = person.session
    classes = session.classes
    person.press(K.Key_1, K.Key_Home)
    image = session.images[0]

    def choose(finder) -> None:
        assert [each.name for each in finder._entries] == [c.name for c in classes[1:]]
        qtbot.keyClicks(finder.text, classes[1].name)
        qtbot.keyClick(finder.text, K.Key_Return)

    person.in_dialog(lambda: person.press(K.Key_E, modifier=SHIFT), choose)
    assert session.project.classes.examples(wrong=True) == {classes[1].id: [image.id]}
    assert f"what {classes[1].name} is not" in window.statusBar().currentMessage()
    person.press(K.Key_F2)
    shown = active_dialog(qtbot, window).shown
    assert "Not this:" in shown.toPlainText()
    (place,) = shown._page.examples
    person.wait(lambda: shown.loadResource(IMAGE, place).pixelColor(5, 5).saturation() > 0)
    active_dialog(qtbot, window).close()
    person.come_back()
    person.in_dialog(lambda: person.press(K.Key_E, modifier=SHIFT), choose)
    assert session.project.classes.examples(wrong=True) == {}
    assert "no longer serves" in window.statusBar().currentMessage()


def test_the_guidelines_open_at_the_class_of_the_image(person, window, qtbot, folder):
    person.open(folder)
    project = person.session.project
    project.guidelines.set("\n\n".join(["# red", "## red", *["words " * 40] * 30]), "anna")
    person.press(K.Key_1, K.Key_Home)
    person.press(K.Key_F2)
    dialog = active_dialog(qtbot, window)
    person.wait(lambda: dialog.shown.verticalScrollBar().value() > 0)
    first = person.session.classes[0]
    block = dialog.shown.document().findBlockByNumber(dialog.shown._sections[first.id])
    assert block.text() == f"■ {first.name}" and block.blockNumber() > 30
    dialog.close()


def test_files_outside_the_project_are_not_read(person, window, qtbot, folder, tmp_path):
    person.open(folder)
    draw("red", 5).save(tmp_path / "secret.png")
    person.press(K.Key_F2)
    shown = active_dialog(qtbot, window).shown
    for name in ((tmp_path / "secret.png").as_uri(), str(tmp_path / "secret.png"), "../x.png"):
        found = shown.loadResource(IMAGE, name)
        assert isinstance(found, QImage) and found.isNull(), name
    assert shown.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, "x") is None
    active_dialog(qtbot, window).close()


def test_export_offers_the_guidelines_if_there_are_any(person, window, folder):
    person.open(folder)
    person.press(K.Key_1)
    project = person.session.project
    dialog = ExportDialog(project, window)
    assert not dialog.guidelines.isVisibleTo(dialog)
    project.guidelines.set("Look closely.", "anna")
    dialog = ExportDialog(project, window)
    assert dialog.guidelines.isVisibleTo(dialog) and dialog.guidelines.isChecked()


def test_saving_an_unchanged_text_keeps_edits_by_others(person, window, qtbot, folder):
    person.open(folder)
    project = person.session.project
    person.press(K.Key_F2)
    dialog = active_dialog(qtbot, window)
    dialog.edit.click()
    project.guidelines.set("by somebody else meanwhile", "ben")
    dialog.save.click()
    assert project.guidelines.get() == "by somebody else meanwhile"
    assert "by somebody else" in dialog.shown.toPlainText()


def test_a_text_too_long_to_store_stays_in_the_editor(person, window, qtbot, folder):
    person.open(folder)
    person.press(K.Key_F2)
    dialog = active_dialog(qtbot, window)
    dialog.edit.click()
    dialog.text.setPlainText("x" * 30_001)
    dialog.close()
    assert "more than 30,000" in person.read_and_close_message()
    assert dialog.isVisible() and dialog.is_editing
    assert QApplication.clipboard().text() == "x" * 30_001
    dialog.text.setPlainText("")


def test_pictures_with_special_characters_in_their_name_are_shown_once(
    person, window, qtbot, folder, tmp_path
):
    person.open(folder)
    project = person.session.project
    first = project.classes.all()[0]
    project.classes.change(type(first)(**{**vars(first), "name": "t-shirt_x [1]"}))
    project.labels.assign({1: first.id}, "anna")
    project.classes.change_examples({1: first.id}, add=True)
    draw("red", 5).save(tmp_path / "IMG_12-3 [4].png")
    name = guidelines.add_picture(project, tmp_path / "IMG_12-3 [4].png")
    project.guidelines.set(rf"![IMG\_12\-3 \[4\]]({name}) and ![]({name})", "anna")
    person.session.reload_classes()
    person.press(K.Key_F2)
    text = active_dialog(qtbot, window).shown.toPlainText()
    assert text.count("\N{OBJECT REPLACEMENT CHARACTER}") == 3
