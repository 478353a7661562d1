"""The list of all keys."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from labeller.window.kit.actions import MENUS, Actions, key_text, of_menu
from labeller.window.kit.language import tr


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
