"""How much the people who label a project agree, and where they do not."""

from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from labeller.project.project import Project
from labeller.store.agreement import conflicts, fleiss_kappa, pairs
from labeller.window.kit.language import mark, tr
from labeller.window.kit.plain_text import PlainLabel

COLUMNS = (mark("First"), mark("Second"), mark("Images"), mark("Same labels"), mark("Cohen's κ"))


class AgreementDialog(QDialog):
    """Once accepted, `conflicts` are the images to resolve, with everybody's answers."""

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Agreement"))
        found = project.opinions()
        self.conflicts = project.disputed()
        disputed = {*conflicts(found), *self.conflicts}
        rows = pairs(found)
        self.table = QTableWidget(len(rows), len(COLUMNS))
        self.table.setHorizontalHeaderLabels([tr(title) for title in COLUMNS])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.setAccessibleName(tr("Agreement of every two people"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for row, pair in enumerate(rows):
            share = f"{pair.alike} ({pair.alike / pair.images:.0%})"
            kappa = "–" if pair.kappa is None else f"{pair.kappa:.2f}"
            for column, text in enumerate(
                (pair.first, pair.second, str(pair.images), share, kappa)
            ):
                self.table.setItem(row, column, QTableWidgetItem(text))
        overall = fleiss_kappa(found)
        sentence = tr(
            "No image has been labelled by two people yet. Give each person a name "
            "(Label, Who is labelling); then a second person can label the same "
            "images blind (Go, Label again)."
        )
        if rows or disputed:
            sentence = tr("%n image(s) were labelled differently.", None, len(disputed))
            if disputed:
                sentence += " " + tr(
                    "%n of them wait(s) for a decision.", None, len(self.conflicts)
                )
        if overall is not None:
            sentence += " " + tr("Fleiss' κ of all: {kappa}.").format(kappa=f"{overall:.2f}")
        self.words = PlainLabel(sentence)
        self.words.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.show_button = buttons.addButton(
            tr("Decide ..."), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.show_button.setEnabled(bool(self.conflicts))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table)
        self.table.setHidden(not rows)
        layout.addWidget(self.words)
        layout.addWidget(buttons)
        self.resize(560, 300 if rows else 130)
