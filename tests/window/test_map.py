"""The map of the pool: asked for by key, drawn around with the mouse."""

from PySide6.QtCore import QPoint, Qt

from labeller.window.learning.feature_map import FeatureMapDialog

K = Qt.Key


def test_images_that_are_drawn_around_are_labelled(person, window, qtbot, folder, quick_training):
    person.open(folder)
    assert not window.actions_by_name["map"].isEnabled(), "there is no model yet"
    person.label_all()
    person.press(K.Key_T)
    person.go_to_round(1)
    person.wait_idle()
    person.press(K.Key_M)
    person.wait(lambda: bool(window.findChildren(FeatureMapDialog)))
    (dialog,) = window.findChildren(FeatureMapDialog)
    ids, places = dialog._ids, dialog._places
    assert len(ids) == 36 and places.shape == (36, 2)
    assert abs(places.mean(axis=0)).max() < 1e-3, "principal components"
    view = dialog.plot.viewport()
    qtbot.waitExposed(dialog)
    dialog.plot.grab()  # drawn, so that places on it are known
    corners = [(3, 3), (view.width() - 4, 3), (view.width() - 4, view.height() - 4),
               (3, view.height() - 4), (3, 8)]  # fmt: skip
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(*corners[0]))
    for corner in corners[1:]:
        qtbot.mouseMove(view, QPoint(*corner))
        qtbot.wait(20)  # pyqtgraph leaves out what comes faster than a hundred times a second
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(*corners[-1]))
    person.wait(lambda: person.session.reviewing)
    assert {image.id for image in person.session.images} == set(ids.tolist())
    assert "36 images" in dialog.words.text()
    dialog.close()
    person.come_back()
    open_before = len(person.session.open_positions())
    person.press(K.Key_Tab)
    person.session.move(person.session.open_positions()[0])
    person.press(K.Key_1)
    assert len(person.session.open_positions()) == open_before - 1
    person.press(K.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert person.session.round.number == 1
