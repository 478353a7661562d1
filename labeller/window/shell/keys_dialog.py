"""Every key, as the menus have them."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from labeller.window.kit.actions import Actions, key_text, plain_name
from labeller.window.kit.language import tr
from labeller.window.shell.menus import MENUS


class KeysDialog(QDialog):
    """The keys as they are now: people may have changed them."""

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
        _row(tr("1–9, 0, or a class's letter"), tr("Give the class, to all that is selected")),
        _row(tr("Shift+1–9, Shift+0"), tr("Give the eleventh to twentieth class")),
        _row(tr("Arrows, Shift, Ctrl, mouse"), tr("Move and select")),
    ]
    for title, names in MENUS.items():
        keyed = [name for name in names if name and not actions[name].shortcut().isEmpty()]
        if keyed:
            rows.append(f"<tr><td colspan=2><br><b>{tr(title).replace('&', '')}</b></td></tr>")
        for name in keyed:
            rows.append(_row(key_text(name), plain_name(name)))
    return f"<table cellspacing=3>{''.join(rows)}</table>"


def _row(key: str, meaning: str) -> str:
    return f"<tr><td width=190><b>{key}</b></td><td>{meaning}</td></tr>"
