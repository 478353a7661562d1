"""Keys do what the screen suggests: key sequences that once had surprising effects."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage

from labeller.learning import mobyv2al
from labeller.loop import rounds
from labeller.project.project import Project
from labeller.window.kit import widgets
from labeller.window.kit.theme import ACCENT
from labeller.window.labelling.batch_model import BatchModel
from labeller.window.learning.operations import TrainingEnded
from tests.window.test_labelling import names
from tests.window.test_learning import epochs, long_training  # noqa: F401

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


# -- a key after the last image


def test_a_key_after_the_last_image_changes_nothing(person, window, folder):
    person.open(folder)
    person.press(*[K.Key_1] * 8, K.Key_2)
    assert person.session.batch_done and names(person.session)[-1] == "green"
    person.press(K.Key_3, K.Key_S, K.Key_X, K.Key_Backspace, K.Key_Return, K.Key_E)
    assert names(person.session) == ["blue"] * 8 + ["green"]
    assert window.page.chosen() == [] and not window.page.grid.currentIndex().isValid()
    card = window.page.card
    assert card.isVisible() and "9 labelled" in card.text() and "T train" in card.text()
    assert "R check" in card.text() and "Ctrl+Z" in card.text()
    person.press(K.Key_Left)
    assert person.session.cursor == 8 and not card.isVisible()
    person.press(K.Key_3)
    assert names(person.session)[-1] == "red", "an arrow key makes it correctable"


def test_returning_focus_makes_no_image_current(person, window, qtbot, folder):
    person.open(folder)
    person.press(*[K.Key_1] * 8, K.Key_S)
    window.page.suggestions.least.setFocus()
    window.page.take_keyboard()
    person.press(K.Key_3)
    assert names(person.session) == ["blue"] * 8 + ["skip"]
    assert "8 labelled, 1 put aside" in window.page.card.text()
    person.press(K.Key_Home, K.Key_3)
    assert names(person.session)[0] == "red"


def test_keys_after_the_last_image_do_nothing_one_by_one_or_in_review(person, window, folder):
    person.open(folder)
    person.press(K.Key_O)
    for key in (*[K.Key_1] * 9, K.Key_3, K.Key_2):
        person.qtbot.keyClick(window.page.single, key)
    assert names(person.session) == ["blue"] * 9
    person.session.look_through([image.id for image in person.session.images][:2], "two")
    for key in (K.Key_2, K.Key_3, K.Key_1, K.Key_1):
        person.qtbot.keyClick(window.page.single, key)
    assert names(person.session) == ["green", "red"]
    assert "Reviewed 2 images" in window.page.card.text()


def test_a_finished_batch_opens_with_no_image_current(person, window, folder):
    with Project(folder) as project:
        for image_id in rounds.begin(project).image_ids:
            project.labels.assign({image_id: 1}, "anna")
    person.open(folder)
    person.press(K.Key_3)
    assert names(person.session) == ["blue"] * 9 and window.page.card.isVisible()
    person.press_ctrl(K.Key_Z)
    assert not window.page.card.isVisible() and names(person.session).count(None) == 1


# -- replacing the batch while keys are pressed


def test_a_batch_is_not_replaced_while_keys_are_pressed(
    person, window, qtbot, folder, quick_training
):
    """Corrections made while the next batch becomes ready all apply to the old one."""
    person.open(folder)
    person.label_all()
    shown = [image.id for image in person.session.images]
    person.press(K.Key_T)
    person.press(K.Key_Home)
    project = person.session.project

    def correct() -> bool:
        person.press(K.Key_2)
        person.press(K.Key_Left)
        return not window.worker.busy

    person.wait(correct)
    person.press(K.Key_2)
    assert [image.id for image in person.session.images] == shown
    assert set(project.labels.labelled()[0].tolist()) == set(shown)
    banner = window.page.banner
    assert banner.isVisible() and "9 images" in banner._text.text()
    qtbot.mouseClick(banner.button, LEFT)
    assert person.session.round.number == 1 and not banner.isVisible()
    assert person.session.cursor == 0 and window.page.grid.hasFocus()


def test_an_automatically_shown_batch_waits_for_a_pause(
    person, window, qtbot, folder, quick_training, monkeypatch
):
    monkeypatch.setattr(widgets, "QUIET_MS", 600)
    with Project(folder) as project:
        project.settings.set("rounds", {"shows_next": True})
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.wait(lambda: person.session.waiting_round is not None)
    for _ in range(6):
        qtbot.wait(150)
        person.press(K.Key_Left)
        assert person.session.round.number == 0
    person.wait(lambda: person.session.round.number == 1)


def test_a_requested_batch_is_only_offered_if_labelling_continues(
    person, window, folder, quick_training
):
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_3)
    person.train(unfinished=True)
    person.wait_idle()
    learning = window.page.learning
    learning._asked_at = learning._changes_made
    person.press(K.Key_1)
    learning.show_or_offer_newest()
    assert person.session.round.number == 0 and window.page.banner.isVisible()


# -- selections


def test_a_selection_is_cleared_after_one_key(person, window, folder):
    person.open(folder)
    person.press_ctrl(K.Key_A)
    assert window.page.header.chip.isVisible() and window.page.header.chip.text() == "9 selected"
    person.press(K.Key_3)
    assert names(person.session) == ["red"] * 9
    assert window.statusBar().currentMessage() == "9 → red, 9 changed · Ctrl+Z"
    assert not window.page.header.chip.isVisible()
    person.press(K.Key_1, K.Key_2, K.Key_3, K.Key_2)
    assert names(person.session) == ["red"] * 9


def test_the_status_message_counts_changed_images(person, window, folder):
    person.open(folder)
    person.press(K.Key_1, K.Key_1, K.Key_Home)
    person.press(K.Key_Right, K.Key_Right, K.Key_Right, modifier=SHIFT)
    assert window.page.header.chip.text() == "4 selected"
    person.press(K.Key_1)
    assert window.statusBar().currentMessage() == "4 → blue, 2 changed · Ctrl+Z"
    assert window.page.grid.chosen() == [4], "only the next image is selected"
    person.press(K.Key_2)
    assert names(person.session)[:6] == ["blue"] * 4 + ["green", None]


# -- keys for other widgets


@pytest.fixture
def suggested(person, window, folder):
    """A batch with suggestions, as after training."""
    with Project(folder) as project:
        ids = rounds.begin(project).image_ids
        run = project.runs.start({}, "resnet-small", "cpu", 0, 1)
        project.runs.end(run, "finished", 1.0, "checkpoints/x.safetensors")
        project.suggestions.replace(run, [(i, 2, 0.5 + 0.05 * n) for n, i in enumerate(ids)])
    person.open(folder)
    return person


def test_return_in_the_threshold_only_sets_the_value(suggested, window, qtbot):
    person, least = suggested, window.page.suggestions.least
    for key, value in ((K.Key_Return, 75), (K.Key_Escape, 60)):
        qtbot.mouseClick(least.lineEdit(), LEFT)
        assert least.hasFocus() or least.lineEdit().hasFocus()
        least.lineEdit().selectAll()
        qtbot.keyClicks(least, str(value))
        qtbot.keyClick(least, key)
        assert least.value() == value and window.page.grid.hasFocus()
        assert names(person.session) == [None] * 9, "nothing was accepted"
    person.press(K.Key_3)
    assert names(person.session)[0] == "red"


def test_brackets_move_the_threshold(suggested, window):
    least = window.page.suggestions.least
    before = least.value()
    suggested.press(K.Key_BracketLeft, K.Key_BracketLeft, K.Key_BracketRight)
    assert least.value() == before - 5


def test_clicking_beside_the_classes_keeps_the_focus(person, window, qtbot, folder):
    person.open(folder)
    scroll = window.page.classes._scroll
    inside = scroll.widget()
    first, second = window.page.classes.buttons[:2]
    gap = QPoint((first.geometry().right() + second.geometry().left()) // 2, inside.height() - 1)
    for target in (inside, scroll.viewport(), scroll):
        qtbot.mouseClick(target, LEFT, pos=gap if target is inside else QPoint(1, 1))
        assert window.page.grid.hasFocus()
    person.press(K.Key_Right)
    assert person.session.cursor == 1


# -- keys with costly effects


def test_escape_deselects_and_never_stops_training(person, window, folder, long_training):  # noqa: F811
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.wait(lambda: epochs(window) >= 1)
    person.press_ctrl(K.Key_A)
    person.press(K.Key_Escape, K.Key_Escape)
    assert window.page.header.chip.isHidden() and window.worker.busy and not window.worker.stopping
    person.press(K.Key_Escape, modifier=SHIFT)
    assert window.worker.stopping
    person.press(K.Key_N)
    person.wait(lambda: person.session.round.number == 1)


def test_training_on_an_unfinished_batch_asks_for_confirmation(
    person, window, folder, quick_training
):
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_T)
    assert not window.worker.busy
    assert window.statusBar().currentMessage() == (
        "This batch isn't finished (2 of 9). Press T again to train anyway."
    )
    person.press(K.Key_3, K.Key_T)
    assert not window.worker.busy, "a new label requires a new confirmation"
    person.press(K.Key_T)
    assert window.worker.busy


def test_training_stopped_in_its_first_epoch_keeps_no_model(
    person, window, folder, quick_training, monkeypatch
):
    usual = mobyv2al.train_by_team

    def stopped_at_once(pool, data, encoder, recipe, run, *rest):
        return usual(pool, data, encoder, recipe, replace(run, should_stop=lambda: True), *rest)

    monkeypatch.setattr(mobyv2al, "train_by_team", stopped_at_once)
    person.open(folder)
    person.label_all()
    results: list[TrainingEnded] = []
    window.worker.succeeded.connect(results.append)
    person.press(K.Key_T)
    person.wait_idle()
    project = person.session.project
    assert project.runs.newest().state == "stopped" and project.runs.newest_usable() is None
    assert not list(folder.glob("checkpoints/*"))
    assert "nothing was learnt" in window.statusBar().currentMessage()
    assert not results[0].kept and not window.actions_by_name["next_batch"].isEnabled()


def _alike(one: QColor, other: QColor) -> bool:
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return all(abs(a - b) < 30 for a, b in pairs)


def test_current_and_selected_images_look_different(person, window, qtbot, folder):
    person.open(folder)
    person.press(K.Key_Right, modifier=SHIFT)
    grid = window.page.grid
    assert isinstance(grid.model(), BatchModel)
    looks = []
    for place in (0, 1, 2):
        rect = grid.visualRect(grid.model().index(place, 0))
        looks.append(grid.viewport().grab(rect).toImage())

    def ring(look: QImage, columns: tuple[int, int]) -> bool:
        """Whether these columns show a ring, whatever the image beneath."""
        rows = range(look.height() // 2 - 8, look.height() // 2 + 8)
        return all(_alike(look.pixelColor(x, y), ACCENT) for x in columns for y in rows)

    outer, inner = (1, 2), (5, 6)
    assert [ring(look, outer) for look in looks] == [True, True, False], "selected images"
    assert [ring(look, inner) for look in looks] == [False, True, False], "the current image"


def test_clearing_labels_after_the_last_image_makes_one_current(person, window, folder):
    person.open(folder)
    person.press(*[K.Key_1] * 9)
    window.page.grid.select([3, 5])
    person.press(K.Key_Backspace)
    assert person.session.cursor == 3 and not window.page.card.isVisible()
    assert [p for p, name in enumerate(names(person.session)) if name is None] == [3, 5]


def test_an_image_that_cannot_be_shown_is_not_labelled(person, window, folder):
    with Project(folder) as project:
        gone = project.images.get(rounds.begin(project).image_ids)[1]
        gone.file.unlink()
    person.open(folder)
    person.wait(lambda: window.page.thumbnails.cannot_show(gone))
    person.press(K.Key_1, K.Key_2)
    assert names(person.session)[:3] == ["blue", None, None] and person.session.cursor == 1
    assert "1 image cannot be shown" in window.statusBar().currentMessage()
    person.press_ctrl(K.Key_A)
    person.press(K.Key_3)
    assert names(person.session) == ["red", None] + ["red"] * 7
    result = window.statusBar().currentMessage()
    assert result.startswith("8 → red, 8 changed") and "1 image cannot be shown" in result
    person.session.move(1)
    person.press(K.Key_B)
    assert person.session.put_aside(1) == "bad-image", "it can be put aside"
