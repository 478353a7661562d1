"""A first batch of a single class, as with defects and rare species, does not block labelling."""

import pytest
from PySide6.QtCore import Qt

from labeller.loop.method import Method
from labeller.loop.round_settings import RoundSettings, keep_round_settings
from labeller.window.kit import widgets
from tests.conftest import draw
from tests.frozen_encoder import frozen  # noqa: F401

K = Qt.Key


@pytest.fixture
def rare(make, tmp_path):
    """Thirty red images, nine of which are in the first batch, and three blue ones."""
    for colour, count in (("red", 30), ("blue", 3)):
        (tmp_path / "photos" / colour).mkdir(parents=True)
        for number in range(count):
            draw(colour, number).save(tmp_path / "photos" / colour / f"{number}.png")
    project = make(tmp_path / "photos", "rare", truth="folders", batch_size=9)
    red = [i for i, c in project.oracle.reveal(range(1, 34)).items() if c == 2]
    project.rounds.add("random", 0, red[:9])
    return project


def names(person) -> set[str]:
    return {image.path.split("/")[0] for image in person.session.images}


def test_the_next_batch_differs_from_the_labelled_images(
    qtbot,
    person,
    window,
    rare,
    frozen,  # noqa: F811
    monkeypatch,
):
    monkeypatch.setattr(widgets, "QUIET_MS", 600)
    keep_round_settings(rare, RoundSettings(Method(learner="frozen"), shows_next=True), 9)
    rare.close()
    person.open(rare.folder)
    assert names(person) == {"red"}
    person.press(*[K.Key_2] * 9)
    person.wait(lambda: person.session.round.number == 1)
    assert names(person) == {"red", "blue"} and person.session.round.strategy == "coreset"
    assert person.session.images[0].path.startswith("blue"), "the most dissimilar image is first"
    person.label_all()
    person.wait(lambda: person.session.waiting_round is not None)
    assert person.session.newest_model is not None
    window.close_project()  # before the next batch replaces this one
    qtbot.wait(widgets.QUIET_MS + 200)  # an exception meanwhile fails the test


def test_keys_and_menu_choose_another_batch_with_every_method(person, window, rare):
    rare.close()
    person.open(rare.folder)
    unlike, following = (window.actions_by_name[name] for name in ("unlike", "next_batch"))
    assert not unlike.isEnabled() and not following.isEnabled()
    person.press(*[K.Key_2] * 9)
    assert unlike.isEnabled() and following.isEnabled(), "another batch can be chosen"
    person.press(K.Key_T)
    assert "All labels so far are of one class" in window.statusBar().currentMessage()
    person.go_to_round(1)
    assert person.session.round.strategy == "random" and not window.messages.findChildren(object)
    person.press(*[K.Key_2] * 9)
    person.press(K.Key_N)
    person.go_to_round(2)
    person.press(K.Key_2, K.Key_1)
    assert not person.session.batch_done
    person.press(K.Key_N, modifier=Qt.KeyboardModifier.ShiftModifier)
    person.go_to_round(3)
