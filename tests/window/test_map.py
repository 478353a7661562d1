"""The pool map: lasso selection, keyboard navigation and filtering by the legend."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPolygonF

from labeller.project.curation import forget_images
from labeller.window.learning.feature_map import KIND, FeatureMapDialog
from labeller.window.learning.map_colours import COLOURINGS
from labeller.window.learning.map_view import NEAR, MapView, inside_of
from tests.frozen_encoder import frozen  # noqa: F401
from tests.window.accessibility import Event, accessibility_problems, listening
from tests.window.test_keyboard_focus import tab_order

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(person, window, folder, frozen, qtbot):  # noqa: F811
    """The map of an unlabelled project, once its layout has settled."""
    person.open(folder)
    person.wait(lambda: window.actions_by_name["map"].isEnabled())
    person.wait_idle()
    person.wait(lambda: features_are_read(person.session.project))
    person.press(K.Key_M)
    person.wait(lambda: bool(window.findChildren(FeatureMapDialog)))
    (dialog,) = window.findChildren(FeatureMapDialog)
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def features_are_read(project) -> bool:
    """Whether the features of the whole pool have been read."""
    from labeller.loop.predicting import frozen_features
    from labeller.loop.round_settings import round_settings
    from labeller.loop.training_data import rows_of

    rows = rows_of(project.images.candidates())
    store = frozen_features(project, round_settings(project).method).store
    return len(rows[store.known(rows)]) == len(rows)


def lasso_all(qtbot, view: MapView) -> None:
    corners = [(3, 3), (view.width() - 4, 3), (view.width() - 4, view.height() - 4),
               (3, view.height() - 4), (3, 8)]  # fmt: skip
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(*corners[0]))
    for corner in corners[1:]:
        qtbot.mouseMove(view, QPoint(*corner))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(*corners[-1]))


def entry(dialog: FeatureMapDialog, name: str):
    items = [dialog.legend.item(row) for row in range(dialog.legend.count())]
    return next(item for item in items if item.text().startswith(f"{name}  ("))


def legend(dialog: FeatureMapDialog) -> list[str]:
    return [dialog.legend.item(row).text() for row in range(dialog.legend.count())]


def test_there_is_no_map_before_a_network_is_trained(person, window, folder):
    person.open(folder)
    assert not window.actions_by_name["map"].isEnabled()


def test_images_inside_the_lasso_are_shown(person, window, qtbot, opened):
    ids = opened._ids
    assert len(ids) == 36 and not opened.show_button.isEnabled()
    lasso_all(qtbot, opened.view)
    assert opened.view.selected.all() and "36 images selected" in opened.words.text()
    qtbot.keyClick(opened.view, K.Key_Return)
    assert person.session.reviewing
    assert {image.id for image in person.session.images} == set(ids.tolist())
    assert not opened.isVisible(), "the map would cover them"
    person.come_back()
    person.press(K.Key_M)
    person.wait(opened.isVisible)
    assert opened.view.selected.all(), "the selection is kept"
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    qtbot.keyClick(opened.view, K.Key_Escape)
    assert not opened.view.selected.any() and opened.isVisible()


def test_a_class_key_labels_and_shows_the_unlabelled_images(person, qtbot, opened):
    session = person.session
    first = session.images[0].id
    person.come_back()
    person.press(K.Key_Home, K.Key_2)
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    lasso_all(qtbot, opened.view)
    qtbot.keyClick(opened.view, K.Key_1)
    labels = session.project.labels.current(opened._ids.tolist())
    assert len(labels) == 36 and labels[first].class_id == 2, "existing labels are kept"
    assert {label.class_id for i, label in labels.items() if i != first} == {1}
    assert len(session.images) == 35 and session.reviewing, "the labelled images are shown"
    qtbot.keyClick(opened, K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(session.project.labels.current(opened._ids.tolist())) == 1
    red = session.classes[1].name
    person.wait(lambda: f"{red}  (1)" in legend(opened))


def test_keys_move_between_images(person, qtbot, opened):
    view = opened.view
    for key in (K.Key_Left, K.Key_Left, K.Key_Up):
        qtbot.keyClick(view, key)
    start = view.current
    name = person.session.shown_name(opened._image(start))
    assert opened.caption.text() == f"{name}\nunlabelled"
    assert view.accessibleName() == f"{name}, unlabelled"
    before = view._places[start]
    qtbot.keyClick(view, K.Key_Right)
    assert view.current != start and view._places[view.current][0] > before[0]
    qtbot.keyClick(view, K.Key_Space)
    assert np.flatnonzero(view.selected).tolist() == [view.current]
    assert "selected" in opened.caption.text()
    qtbot.keyClick(view, K.Key_Space, SHIFT)
    assert view.selected.sum() == 11
    nearest = view.near(view._places[view.current], 11)
    assert set(nearest.tolist()) == set(np.flatnonzero(view.selected).tolist())
    qtbot.keyClick(view, K.Key_Plus)
    assert view.zoom > 1
    middle = view._middle.copy()
    qtbot.keyClick(view, K.Key_Right, SHIFT)
    assert view._middle[0] > middle[0]
    qtbot.keyClick(view, K.Key_Home)
    assert view.zoom == 1 and not view._middle.any()


def test_the_map_is_accessible(qtbot, opened):
    assert accessibility_problems(opened) == []
    with listening() as told:
        qtbot.keyClick(opened.view, K.Key_Right)
        qtbot.keyClick(opened.view, K.Key_Space)
        qtbot.waitUntil(lambda: any(kind == Event.Announcement for kind, _ in told))
    heard = [text for _, text in told]
    assert any(text.endswith(", unlabelled") for text in heard)
    assert any("1 image selected" in text for text in heard)
    reached = set(tab_order(qtbot, opened.view))
    assert {opened.view, opened.colouring, opened.legend, opened.show_button} <= reached


def test_the_legend_hides_images_from_the_lasso(person, qtbot, opened):
    person.come_back()
    person.press(K.Key_Home, K.Key_1, K.Key_1)
    names = {"red", "green", "blue"}.intersection(c.name for c in person.session.classes)
    assert len(names) == 3
    first = person.session.classes[0].name
    person.wait(lambda: opened.legend.count() == 2)
    assert entry(opened, first).text() == f"{first}  (2)"
    entry(opened, "unlabelled").setCheckState(Qt.CheckState.Unchecked)
    lasso_all(qtbot, opened.view)
    assert opened.view.selected.sum() == 2
    person.come_back()
    person.press(K.Key_1)
    person.wait(lambda: f"{first}  (3)" in legend(opened))
    assert opened.view.shown.sum() == 3, "hidden images stay hidden"
    entry(opened, "unlabelled").setCheckState(Qt.CheckState.Checked)
    assert opened.view.shown.all()
    opened._select_kind(entry(opened, first))
    assert opened.view.selected.sum() == 3


def test_each_colouring_matches_the_project(person, opened):
    project, ids = person.session.project, opened._ids.tolist()
    batch = [image.id for image in person.session.images]
    project.labels.assign({batch[0]: 1, batch[1]: 2}, "anna")
    project.labels.assign({batch[2]: 1}, "ben")
    project.labels.skip([batch[3]], "anna")
    run_id = project.runs.start({}, "cpu", "mean-colours", 0, 3)
    rows = [(batch[4], 1, 0.4), (batch[5], 2, 0.93), (batch[6], 2, 1.0)]
    project.suggestions.replace(run_id, rows)

    def found(name: str) -> dict[str, list[int]]:
        colouring = COLOURINGS[name](project, ids)
        return {
            kind.name: np.array(ids)[colouring.codes == code].tolist()
            for code, kind in enumerate(colouring.kinds[:-1])
        }

    first, second, _ = (each.name for each in project.classes.all())
    labels = {first: sorted([batch[0], batch[2]]), second: [batch[1]], "put aside": [batch[3]]}
    assert found("Label") == labels
    assert found("Suggestion") == {first: [batch[4]], second: sorted(batch[5:7])}
    sure = {"0% – 50%": [batch[4]], "90% – 99%": [batch[5]], "99% – 100%": [batch[6]]}
    assert found("Confidence") == sure
    anna = sorted([batch[0], batch[1], batch[3]])
    assert found("Annotator") == {"anna": anna, "ben": [batch[2]]}
    assert found("Round")["Round 0"] == sorted(project.rounds.all()[0].image_ids)
    for place in range(opened.colouring.count()):
        opened.colouring.setCurrentIndex(place)
        numbers = [opened.legend.item(row).data(KIND) for row in range(opened.legend.count())]
        assert sorted(set(opened._codes.tolist())) == numbers


def test_a_class_named_unlabelled_is_hidden_separately(person, opened):
    project = person.session.project
    first = project.classes.all()[0]
    project.classes.change(type(first)(**{**vars(first), "name": "unlabelled"}))
    project.labels.assign({opened._ids.tolist()[0]: first.id}, "anna")
    opened._recolour()
    assert legend(opened) == ["unlabelled  (1)", "unlabelled  (35)"]
    opened.legend.item(0).setCheckState(Qt.CheckState.Unchecked)
    opened._recolour()
    assert opened.view.shown.sum() == 35


def test_images_that_cannot_be_shown_are_not_labelled(person, qtbot, opened):
    project = person.session.project
    first, *others = project.images.get(opened._ids.tolist())
    for image in others:
        image.file.unlink()
    lasso_all(qtbot, opened.view)
    qtbot.keyClick(opened.view, K.Key_1)
    assert list(project.labels.current(opened._ids.tolist())) == [first.id]
    assert [image.id for image in person.session.images] == [first.id]


def test_the_map_is_closed_while_labelling_blind(person, window, opened):
    session = person.session
    session.look_through([image.id for image in session.images[:4]], "again", blind=True)
    assert not opened.isVisible() and opened._stop.is_set()
    window.actions_by_name.refresh()
    assert not window.actions_by_name["map"].isEnabled()
    session.back_to_batch()
    window.actions_by_name.refresh()
    assert window.actions_by_name["map"].isEnabled()


def test_escape_closes_the_map_and_stops_its_thread(person, window, qtbot, opened):
    qtbot.keyClick(opened.view, K.Key_Escape)
    assert not opened.isVisible() and opened._stop.is_set()


def test_the_map_is_reused_until_the_images_change(person, window, opened):
    def shown() -> list[FeatureMapDialog]:
        return [d for d in window.page.findChildren(FeatureMapDialog) if d.isVisible()]

    person.come_back()
    person.press(K.Key_M)
    person.wait_idle()
    assert shown() == [opened]
    forget_images(person.session.project, opened._ids.tolist()[-1:], "anna")
    person.come_back()
    person.press(K.Key_M)
    person.wait(lambda: len(shown()) == 1 and shown() != [opened])
    assert len(shown()[0]._ids) == 35


def test_closing_the_project_stops_a_hidden_map(person, window, qtbot, opened):
    lasso_all(qtbot, opened.view)
    qtbot.keyClick(opened.view, K.Key_Return)
    stop = opened._stop
    assert not opened.isVisible() and not stop.is_set()
    window.close_project()
    assert stop.is_set()


@pytest.fixture
def view(qtbot):
    """Many points in a square, without a project."""
    made = MapView(lambda number: None)
    qtbot.addWidget(made)
    made.resize(500, 500)
    made.place(np.random.default_rng(0).random((20_000, 2), np.float32))
    made.show()
    qtbot.waitExposed(made)
    return made


def test_points_are_drawn_where_the_mouse_finds_them(view, qtbot):
    view.go_to(7)
    image = view.grab().toImage()
    assert image.pixelColor(view._at(7)) != view.palette().base().color(), (
        "the point is drawn there"
    )
    qtbot.mouseMove(view, view._at(123))
    assert view.current == 123
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._at(123))
    assert np.flatnonzero(view.selected).tolist() == [123]
    shown = np.ones(20_000, bool)
    shown[123] = False
    view.show_only(shown)
    assert view.current == -1 and not view.selected.any()
    qtbot.mouseMove(view, view._at(123) + QPoint(1, 0))
    assert view.current != 123


def test_dragging_moves_the_map_without_redrawing_it(view, qtbot):
    view.grab()
    drawn, middle = view._drawn, view._middle.copy()
    qtbot.mousePress(view, Qt.MouseButton.RightButton, pos=QPoint(250, 250))
    qtbot.mouseMove(view, QPoint(290, 250))
    view.grab()
    assert view._drawn is drawn and view._middle[0] < middle[0]
    at = view._at(55)
    qtbot.mouseRelease(view, Qt.MouseButton.RightButton, pos=QPoint(290, 250))
    qtbot.waitUntil(lambda: view._drawn is None or view._drawn is not drawn)
    assert view._at(55) == at


def test_thumbnails_are_requested_when_zoomed_in(qtbot, view, monkeypatch):
    asked = []
    monkeypatch.setattr(view, "_picture", asked.append)
    view.grab()
    assert not asked
    view.go_to(3)
    while len(view.in_view()) > NEAR:
        qtbot.keyClick(view, K.Key_Plus)
    view.grab()
    assert sorted(set(asked)) == sorted(view.in_view().tolist()) and 3 in asked


def test_inside_of_agrees_with_qt():
    rng = np.random.default_rng(1)
    points = rng.random((300, 2))
    for _ in range(20):
        outline = rng.random((7, 2))
        polygon = QPolygonF([QPointF(*map(float, corner)) for corner in outline])
        said = [
            polygon.containsPoint(QPointF(float(x), float(y)), Qt.FillRule.OddEvenFill)
            for x, y in points
        ]
        assert inside_of(outline, points).tolist() == said
