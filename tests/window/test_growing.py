"""Adding images, locating moved ones and merging copies, in the window."""

import shutil

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from labeller.project.project import Project
from labeller.project.teams import split
from tests.conftest import draw, fill

K = Qt.Key


def close_message(person, window) -> str:
    """Close the message box that appears and return its details."""
    person.wait(lambda: bool(window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    text = box.informativeText()
    box.close()
    person.wait(lambda: not window.findChildren(QMessageBox))
    person.come_back()
    return text


def confirm(person, window, button: str) -> str:
    """Press `button` in the confirmation box and return its details."""
    person.wait(lambda: bool(window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    text = box.informativeText()
    (chosen,) = (b for b in box.buttons() if b.text().replace("&", "") == button)
    chosen.click()
    person.wait(lambda: all(b.informativeText() != text for b in window.findChildren(QMessageBox)))
    return text


def test_adding_images_from_the_menu_keeps_labels(person, window, folder, tmp_path):
    person.open(folder)
    person.press(K.Key_1, K.Key_2)
    fill(tmp_path / "more", 1, start=80)

    def add(dialog) -> None:
        assert dialog.windowTitle() == "Add images" and not dialog.location.isVisible()
        assert not dialog.batch_size.isVisible() and not dialog.buttons.buttons()[0].isEnabled()
        dialog.images.setText(str(tmp_path / "more"))
        person.wait(lambda: dialog.found.text().startswith("3 images"))
        dialog.meanings["labels"].click()
        dialog.buttons.buttons()[0].click()

    person.in_dialog(lambda: person.choose("add_images"), add)
    assert "Images added: 3." in close_message(person, window)
    assert person.session.summary.labelled == 5


def test_new_files_in_the_folder_are_offered(person, window, folder, images):
    person.open(folder)
    line = window.page.surroundings
    assert not line.isVisible()
    draw("red", 99).save(images / "red" / "new.png")
    person.wait(line.isVisible)
    assert line.text.text() == "1 new image in images"
    person.press(K.Key_1)
    assert person.session.summary.labelled == 1, "keys still label images"
    line.add.click()
    assert "Images added: 1." in close_message(person, window)
    assert person.session.summary.labelled == 1
    assert not window.page.surroundings.isVisible()


def test_moved_images_can_be_located(person, window, folder, images, tmp_path, monkeypatch):
    images.rename(tmp_path / "elsewhere")
    place = str(tmp_path / "elsewhere")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: place)
    person.open(folder)
    person.wait(lambda: bool(window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    assert "are missing" in box.text()
    next(b for b in box.buttons() if "Locate" in b.text()).click()
    person.wait(lambda: any("Images found" in b.informativeText()
                            for b in window.findChildren(QMessageBox)))  # fmt: skip
    for each in window.findChildren(QMessageBox):
        each.close()
    assert window.page.session.project.images.missing_roots() == []


def test_a_copy_is_merged_and_the_merge_undone(person, window, folder, tmp_path, monkeypatch):
    shutil.copytree(folder, tmp_path / "copy")
    with Project(tmp_path / "copy") as copy:
        copy.labels.assign({1: 1, 2: 2, 3: 3}, "ben")
    person.open(folder)
    person.press(K.Key_1)
    mine = person.session.images[0].id
    chosen = str(tmp_path / "copy" / "project.sqlite")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen, ""))
    person.choose("merge")
    seen = confirm(person, window, "Merge")
    assert "New actions: 1, about 3 images." in seen
    assert "Images labelled: " in seen
    assert "New actions: 1, about 3 images." in close_message(person, window)
    labels = person.session.project.labels.current([1, 2, 3, mine])
    assert len(labels) == len({1, 2, 3, mine})
    person.press(K.Key_2)
    mine_too = person.session.project.labels.labelled()[0].tolist()[-1]
    person.choose("undo_merge")
    confirm(person, window, "Undo merge")
    assert "The merge was undone." in close_message(person, window)
    labels = person.session.project.labels.current(range(1, 37))
    assert {label.annotator for label in labels.values()} == {person.session.annotator}
    assert mine_too in labels
    assert not window.actions_by_name["undo_merge"].isEnabled()


def test_cancelling_a_merge_changes_nothing(person, window, folder, tmp_path, monkeypatch):
    shutil.copytree(folder, tmp_path / "copy")
    with Project(tmp_path / "copy") as copy:
        copy.labels.assign({1: 1, 2: 2, 3: 3}, "ben")
    person.open(folder)
    chosen = str(tmp_path / "copy" / "project.sqlite")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen, ""))
    person.choose("merge")
    assert "about 3 images" in close_message(person, window)
    assert person.session.summary.labelled == 0
    assert not window.actions_by_name["undo_merge"].isEnabled()


def test_undo_reports_labels_changed_by_others(person, window, folder):
    person.open(folder)
    person.press(K.Key_1)
    mine = person.session.images[0].id
    said = []
    person.session.announced.connect(said.append)
    person.session.project.labels.assign({mine: 2}, "table", origin="import")
    person.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert "by others or an import" in said[-1]
    assert person.session.project.labels.current([mine])[mine].class_id == 2


def test_a_copy_opens_even_if_its_newest_batch_belongs_to_others(person, window, folder, tmp_path):
    with Project(folder) as project:
        batch = project.rounds.add("random", 0, project.images.open()[:1].tolist())
        (theirs,) = batch.image_ids
        project.settings.set("shown_round", batch.id)
        names = ["anna", "ben"]
        parts = split(project, names, tmp_path / "copies")
    for part in parts:
        with Project(part.place, read_only=True) as copy:
            is_theirs = theirs not in copy.images.open()
        if is_theirs:
            person.open(part.place)
            assert len(person.session.images) > 0 and not person.session.batch_done
