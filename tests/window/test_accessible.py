"""What a screen reader would say, and what is reached without a mouse."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTabBar,
    QWidget,
)

from labeller.window.dialogs.experiments_dialog import ExperimentsDialog

K = Qt.Key
DIALOGS = (
    "edit_classes", "rounds", "agreement", "commands", "find_class", "keys", "shortcuts",
)  # fmt: skip


def nameless(window: QWidget) -> list[str]:
    """Widgets that take the keyboard and would be read as nothing."""
    labelled = {label.buddy() for label in window.findChildren(QLabel) if label.buddy()}
    found = []
    for widget in window.findChildren(QWidget):
        takes_keys = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        own = not widget.objectName().startswith("qt_") and not isinstance(widget, QTabBar)
        if not takes_keys or not own or widget.focusProxy() is not None:
            continue
        if isinstance(widget.parentWidget(), QSpinBox | QComboBox) or widget in labelled:
            continue
        result = widget.accessibleName()
        if isinstance(widget, QAbstractButton):
            result = result or widget.text()
        if isinstance(widget, QGroupBox):
            result = result or widget.title()
        if isinstance(widget, QLineEdit):
            result = result or widget.placeholderText()
        if not result:
            parent = widget.parentWidget()
            found.append(f"{type(widget).__name__} in {type(parent).__name__}")
    return found


def test_everything_that_takes_the_keyboard_has_a_name(
    person, window, folder, quick_training, qtbot
):
    assert nameless(window) == [], "the first page"
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.go_to_round(1)
    person.wait_idle()
    assert nameless(window) == [], nameless(window)
    found: dict[str, list[str]] = {}
    for name in DIALOGS:
        person.in_dialog(
            lambda name=name: person.choose(name),
            lambda dialog, n=name: found.__setitem__(n, nameless(dialog)),
        )
    person.choose("experiments")
    (dialog,) = window.page.findChildren(ExperimentsDialog)
    found["experiments"] = nameless(dialog)
    dialog.close()
    assert {name: widgets for name, widgets in found.items() if widgets} == {}


def test_tab_reaches_every_field_of_an_experiment(person, window, folder, qtbot):
    person.open(folder)
    person.choose("experiments")
    (dialog,) = window.page.findChildren(ExperimentsDialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.isActiveWindow())
    reached = set()
    for _ in range(40):
        qtbot.keyClick(dialog.focusWidget() or dialog, K.Key_Tab)
        reached.add(dialog.focusWidget())
    form = dialog.form
    fields = {*form.boxes.values(), form.initial, form.budget, form.cycles, form.seeds, form.name}
    assert fields <= reached and form.add_button in reached
    dialog.close()
