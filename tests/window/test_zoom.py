"""Zooming into an image with wheel, keys and mouse."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.store.images import StoredImage
from labeller.window.dialogs.reading_dialog import ReadingDialog
from labeller.window.labelling.zoom import ZoomPicture

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def large_photos(make, tmp_path):
    """Photos of 1,600 × 1,200 with a single white pixel at (1000, 300), closed."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(6):
        pixels = np.full((1200, 1600, 3), 20 * number, np.uint8)
        pixels[300, 1000] = 255
        Image.fromarray(pixels).save(folder / f"{number}.png")
    project = make(folder, classes=("a", "b"), batch_size=6)
    project.close()
    return project.folder


@pytest.fixture
def zoom_picture(person, window, large_photos) -> ZoomPicture:
    person.open(large_photos)
    person.press(K.Key_O)
    person.wait(lambda: window.page.single.isVisible())
    picture = window.page.single.picture
    person.wait(lambda: picture._pixmap is not None)
    QCursor.setPos(window.mapToGlobal(QPoint(2, 2)))  # not over the picture
    return picture


def wheel(picture: ZoomPicture, at: QPointF, steps: int) -> None:
    event = QWheelEvent(
        at, picture.mapToGlobal(at), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(picture, event)


def test_the_wheel_zooms_around_the_pointer(zoom_picture):
    at = QPointF(zoom_picture.width() * 0.7, zoom_picture.height() * 0.4)
    wheel(zoom_picture, at, 1)
    before = zoom_picture._in_image(at)
    wheel(zoom_picture, at, 4)
    after = zoom_picture._in_image(at)
    assert (
        zoom_picture.zoomed and abs(before.x() - after.x()) < 1 and abs(before.y() - after.y()) < 1
    )
    wheel(zoom_picture, at, -9)
    assert not zoom_picture.zoomed, "the whole image again"


def test_z_toggles_actual_size(person, window, zoom_picture):
    person.press(K.Key_Z)
    assert (
        zoom_picture.zoomed
        and zoom_picture.scale * zoom_picture.devicePixelRatioF() == pytest.approx(1)
    )
    person.press(K.Key_Z)
    assert not zoom_picture.zoomed
    fitting = zoom_picture.scale
    person.press(K.Key_Plus)
    assert zoom_picture.scale == pytest.approx(fitting * 1.25)
    person.press(K.Key_Minus)
    assert not zoom_picture.zoomed


def test_pixels_are_not_smoothed_when_magnified(person, window, zoom_picture):
    person.press(K.Key_Z)
    person.wait(lambda: zoom_picture._full is not None)
    zoom_picture._middle = QPointF(1000.5, 300.5)
    zoom_picture._zoom_to(8.0, QPointF(zoom_picture.rect().center()))
    zoom_picture.repaint()
    grabbed = zoom_picture.grab().toImage()
    ratio = zoom_picture.devicePixelRatioF()
    middle = QPointF(zoom_picture.rect().center()) * ratio
    row = [
        grabbed.pixelColor(int(middle.x()) + step, int(middle.y())).red() for step in range(-14, 15)
    ]
    assert set(row) == {0, 255}, "no interpolated greys"
    assert row.count(255) == pytest.approx(8 * ratio, abs=1)


def test_dragging_moves_the_image(person, window, zoom_picture, qtbot):
    person.press(K.Key_Z)
    before = QPointF(zoom_picture._middle)
    start = zoom_picture.rect().center()
    qtbot.mousePress(zoom_picture, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(zoom_picture, start + QPoint(-40, 25))
    qtbot.mouseRelease(zoom_picture, Qt.MouseButton.LeftButton, pos=start + QPoint(-40, 25))
    moved = zoom_picture._middle - before
    assert moved.x() == pytest.approx(40 / zoom_picture.scale, abs=1)
    assert moved.y() == pytest.approx(-25 / zoom_picture.scale, abs=1)
    for _ in range(60):
        qtbot.mousePress(zoom_picture, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(zoom_picture, start + QPoint(-300, 0))
        qtbot.mouseRelease(zoom_picture, Qt.MouseButton.LeftButton, pos=start)
    assert zoom_picture._middle.x() <= 1600, "the image stays in view"


def test_the_next_image_is_shown_whole_unless_the_zoom_is_kept(person, window, zoom_picture):
    person.press(K.Key_Z, K.Key_Right)
    assert not zoom_picture.zoomed
    person.press(K.Key_Z, K.Key_Z)
    person.press(K.Key_Z, modifier=SHIFT)
    person.press(K.Key_Z)
    scale, middle = zoom_picture.scale, QPointF(zoom_picture._middle)
    person.press(K.Key_Right)
    assert zoom_picture.scale == scale and zoom_picture._middle == middle
    person.wait(lambda: zoom_picture._full is not None)
    person.press(K.Key_Z, modifier=SHIFT)


def test_a_label_key_works_while_zoomed(person, window, zoom_picture):
    person.press(K.Key_Z, K.Key_1)
    assert person.session.class_of(0).name == "a"


def test_the_preview_beside_the_grid_zooms_too(person, window, large_photos):
    person.open(large_photos)
    picture = window.page.preview.picture
    person.press(K.Key_Z)
    assert picture.zoomed and window.page.grid.isVisible()


def test_zooming_without_an_image_does_nothing(qtbot):
    picture = ZoomPicture()
    qtbot.addWidget(picture)
    picture.toggle()
    picture.zoom(3)
    assert not picture.zoomed
    from pathlib import Path

    picture.show_image(StoredImage(1, "a", Path("a"), "", 0, 0), None)
    picture.zoom(3)
    picture.grab()


def grey_shown(picture: ZoomPicture) -> int:
    image = picture.grab().toImage()
    return image.pixelColor(image.width() // 2, image.height() // 2).red()


def test_brightness_and_contrast_are_kept_for_the_next_image(person, window, zoom_picture):
    def go_to(name: str) -> None:
        session = person.session
        session.move([image.path for image in session.images].index(name))

    go_to("3.png")  # grey 60
    person.wait(lambda: abs(grey_shown(zoom_picture) - 60) <= 2)
    person.press(K.Key_Period, K.Key_Period)
    assert abs(grey_shown(zoom_picture) - 60 * 1.25**2) <= 3
    person.press(K.Key_Comma, K.Key_Comma, K.Key_Comma)
    assert abs(grey_shown(zoom_picture) - 60 / 1.25) <= 3
    person.press_ctrl(K.Key_B)
    assert abs(grey_shown(zoom_picture) - 60) <= 2
    person.press_ctrl(K.Key_Period)
    person.press_ctrl(K.Key_Period)
    assert abs(grey_shown(zoom_picture) - (127.5 + (60 - 127.5) * 1.25**2)) <= 3
    go_to("4.png")  # grey 80
    person.wait(lambda: abs(grey_shown(zoom_picture) - (127.5 + (80 - 127.5) * 1.25**2)) <= 3)
    person.press(K.Key_Z)
    person.wait(lambda: zoom_picture.zoomed)
    assert abs(grey_shown(zoom_picture) - (127.5 + (80 - 127.5) * 1.25**2)) <= 3
    for _ in range(4):
        person.press_ctrl(K.Key_Comma)
    assert abs(grey_shown(zoom_picture) - (127.5 + (80 - 127.5) / 1.25**2)) <= 3
    assert zoom_picture.tone.words == "Contrast -2"
    assert window.page.preview.picture.tone == zoom_picture.tone


def test_changing_how_images_are_read_keeps_the_labels(person, window, qtbot, tmp_path):
    folder = tmp_path / "deep"
    folder.mkdir()
    for number in range(4):
        pixels = np.full((300, 300), 500 + number, np.uint16)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    request = Request(str(folder), classes=("a", "b"), resolution=16, batch_size=4)
    create(tmp_path / "p", request).close()
    person.open(tmp_path / "p")
    person.press(K.Key_1)
    seen = []

    def choose():
        dialog = window.findChild(ReadingDialog)
        assert not dialog.low.isEnabled() and "All images" in dialog.findChildren(QLabel)[-1].text()
        seen.append(window.grab())
        dialog.fixed.click()
        dialog.high.setValue(-1)
        assert not dialog.ok.isEnabled(), "white is not below black"
        dialog.high.setValue(1000)
        dialog.ok.click()

    QTimer.singleShot(0, choose)
    window.actions_by_name["reading"].trigger()
    assert seen
    person.wait(lambda: window.page is not None and window.page.session.summary.labelled == 1)
    (box,) = window.findChildren(QMessageBox)
    assert "from 0 (black) to 1000 (white)" in box.informativeText()
    box.close()
    assert window.page.session.project.reading.grey == (0, 1000)
    assert 125 <= window.page.session.project.tensors()[0].mean() <= 130
