"""Every control is reachable with Tab, in reading order, and shows keyboard focus."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QTabBar, QWidget

from labeller.window.dialogs.experiments_dialog import ExperimentsDialog
from labeller.window.dialogs.new_project_dialog import NewProjectDialog
from labeller.window.kit.accessibility import BY_KEY, Ring
from labeller.window.kit.theme import choose_scheme, contrast
from tests.window.accessibility import DIALOGS

K = Qt.Key
MOST = 120
SETTLED_MS = 20
VISIBLE = 3.0
"""Contrast required of a focus indicator (WCAG 2.2, 1.4.11)."""


def tab_order(qtbot, start: QWidget) -> list[QWidget]:
    """Widgets that Tab reaches from `start`, in order."""
    found = [start]
    for _ in range(MOST):
        here = QApplication.focusWidget()
        qtbot.keyClick(here, K.Key_Tab)
        if QApplication.focusWidget() in found:
            return found
        found.append(QApplication.focusWidget())
    raise AssertionError("Tab never returns to a widget")


def controls(window: QWidget) -> set[QWidget]:
    """Visible, enabled widgets that Tab should reach."""
    return {
        each
        for each in window.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.isVisible()
        and each.isEnabled()
        and each.focusProxy() is None
        and not isinstance(each.parentWidget(), QAbstractSpinBox | QComboBox)
        and each.window() is window
    }


def unreachable(qtbot, dialog: QWidget) -> list[str]:
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and dialog.isActiveWindow())
    reached = set(tab_order(qtbot, QApplication.focusWidget()))
    return [f"{type(w).__name__} {w.accessibleName()}" for w in controls(dialog) - reached]


def test_tab_reaches_everything_in_the_dialogs(person, window, folder, qtbot):
    person.open(folder)
    person.press(K.Key_1, K.Key_E)
    found: dict[str, list[str]] = {}
    for name in DIALOGS:
        person.in_dialog(
            window.actions_by_name[name].trigger,
            lambda dialog, n=name: found.__setitem__(n, unreachable(qtbot, dialog)),
        )
    window.actions_by_name["experiments"].trigger()
    (experiments,) = window.page.findChildren(ExperimentsDialog)
    new = NewProjectDialog(window)
    for dialog in (experiments, new):
        dialog.show()
        found[type(dialog).__name__] = unreachable(qtbot, dialog)
        dialog.close()
    assert {name: widgets for name, widgets in found.items() if widgets} == {}


def test_tab_reaches_everything_in_the_window(person, window, folder, qtbot):
    assert set(tab_order(qtbot, QApplication.focusWidget())) >= controls(window.welcome)
    person.open(folder)
    page = window.page
    window.actions_by_name["details"].trigger()
    person.press_ctrl(K.Key_F)
    strip, line = page.reviewing, page.reviewing.filters
    assert QApplication.focusWidget() is line.text
    assert tab_order(qtbot, line.text) == [
        line.text, line.add, line.views,
        strip.order, strip.state, strip.of_class, strip.annotator, strip.round, page.grid,
    ]  # fmt: skip
    person.press(K.Key_F6)
    page.classes.new.setFocus()
    tabs = page.training.plot.findChild(QTabBar)
    side = tab_order(qtbot, page.classes.new)
    assert side[1:7] == [page.classes.edit, *page.classes.buttons, page.training.arrow, tabs]


def test_new_classes_join_the_tab_order(person, window, folder, qtbot):
    person.open(folder)
    person.session.project.classes.add(["yak"])
    person.session.reload_classes()
    panel = window.page.classes
    person.press(K.Key_F6)
    assert len(panel.buttons) == 4 and panel.buttons[0].hasFocus()
    wanted = [*panel.buttons, window.page.training.arrow]
    assert tab_order(qtbot, panel.buttons[0])[: len(wanted)] == wanted


def test_f6_focuses_the_side_panel_without_classes(person, window, make, images):
    project = make(images, "none", classes=())
    project.close()
    person.open(project.folder)
    person.press(K.Key_F6)
    assert not window.page.classes.buttons and window.page.classes.new.hasFocus()


def test_the_target_precision_is_reachable(person, window, folder, qtbot):
    person.open(folder)
    bar = window.page.suggestions
    bar.show()
    assert bar.least in controls(window)


# -- the focus indicator


def contrasts_of_changes(one: QPixmap, other: QPixmap) -> list[float]:
    """Contrast of each pixel that differs."""
    ours, theirs = _pixels(one), _pixels(other)
    pairs = np.stack([ours, theirs], axis=-1)[ours != theirs]
    found, counts = np.unique(pairs, axis=0, return_counts=True)
    contrasts = [contrast(QColor.fromRgb(int(a)), QColor.fromRgb(int(b))) for a, b in found]
    return np.repeat(contrasts, counts).tolist()


def _pixels(pixmap: QPixmap) -> np.ndarray:
    """0xffRRGGBB of each pixel, uint32 [height, width]."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    return rows[:, : image.width()].copy()


def without_visible_focus(qtbot, reached: list[QWidget]) -> list[str]:
    """Controls whose focus indicator is not visible enough; the last one is not checked."""
    found = []
    reached[0].setFocus()
    reached[0].window().setAttribute(BY_KEY)
    for here, then in pairwise(reached):
        qtbot.wait(SETTLED_MS)
        with_focus = here.window().grab()
        qtbot.keyClick(here, K.Key_Tab)
        assert QApplication.focusWidget() is then
        qtbot.wait(SETTLED_MS)
        place = here.rect().translated(here.mapTo(here.window(), here.rect().topLeft()))
        place.adjust(-4, -4, 4, 4)
        changed = contrasts_of_changes(with_focus.copy(place), here.window().grab(place))
        clear = sum(each >= VISIBLE for each in changed)
        if clear < here.width():
            found.append(f"{type(here).__name__} {here.accessibleName()}: {clear}")
    return found


@pytest.fixture(params=["light", "dark"])
def scheme(request, english):
    choose_scheme(request.param)
    yield request.param
    choose_scheme("system")


def test_keyboard_focus_is_visible(person, window, folder, qtbot, scheme):
    person.open(folder)
    person.press_ctrl(K.Key_F)
    reached = tab_order(qtbot, QApplication.focusWidget())
    assert without_visible_focus(qtbot, reached) == []
    person.press(K.Key_F6)
    qtbot.wait(SETTLED_MS)
    with_focus, first = window.grab(), QApplication.focusWidget()
    qtbot.keyClick(first, K.Key_F6)
    qtbot.wait(SETTLED_MS)
    assert (
        sum(each >= VISIBLE for each in contrasts_of_changes(with_focus, window.grab()))
        > first.width()
    )
    person.press(K.Key_F6)
    window.page.classes.new.setFocus()
    qtbot.keyClick(window.page.classes.new, K.Key_Tab)
    assert without_visible_focus(qtbot, tab_order(qtbot, QApplication.focusWidget())[:6]) == []


def test_keyboard_focus_is_visible_as_soon_as_a_dialog_opens(person, window, folder, qtbot, scheme):
    person.open(folder)
    found: dict[str, list[str]] = {}

    def look(dialog: QWidget) -> None:
        qtbot.waitUntil(lambda: [ring.isVisible() for ring in dialog.findChildren(Ring)] == [True])
        found[name] = without_visible_focus(qtbot, tab_order(qtbot, dialog.focusWidget()))

    for name in ("edit_classes", "rounds", "export", "import_labels", "progress"):
        person.in_dialog(window.actions_by_name[name].trigger, look)
    assert {name: widgets for name, widgets in found.items() if widgets} == {}


def test_the_focus_ring_follows_its_widget(person, window, folder, qtbot):
    person.open(folder)
    person.press(K.Key_F6)
    qtbot.waitUntil(lambda: len(window.findChildren(Ring)) == 1)
    button = window.page.classes.buttons[0]
    (ring,) = window.findChildren(Ring)
    window.resize(window.width() + 60, window.height() + 40)

    def distance() -> int:
        middle = button.mapTo(window, button.rect().center())
        return (ring.geometry().center() - middle).manhattanLength()

    qtbot.waitUntil(lambda: ring.isVisible() and distance() <= 2)
    inside = window.page.classes._scroll.widget()
    inside.move(0, -2 * window.height())
    qtbot.waitUntil(lambda: not ring.isVisible())
    assert button.isVisible(), "the button is scrolled out of view"
    person.press(K.Key_F6)
    qtbot.waitUntil(lambda: not window.findChildren(Ring))  # focus is back on the images
