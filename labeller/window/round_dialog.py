"""Choosing how the rounds of a project go."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.project import Project
from labeller.round_settings import (
    CHOICES,
    RoundSettings,
    as_command,
    keep_round_settings,
    round_settings,
)

LABELS = {"strategy": "&Strategy", "encoder": "&Network", "recipe": "&Recipe", "device": "&Device"}


class RoundDialog(QDialog):
    """Each choice explains itself in a line; OK keeps them for the next round."""

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Rounds")
        self._project = project
        now = round_settings(project)
        self.boxes: dict[str, QComboBox] = {}
        form = QFormLayout()
        for name, known in CHOICES.items():
            box = QComboBox()
            for value, explanation in known.items():
                box.addItem(explanation, value)
            box.setCurrentIndex(list(known).index(getattr(now, name)))
            self.boxes[name] = box
            form.addRow(LABELS[name], box)
        self.batch_size = QSpinBox()
        self.batch_size.setRange(1, 10_000)
        self.batch_size.setValue(project.batch_size)
        self.batch_size.setSuffix(" images")
        form.addRow("&Batch", self.batch_size)
        self.trains_itself = QCheckBox("&Train as soon as a batch is done")
        self.trains_itself.setChecked(now.trains_itself)
        form.addRow("", self.trains_itself)
        self.command = QLineEdit()
        self.command.setReadOnly(True)
        self.command.setToolTip("The same rounds without a window, answered by hidden labels")
        self.command.setAccessibleName("The same as a command")
        copy = QPushButton("&Copy")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command.text()))
        if project.oracle.knows_pool():
            line = QHBoxLayout()
            line.addWidget(self.command)
            line.addWidget(copy)
            form.addRow("As a command", line)
        for box in self.boxes.values():
            box.currentIndexChanged.connect(self._show_command)
        self.batch_size.valueChanged.connect(self._show_command)
        self._show_command()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def accept(self) -> None:
        keep_round_settings(self._project, self._chosen(), self.batch_size.value())
        super().accept()

    def _chosen(self) -> RoundSettings:
        chosen = {name: box.currentData() for name, box in self.boxes.items()}
        return RoundSettings(**chosen, trains_itself=self.trains_itself.isChecked())

    def _show_command(self, *_: object) -> None:
        told = as_command(self._project, self._chosen(), self.batch_size.value())
        self.command.setText(told)
        self.command.setCursorPosition(0)
