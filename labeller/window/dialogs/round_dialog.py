"""Choosing the round settings of a project."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.learning.learners import trains_network
from labeller.loop.method import method_named
from labeller.loop.round_settings import (
    LONGEST_PAUSE,
    RoundSettings,
    as_command,
    keep_round_settings,
    round_settings,
)
from labeller.project.project import Project
from labeller.window.kit.language import tr
from labeller.window.learning.round_choices import LABELS, choice_boxes, needs_line


class RoundDialog(QDialog):
    """Each choice has a line of explanation; OK stores them for the next round."""

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Rounds"))
        self._project = project
        now = round_settings(project)
        self.boxes = choice_boxes(now.method)
        form = QFormLayout()
        for name, box in self.boxes.items():
            form.addRow(tr(LABELS[name]), box)
            if name == "strategy":
                self.needs = needs_line(self.boxes, wraps=False)
                form.addRow("", self.needs)
        self.batch_size = QSpinBox()
        self.batch_size.setRange(1, 10_000)
        self.batch_size.setValue(project.batch_size)
        self.batch_size.setSuffix(tr(" images"))
        form.addRow(tr("&Batch"), self.batch_size)
        self.trains_itself = QCheckBox(tr("&Train as soon as a batch is finished"))
        self.trains_itself.setChecked(now.trains_itself)
        form.addRow("", self.trains_itself)
        self.shows_next = QCheckBox(
            tr("&Show the next batch after two seconds without a key press")
        )
        self.shows_next.setChecked(now.shows_next)
        form.addRow("", self.shows_next)
        self.command = QLineEdit()
        self.command.setReadOnly(True)
        self.command.setToolTip(tr("The same rounds without the window, labelled by the oracle"))
        self.command.setAccessibleName(tr("The same as a command"))
        copy = QPushButton(tr("&Copy"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command.text()))
        self.oracle_pause = QDoubleSpinBox()
        self.oracle_pause.setRange(0, LONGEST_PAUSE)
        self.oracle_pause.setDecimals(1)
        self.oracle_pause.setSingleStep(0.5)
        self.oracle_pause.setSuffix(tr(" seconds before each image"))
        self.oracle_pause.setSpecialValueText(tr("Answers the whole batch at once"))
        self.oracle_pause.setValue(now.oracle_pause)
        if project.oracle.knows_pool():
            form.addRow(tr("&Oracle"), self.oracle_pause)
            line = QHBoxLayout()
            line.addWidget(self.command)
            line.addWidget(copy)
            form.addRow(tr("As a command"), line)
        for box in self.boxes.values():
            box.currentIndexChanged.connect(self._show_command)
        self.boxes["learner"].currentIndexChanged.connect(self._follow_learner)
        self._follow_learner()
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

    def _follow_learner(self, *_: object) -> None:
        """With a linear probe a round takes a second, so the next batch needs no key."""
        by_itself = not trains_network(self.boxes["learner"].currentData())
        self.trains_itself.setEnabled(not by_itself)
        self.trains_itself.setToolTip(
            tr("A linear probe always does: it takes about a second.") if by_itself else ""
        )

    def accept(self) -> None:
        keep_round_settings(self._project, self._chosen(), self.batch_size.value())
        super().accept()

    def _chosen(self) -> RoundSettings:
        chosen = {name: box.currentData() for name, box in self.boxes.items()}
        return RoundSettings(
            method_named(chosen),
            trains_itself=self.trains_itself.isChecked(),
            shows_next=self.shows_next.isChecked(),
            oracle_pause=self.oracle_pause.value(),
        )

    def _show_command(self, *_: object) -> None:
        text = as_command(self._project, self._chosen(), self.batch_size.value())
        self.command.setText(text)
        self.command.setCursorPosition(0)
