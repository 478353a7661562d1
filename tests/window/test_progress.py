"""The progress of a project in the window."""

from PySide6.QtCore import Qt

from labeller.care.progress import GOAL

K = Qt.Key


def test_progress_is_shown_with_a_goal_and_saved(person, folder, tmp_path):
    person.open(folder)
    person.press(K.Key_1, K.Key_1, K.Key_2)

    def act(dialog) -> None:
        assert "Labelled by the model" in dialog.text.toPlainText()
        assert "Still needed" not in dialog.text.toPlainText()
        dialog.wanted.setValue(5)
        assert "Still needed (5)" in dialog.text.toPlainText()
        dialog.save_to(tmp_path / "page.html")

    person.in_dialog(lambda: person.press_ctrl(K.Key_D), act)
    assert person.session.project.settings.get(GOAL) == 5
    assert "Still needed (5)" in (tmp_path / "page.html").read_text("utf-8")
    assert person.window.page.has_keyboard()
