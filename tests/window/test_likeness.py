"""The most similar labelled image, shown beside the current one."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from labeller.store.rounds import Reason

K = Qt.Key


@pytest.fixture
def similar(person, folder):
    """The window on a batch whose first image was chosen for its similarity to a labelled one."""
    person.open(folder)
    project = person.session.project
    shown = set(person.session.round.image_ids)
    other = next(int(i) for i in project.images.candidates() if i not in shown)
    project.labels.assign({other: 2}, "ann")
    first = person.session.images[0].id
    project.rounds.explain(person.session.round.id, {first: Reason(0.125, other)})
    person.session.show_newest()
    return person


def test_class_and_score_follow_the_current_image(similar, window):
    row = window.page.preview.likeness
    assert row.isVisible() and row.alike.text() == "Most similar: green"
    assert row.reason.text() == "Chosen by random (0.12)"
    height = window.page.preview.picture.height()
    similar.press(K.Key_Right)
    assert row.isVisible() and row.alike.text() == row.reason.text() == ""
    assert window.page.preview.picture.height() == height, "the layout is unchanged"
    similar.press(K.Key_Left)
    assert row.alike.text() == "Most similar: green"


def test_hidden_without_a_reason_and_while_labelling_blind(similar, window):
    session, row = similar.session, window.page.preview.likeness
    session.look_through([session.images[0].id], "again", blind=True)
    assert row.isHidden()
    session.back_to_batch()
    assert row.isVisible()
    session.project.rounds.explain(session.round.id, {session.images[0].id: Reason()})
    session.show_newest()
    assert row.isHidden()


class ShownWindows(QObject):
    """Records every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_no_other_window_flashes_when_a_project_opens(similar, window, qapp):
    folder = similar.session.project.folder
    window.close_project()
    shown = ShownWindows()
    qapp.installEventFilter(shown)
    similar.open(folder)
    qapp.removeEventFilter(shown)
    assert window.page.preview.likeness.isVisible() and shown.names == []
