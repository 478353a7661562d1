"""From no project to labelled images by keys alone: classes are typed while labelling, and the
model suggests the rest."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from labeller.window.kit.search import Finder
from labeller.window.shell.tour import Tour, show_tour_once
from tests.frozen_encoder import frozen  # noqa: F401

K = Qt.Key
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def photos(tmp_path, images):
    """A folder of images whose file names do not reveal the class, and the colour of each."""
    folder = tmp_path / "photos"
    folder.mkdir()
    colours = {}
    for number, path in enumerate(sorted(images.rglob("*.png"), key=lambda path: path.name)):
        shutil.copy(path, folder / f"{number:02d}.png")
        colours[f"{number:02d}.png"] = path.parent.name
    return folder, colours


def test_from_no_project_to_labels_by_keys_alone(person, window, photos, qtbot):
    folder, colours = photos
    window.project_shown.connect(lambda: show_tour_once(window))
    QApplication.clipboard().setText(str(folder))

    def fill(dialog) -> None:
        qtbot.keyClick(dialog.images, K.Key_V, Qt.KeyboardModifier.ControlModifier)
        person.wait(lambda: dialog.found.text() == "36 images")
        qtbot.keyClick(dialog, K.Key_Return)

    new = window.welcome.new_button
    person.in_dialog(lambda: qtbot.keyClick(new, K.Key_Space), fill)
    person.wait(lambda: window.page is not None and len(person.session.images) > 0)
    session = person.session
    assert session.classes == [] and not session.has_oracle
    (tour,) = window.findChildren(Tour)
    for _ in tour.steps:
        qtbot.keyClick(tour, K.Key_Return)
    assert not tour.isVisible()

    def current_class() -> str:
        return colours[session.images[session.cursor].file.name]

    def type_class(finder: Finder) -> None:
        qtbot.keyClicks(finder.text, current_class())
        qtbot.keyClick(finder.text, K.Key_Return)

    while session.open_positions():
        places = {each.name: each.position for each in session.classes}
        suggested = session.suggested(session.cursor)
        if suggested is not None and suggested[0].name == current_class():
            person.press(K.Key_Return)
        elif current_class() in places:
            person.press(K(K.Key_1 + places[current_class()]))
        else:
            person.in_dialog(lambda: person.press(K.Key_Slash), type_class)
            if len(session.classes) == 3:
                person.wait(lambda: any(map(session.suggested, session.open_positions())))
    ids, classes = session.project.labels.labelled()
    names = {each.id: each.name for each in session.classes}
    files = {image.id: image.file.name for image in session.images}
    given = zip(ids.tolist(), classes.tolist(), strict=True)
    assert {files[i]: names[c] for i, c in given} == colours
    answers = session.project.labels.current(ids.tolist()).values()
    assert any(each.suggested_by is not None for each in answers)
