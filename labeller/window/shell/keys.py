"""The list of all keys, and the editor that changes them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QKeySequenceEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from labeller.window.kit.actions import DECLARED, MENUS, Actions, key_text, of_menu
from labeller.window.kit.language import tr
from labeller.window.kit.widgets import PlainLabel


class KeysDialog(QDialog):
    """The current keys: people may have changed them."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.text = QTextBrowser()
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.setHtml(_table(actions))
        self.text.setAccessibleName(tr("Keys"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.resize(520, 620)


def _table(actions: Actions) -> str:
    rows = [
        _row(
            tr("1–9, 0, or the letter of a class"), tr("Label everything selected with the class")
        ),
        _row(tr("Shift+1–9, Shift+0"), tr("Label with the eleventh to twentieth class")),
        _row(tr("Arrows, Shift, Ctrl, mouse"), tr("Move and select")),
    ]
    for title in MENUS:
        keyed = [each for _, each in sorted(of_menu(title), key=lambda at: at[0])]
        keyed = [each for each in keyed if not actions[each.id].shortcut().isEmpty()]
        if keyed:
            rows.append(f"<tr><td colspan=2><br><b>{tr(title).replace('&', '')}</b></td></tr>")
        rows += [_row(key_text(each.id), each.name) for each in keyed]
    return f"<table cellspacing=3>{''.join(rows)}</table>"


def _row(key: str, meaning: str) -> str:
    return f"<tr><td width=190><b>{key}</b></td><td>{meaning}</td></tr>"


class ShortcutEditor(QDialog):
    """One row per action; a key that is already in use is refused with a reason."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self._actions = actions
        self.names = list(DECLARED)
        self.edits: dict[str, QKeySequenceEdit] = {}
        self.table = QTableWidget(len(self.names), 2)
        self.table.setHorizontalHeaderLabels((tr("Action"), tr("Key")))
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName(tr("Keys"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for row, name in enumerate(self.names):
            self.table.setItem(row, 0, QTableWidgetItem(DECLARED[name].name))
            edit = QKeySequenceEdit(actions[name].shortcut())
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)
            edit.setAccessibleName(tr("Key of {name}").format(name=DECLARED[name].name))
            behind = QTableWidgetItem()
            behind.setData(Qt.ItemDataRole.AccessibleTextRole, edit.accessibleName())
            self.table.setItem(row, 1, behind)
            edit.editingFinished.connect(lambda n=name: self._take(n))
            self.edits[name] = edit
            self.table.setCellWidget(row, 1, edit)
        self.message = PlainLabel(
            tr("Click a key and press another one. Keys of classes take precedence.")
        )
        self.message.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.reset_button = QPushButton(tr("Restore defaults"))
        buttons.addButton(self.reset_button, QDialogButtonBox.ButtonRole.ResetRole)
        self.reset_button.clicked.connect(self._reset)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table)
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        self.resize(480, 560)

    def _take(self, name: str) -> None:
        keys = self.edits[name].keySequence()
        for other in self.names:
            if other != name and not keys.isEmpty() and self._actions[other].shortcut() == keys:
                text = tr("{keys} is already the key of “{name}”.").format(
                    keys=keys.toString(), name=DECLARED[other].name
                )
                self.message.setText(text)
                self.edits[name].setKeySequence(self._actions[name].shortcut())
                return
        self._actions.set_key(name, keys)
        text = tr("no key") if keys.isEmpty() else keys.toString()
        self.message.setText(f"{DECLARED[name].name}: {text}.")

    def _reset(self) -> None:
        for name, described in DECLARED.items():
            self._actions.set_key(name, QKeySequence(described.keys))
            self.edits[name].setKeySequence(self._actions[name].shortcut())
        self.message.setText(tr("All keys are back to their defaults."))
