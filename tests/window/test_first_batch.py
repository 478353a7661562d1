"""A new project shows random images at once; typical images follow when they are found."""

import threading

import pytest
from PySide6.QtCore import Qt

from labeller.learning.frozen_features import FrozenFeatures
from labeller.project.project import Project
from tests.frozen_encoder import frozen  # noqa: F401

K = Qt.Key
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def new_project(make, images):
    """A project without a batch, closed."""
    project = make(images, truth="folders", batch_size=6)
    project.close()
    return project.folder


@pytest.fixture
def allow_reading(monkeypatch) -> threading.Event:
    """Images are not read until this event is set."""
    go, read = threading.Event(), FrozenFeatures.read

    def wait(self, *args, **kwargs):
        assert go.wait(30)
        return read(self, *args, **kwargs)

    monkeypatch.setattr(FrozenFeatures, "read", wait)
    yield go
    go.set()


def test_random_images_are_shown_before_any_is_read(person, window, new_project, allow_reading):
    window.open_project(new_project)
    person.wait(lambda: window.page is not None and len(person.session.images) == 6)
    session = person.session
    assert session.round.strategy == "random"
    shown = [image.id for image in session.images]
    person.press(K.Key_1, K.Key_2)
    assert session.project.labels.counts()[0] == 2
    allow_reading.set()
    person.wait(lambda: session.waiting_round is not None)
    assert [image.id for image in session.images] == shown, (
        "the batch is not replaced automatically"
    )
    assert "Typical images are ready" in window.statusBar().currentMessage()
    person.press(K.Key_N)
    assert session.round.strategy == "centres" and session.round.number == 1
    truth = session.project.oracle.reveal([image.id for image in session.images])
    assert len(set(truth.values())) == 3, "typical images of each class"
    assert not {image.id for image in session.images} & set(shown)


def test_no_typical_images_are_sought_in_a_small_pool(person, make, images, window):
    project = make(images, truth="folders", batch_size=30)
    project.close()
    person.open(project.folder)
    person.wait_idle()
    assert person.session.waiting_round is None and person.session.project.rounds.count() == 1


def test_closing_during_the_search_keeps_the_random_batch(
    person, window, new_project, allow_reading
):
    window.open_project(new_project)
    person.wait(lambda: window.page is not None and len(person.session.images) == 6)
    person.press(K.Key_1)
    threading.Timer(0.3, allow_reading.set).start()
    window.close_project()
    with Project(new_project) as project:
        assert project.rounds.all()[0].strategy == "random" and project.labels.counts()[0] == 1
