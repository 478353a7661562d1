"""Choosing the round settings of a project, and the form of a new experiment; each choice with a
line of explanation."""

from labeller_models.encoders import ENCODERS
from labeller_models.frozen import FROZEN
from labeller_models.registry import Registry
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.core.errors import LabellerError
from labeller.experiments.plan import Plan
from labeller.experiments.queue import Experiment
from labeller.learning.learners import WHOLE, default_strategy, trains_network
from labeller.loop.method import STRATEGIES, Method, choices, method_named
from labeller.loop.round_settings import (
    LONGEST_PAUSE,
    OF_NETWORKS,
    STAGES,
    RoundSettings,
    as_command,
    cost_key,
    keep_round_settings,
    round_settings,
    seconds_of_training,
)
from labeller.project.project import Project
from labeller.window.kit.language import mark, spoken, tr
from labeller.window.kit.preferences import known_costs
from labeller.window.kit.search import SearchBox
from labeller.window.kit.widgets import PlainLabel
from labeller.window.learning.training_panel import duration

SEARCHED = ("strategy",)
"""Lists of this length are searchable."""
LABELS = {
    "strategy": mark("&Strategy"),
    "learner": mark("&Learner"),
    "encoder": mark("&Network"),
    "recipe": mark("&Recipe"),
    "self_supervised": mark("Self-s&upervised"),
    "device": mark("&Device"),
}


def choice_boxes(now: Method) -> dict[str, QComboBox]:
    """A combo box for each of `labeller.loop.method.choices` with several options, set to those of
    `now`. The learner determines the encoders, and whether there is a recipe."""
    boxes = {
        name: SearchBox() if name in SEARCHED else QComboBox() for name in choices(now.learner)
    }
    for name, box in boxes.items():
        _offer(box, choices(now.learner)[name], now.names()[name])
        if (line := box.lineEdit()) is not None:  # a label names the box, but not its line
            line.setAccessibleName(tr(LABELS[name]).replace("&", ""))
    boxes["learner"].currentIndexChanged.connect(lambda: _follow(boxes))
    boxes["encoder"].currentIndexChanged.connect(lambda: _follow_encoder(boxes))
    _enable(boxes)
    return boxes


def needs_line(boxes: dict[str, QComboBox], wraps: bool) -> PlainLabel:
    """A line saying what the chosen strategy needs; `wraps` where space is short."""
    line, box = _quiet_line(), boxes["strategy"]
    line.setWordWrap(wraps)

    def show() -> None:
        chosen = box.currentData()
        line.setText(tr(STRATEGIES.needs(chosen)) if chosen in STRATEGIES else "")

    box.currentIndexChanged.connect(show)
    show()
    return line


def _quiet_line() -> PlainLabel:
    """A line that is less prominent than the choice above it."""
    line = PlainLabel()
    line.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return line


def _follow(boxes: dict[str, QComboBox]) -> None:
    """Adapt the choices to the chosen learner."""
    usual = Method(learner=boxes["learner"].currentData())
    _offer(boxes["encoder"], choices(usual.learner)["encoder"], usual.encoder)
    boxes["strategy"].setCurrentIndex(boxes["strategy"].findData(usual.strategy))
    _enable(boxes)


def _follow_encoder(boxes: dict[str, QComboBox]) -> None:
    """Adapt a default strategy to whether a network is trained from scratch."""
    encoder, strategy = boxes["encoder"].currentData(), boxes["strategy"]
    if not encoder:
        return  # the list is being filled
    if strategy.currentData() in {default_strategy(e.default) for e in (FROZEN, ENCODERS)}:
        strategy.setCurrentIndex(strategy.findData(default_strategy(encoder)))
    _enable(boxes)


def _enable(boxes: dict[str, QComboBox]) -> None:
    for name in OF_NETWORKS:
        boxes[name].setEnabled(trains_network(boxes["encoder"].currentData()))


def _offer(box: QComboBox, known: Registry, chosen: str) -> None:
    box.clear()
    for value in known:
        box.addItem(tr(known.explained(value)), value)
        if needs := known.needs(value):
            box.setItemData(box.count() - 1, tr(needs), Qt.ItemDataRole.ToolTipRole)
    if box.findData(chosen) < 0:
        box.addItem(chosen, chosen)  # one from timm
    box.setCurrentIndex(box.findData(chosen))


class RoundDialog(QDialog):
    """Each choice has a line of explanation; OK stores them for the next round."""

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Rounds"))
        self._project = project
        now = round_settings(project)
        self.boxes = choice_boxes(now.method)
        self._costs = known_costs() | seconds_of_training(project)
        self.cost = _quiet_line()
        form = QFormLayout()
        for name, box in self.boxes.items():
            form.addRow(tr(LABELS[name]), box)
            if name == "strategy":
                self.needs = needs_line(self.boxes, wraps=False)
                form.addRow("", self.needs)
            if name == "encoder":
                form.addRow("", self.cost)
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
        self.boxes["encoder"].currentIndexChanged.connect(self._follow_learner)
        for name in ("learner", "encoder"):
            self.boxes[name].currentIndexChanged.connect(self._show_cost)
        self._show_cost()
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

    def _show_cost(self, *_: object) -> None:
        """Show how long a round with this learner and network takes on this machine."""
        encoder, learner = (self.boxes[name].currentData() or "" for name in ("encoder", "learner"))
        head = self._costs.get(cost_key(encoder))
        stages = self._costs.get(cost_key(encoder, STAGES)) if learner == WHOLE else None
        said = []
        if head is not None:
            said.append(
                tr("A round takes about {duration} on this machine.").format(
                    duration=duration(head)
                )
            )
        if stages is not None:
            said.append(
                tr("Training the last stages takes about {duration} in the background.").format(
                    duration=duration(stages)
                )
            )
        self.cost.setText(" ".join(said) or tr("Not used on this machine yet."))

    def _follow_learner(self, *_: object) -> None:
        """With a pretrained encoder the next batch takes a second, and needs no key."""
        by_itself = not trains_network(self.boxes["encoder"].currentData() or "")
        self.trains_itself.setEnabled(not by_itself)
        self.trains_itself.setToolTip(
            tr("With a pretrained encoder it always does: it takes about a second.")
            if by_itself
            else ""
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


SMALL_CYCLES = 5


class ExperimentForm(QGroupBox):
    """Signal: added(Experiment)."""

    added = Signal(object)

    def __init__(self, now: RoundSettings, batch_size: int) -> None:
        super().__init__(tr("New experiment"))
        self.name = QLineEdit()
        self.boxes = choice_boxes(now.method)
        for box in self.boxes.values():
            box.setMinimumContentsLength(30)
            box.setSizeAdjustPolicy(box.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.currentTextChanged.connect(box.setToolTip)  # there is no room for all of it
            box.setToolTip(box.currentText())
            box.view().setMinimumWidth(box.view().sizeHintForColumn(0))
        self.initial = _number(batch_size, 1_000_000)
        self.budget = _number(batch_size, 1_000_000)
        self.cycles = _number(SMALL_CYCLES, 1000)
        self.seeds = QLineEdit("0")
        self.seeds.setToolTip(tr("One run per seed: 0 1 2"))
        self.add_button = QPushButton(tr("&Add to the queue"))
        self.message = PlainLabel()
        self.message.setWordWrap(True)
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, box in self.boxes.items():
            form.addRow(tr(LABELS[name]), box)
            if name == "strategy":
                self.needs = needs_line(self.boxes, wraps=True)
                form.addRow("", self.needs)
        form.addRow(tr("&Initial images"), self.initial)
        form.addRow(tr("Images per c&ycle"), self.budget)
        form.addRow(tr("&Cycles"), self.cycles)
        form.addRow(tr("S&eeds"), self.seeds)
        form.addRow(tr("Na&me"), self.name)
        form.addRow(self.add_button)
        form.addRow(self.message)
        self._taken: set[str] = set()
        self.boxes["strategy"].currentIndexChanged.connect(self._suggest_name)
        self.add_button.clicked.connect(self._add)

    def avoid(self, taken: set[str]) -> None:
        """Avoid suggesting these names."""
        self._taken = taken
        self._suggest_name()

    def _suggest_name(self, *_: object) -> None:
        """The strategy's name, numbered if it is taken."""
        first = str(self.boxes["strategy"].currentData())
        numbered = (first if n == 1 else f"{first} {n}" for n in range(1, len(self._taken) + 2))
        self.name.setPlaceholderText(next(name for name in numbered if name not in self._taken))

    def _add(self) -> None:
        self.message.clear()
        try:
            self.added.emit(self._experiment())
        except LabellerError as error:
            self.message.setText(spoken(error))

    def _experiment(self) -> Experiment:
        words = self.seeds.text().replace(",", " ").split()
        if not words or not all(word.isdecimal() for word in words):
            raise LabellerError("Seeds are whole numbers, such as 0 1 2.")
        chosen = {name: box.currentData() for name, box in self.boxes.items()}
        plan = Plan(
            self.initial.value(),
            self.budget.value(),
            self.cycles.value(),
            method_named(chosen),
            tuple(int(word) for word in words),
        )
        return Experiment(self.name.text().strip() or self.name.placeholderText(), plan)


def _number(value: int, most: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, most)
    box.setValue(value)
    return box
