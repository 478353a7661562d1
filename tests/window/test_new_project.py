"""The new project dialog: images are inspected before the project is created."""

import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox

from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.window.dialogs import source_look
from labeller.window.dialogs.new_project_dialog import NewProjectDialog
from labeller.window.dialogs.source_look import SourceLook, look
from labeller.window.shell import project_operations
from tests.conftest import fill
from tests.pool.test_deep_colour import tiff

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot, window):
    shown = NewProjectDialog(window)
    qtbot.addWidget(shown)
    shown.show()
    yield shown
    shown.reject()


def type_images(qtbot, dialog, text: str) -> None:
    dialog.images.clear()
    qtbot.keyClicks(dialog.images, text)
    qtbot.waitUntil(lambda: dialog.found.text() not in ("", "Looking ..."))


def click(qtbot, button) -> None:
    qtbot.mouseClick(button, LEFT, pos=QPoint(10, button.height() // 2))


def test_folder_names_can_be_used_as_labels_or_hidden_labels(dialog, qtbot, images):
    labels, truth = dialog.meanings["labels"], dialog.meanings["truth"]
    assert not labels.isEnabled() and dialog.meanings[None].isChecked()
    type_images(qtbot, dialog, str(images))
    assert dialog.found.text() == "36 images: blue 12, green 12, red 12"
    assert dialog.request().truth is dialog.request().labels is None
    click(qtbot, truth)
    assert (dialog.request().truth, dialog.request().labels) == ("folders", None)
    click(qtbot, labels)
    assert (dialog.request().truth, dialog.request().labels) == (None, "folders")
    type_images(qtbot, dialog, str(images / "red"))
    assert dialog.found.text() == "12 images" and not labels.isEnabled()
    assert dialog.request().labels is None, "a choice that no longer applies is dropped"


def test_a_table_offers_a_column_instead_of_folders(dialog, qtbot, tmp_path, images):
    rows = [
        f"{file},{'warm' if 'red' in str(file) else ''}" for file in sorted(images.rglob("*.png"))
    ]
    table = tmp_path / "images.csv"
    table.write_text("path,label\n" + "\n".join(rows))
    type_images(qtbot, dialog, str(table))
    assert dialog.found.text() == "36 images: warm 12"
    assert "Column" in dialog._meaning_title.text()
    click(qtbot, dialog.meanings["labels"])
    assert dialog.request().labels == "csv"


def test_a_project_is_never_suggested_inside_an_archive(dialog, qtbot, tmp_path, images):
    archive = tmp_path / "photos.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(images.rglob("*.png"))[:2]:
            packed.write(file, f"train/a/{file.name}")
    type_images(qtbot, dialog, f"{archive}/train")
    assert dialog.folder() == tmp_path / "photos labels"


def test_problems_are_shown_before_creation(dialog, qtbot, tmp_path):
    type_images(qtbot, dialog, str(tmp_path / "nowhere"))
    assert "does not exist" in dialog.found.text()
    create = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert create.isEnabled(), "the folder may exist by then"


def test_guesses_can_be_overridden_in_the_dialog(dialog, qtbot, tmp_path):
    messy = Path(__file__).parents[1] / "samples" / "messy"
    boxes = (dialog.encoding, dialog.all_pages, dialog.splits)
    assert not any(box.isVisible() for box in boxes)
    type_images(qtbot, dialog, str(messy / "splits"))
    assert not any(box.isVisible() for box in boxes), "unlabelled images cannot be held out"
    click(qtbot, dialog.meanings["labels"])
    assert dialog.splits.isVisible() and not dialog.encoding.isVisible()
    assert "4 images" in dialog.splits.text() and dialog.request().splits
    click(qtbot, dialog.splits)
    assert not dialog.request().splits
    type_images(qtbot, dialog, str(messy / "kinds"))
    assert dialog.all_pages.isVisible() and not dialog.splits.isVisible()
    click(qtbot, dialog.all_pages)
    assert dialog.request().all_pages
    type_images(qtbot, dialog, str(messy / "chinese.zip"))
    assert dialog.encoding.isVisible() and not dialog.all_pages.isVisible()
    assert dialog.encoding.currentText() == "gb18030" and "飞机" in dialog.found.text()
    dialog.encoding.setCurrentText("big5")
    dialog.encoding.activated.emit(0)
    qtbot.waitUntil(lambda: "飞机" not in dialog.found.text())
    assert dialog.encoding.isVisible() and dialog.request().zip_encoding == "big5"
    type_images(qtbot, dialog, str(messy / "system"))
    assert not dialog.encoding.isVisible() and dialog.request().zip_encoding is None


def test_the_sample_is_shown_at_the_chosen_resolution(dialog, qtbot, images):
    type_images(qtbot, dialog, str(images))
    shown = {}
    for place in range(dialog.resolution.box.count()):
        dialog.resolution.box.setCurrentIndex(place)
        picture = dialog.resolution.sample.pixmap().toImage()
        assert picture.width() == picture.height() > 0
        line = {picture.pixel(x, picture.height() // 2) for x in range(picture.width())}
        shown[dialog.request().resolution] = len(line)
    assert list(shown) == [32, 64, 96, 128, 224]
    assert shown[32] <= 32


def test_archives_are_inspected_without_unpacking(tmp_path, images):
    archive = tmp_path / "many.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for number, file in enumerate(sorted(images.rglob("*.png"))):
            packed.write(file, f"class {number % 9}/{number}.png")
        packed.writestr("class 0/broken.png", b"no image")
    seen = look(str(archive))
    assert seen.count == 37 and len(seen.classes) == 9 and seen.classes[0] == ("class 0", 5)
    assert seen.sample is not None and seen.sample.size == (40, 40)
    assert [path.name for path in tmp_path.iterdir() if path.name == "many"] == []


def test_only_the_last_typed_location_is_shown(dialog, qtbot, images, tmp_path, monkeypatch):
    """Scanning a large folder takes time; its result must not be shown for another one."""
    waiting, asked = threading.Event(), []

    def slow(location, encoding):
        asked.append(location)
        if location == "/slow":
            waiting.wait(10)
        return look(location)

    monkeypatch.setattr(source_look, "look", slow)
    dialog.images.setText("/slow")
    qtbot.waitUntil(lambda: asked == ["/slow"])
    dialog.images.setText(str(images / "red"))
    dialog.images.setText(str(images))
    qtbot.wait(2 * source_look.WAIT_MS)
    assert asked == ["/slow"], "one scan at a time"
    waiting.set()
    qtbot.waitUntil(lambda: dialog.found.text().startswith("36 images"))
    assert asked == ["/slow", str(images)]


def test_a_late_folder_scan_does_not_replace_a_data_set(dialog, qtbot, images, monkeypatch):
    waiting, asked = threading.Event(), []

    def slow(location, encoding):
        asked.append(location)
        waiting.wait(10)
        return look(location)

    monkeypatch.setattr(source_look, "look", slow)
    dialog.images.setText(str(images))
    qtbot.waitUntil(lambda: asked == [str(images)])
    dialog.images.setText("cifar10")
    said = dialog.found.text()
    with qtbot.waitSignal(dialog.findChild(SourceLook)._lookup.told):
        waiting.set()
    assert dialog.found.text() == said and "downloaded" in said


def test_a_folder_without_a_readable_image_has_no_sample(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "0.png").write_bytes(b"no image")
    assert look(str(tmp_path)).sample is None


def test_guesses_of_the_import_are_reported_after_creation(person, window, tmp_path):
    for start, name in enumerate(("train", "valid", "test")):
        fill(tmp_path / "set" / name, 1, start=10 * start)
    request = Request(str(tmp_path / "set"), truth="folders", resolution=16)
    project_operations.create(window, tmp_path / "project", request)
    person.wait(lambda: bool(window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    assert "3 images of “valid” are held out for validation" in box.informativeText()
    box.close()
    person.come_back()
    assert window.page is not None


def test_channels_are_requested_for_multichannel_files(window, qtbot, tmp_path):
    place = tmp_path / "images"
    place.mkdir()
    for number in range(3):
        values = np.full((8, 8, 5), 80 * number, np.uint8)
        (place / f"{number}.tif").write_bytes(tiff(values))
    dialog = NewProjectDialog(window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.channels.isVisible()
    dialog.images.setText(str(place))
    qtbot.waitUntil(dialog.channels.isVisible, timeout=10_000)
    qtbot.keyClicks(dialog.channels, "5,1")
    request = dialog.request()
    assert request.channels == "5,1"
    with create(tmp_path / "p", request) as project:
        assert project.reading.channels == "5,1" and project.images.counts()["ready"] == 3
