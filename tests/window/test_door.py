"""Missing images, reordered classes, and importing and exporting labels."""

import shutil

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox

from labeller.store.classes import keys_of
from labeller.window.dialogs.class_editor import ClassEditor
from labeller.window.kit.theme import CLASS_COLOURS, class_colour


def test_missing_images_are_reported_on_opening(person, window, folder, images):
    shutil.move(images, images.with_name("elsewhere"))
    window.open_project(folder)
    said = person.read_and_close_message()
    assert f"The images in {images} are missing" in said
    session = person.session
    person.wait(lambda: window.page is not None)
    places = list(range(len(session.images)))
    person.wait(lambda: all(map(window.page.thumbnails.cannot_show, session.images)))
    window.page.changes.label(places, 1)
    assert session.project.labels.counts()[0] == 0, "nobody has seen these images"


def test_reordered_classes_keep_their_colour_and_key(project):
    before = {c.name: (class_colour(c).name(), k) for c, k in _classes_with_keys(project)}
    ids = [c.id for c in project.classes.all()]
    project.classes.order(ids[::-1])
    assert [c.id for c in project.classes.all()] == ids[::-1]
    after = {c.name: (class_colour(c).name(), k) for c, k in _classes_with_keys(project)}
    assert after == before and before["blue"] == (CLASS_COLOURS[0], "1")


def _classes_with_keys(project):
    classes = project.classes.all()
    return zip(classes, keys_of(classes), strict=True)


def test_forty_classes_have_forty_colours(project):
    project.classes.add([f"class {number}" for number in range(37)])
    colours = [class_colour(c) for c in project.classes.all()]
    assert len({colour.name() for colour in colours}) == 40
    further = colours[10:]
    for place, one in enumerate(further):
        for other in further[place + 1 :]:
            apart = sum(
                abs(a - b) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
            )
            assert apart > 12, (one.name(), other.name())


def test_labels_are_imported_from_the_menu(person, window, folder, tmp_path):
    table = tmp_path / "t.csv"
    table.write_bytes("Path;Label\r\nred\\00.png;red\r\nblue\\01.png;blue\r\n".encode("utf-16"))
    person.open(folder)

    def take(dialog) -> None:
        person.qtbot.keyClicks(dialog.file, str(table))
        person.wait(dialog.take.isEnabled)
        assert dialog.found.text() == "2 labels to import"
        dialog.take.click()

    person.in_dialog(lambda: person.choose("import_labels"), take)
    assert person.session.summary.labelled == 2
    assert "2 labels imported" in window.statusBar().currentMessage()
    table.write_text("path,label\nred/00.png,purple\nred/01.png,red\nblue/01.png,red\n")

    def look(dialog) -> None:
        dialog.file.setText(str(table))
        person.wait(lambda: "unknown class 'purple'" in dialog.found.text())
        assert not dialog.take.isEnabled()
        dialog.new_classes.click()
        person.wait(lambda: "New classes: purple" in dialog.found.text())
        assert "2 images have a different label" in dialog.found.text()
        assert "blue/01.png: blue → red" in dialog.found.text() and not dialog.take.isEnabled()
        dialog.conflicts.setCurrentIndex(2)
        person.wait(dialog.take.isEnabled)
        dialog.take.click()

    person.in_dialog(lambda: person.choose("import_labels"), look)
    assert person.session.project.labels.counts()[0] == 3
    assert [c.name for c in person.session.classes][-1] == "purple"
    assert "purple" in [b.text() for b in window.page.classes.buttons][-1]


def test_labels_are_exported_from_the_menu(person, window, folder, tmp_path, monkeypatch):
    person.open(folder)
    person.press(Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_S)
    output = tmp_path / "out" / "labels"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(output), ""))
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))

    def save(dialog) -> None:
        assert dialog.summary.text() == "2 labels of 3 classes"
        person.qtbot.keyClicks(dialog.filter, "json lines")
        assert dialog.format_name == "jsonl" and dialog.layout_words.text().startswith('{"path"')
        dialog.aside.click()
        assert dialog.summary.text() == "2 labels of 3 classes, 1 put aside"
        dialog.split.click()
        dialog.shares[0].setValue(50)
        assert "add up to 70 %" in dialog.summary.text() and not dialog.save.isEnabled()
        dialog.shares[1].setValue(40)
        assert dialog.save.isEnabled()
        dialog.save.click()

    person.in_dialog(lambda: person.choose("export"), save)
    person.wait(lambda: bool(window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    assert box.text() == "2 labels written."
    next(b for b in box.buttons() if b.text() == "Open folder").click()
    assert opened == [str(output.parent)]
    lines = output.with_suffix(".jsonl").read_text().splitlines()
    assert len(lines) == 3 and sum('"reason"' in line for line in lines) == 1


def test_long_names_are_elided_in_the_middle_and_shown_in_full_in_the_tooltip(
    person, window, make, images
):
    long = "a very long name of a class that tells two kinds of beetles apart by their legs"
    project = make(images, "long", classes=(long, "short"), batch_size=9)
    project.close()
    person.open(project.folder)
    person.press(Qt.Key.Key_1)
    button = window.page.classes.buttons[0]
    person.wait(lambda: "…" in button.text())
    assert button.text().startswith("1  a very") and button.text().endswith("legs  (1)")
    assert button.fontMetrics().horizontalAdvance(button.text()) < button.width()
    assert long in button.toolTip() and window.page.classes.buttons[1].text() == "2  short"
    editor = ClassEditor(person.session, window.page.thumbnails, window)
    person.qtbot.addWidget(editor)
    editor.show()
    assert editor.table.columnWidth(2) > 150, "the description column keeps its width"
    editor.close()
