"""The fields of a new experiment."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QGroupBox, QLineEdit, QPushButton, QSpinBox

from labeller.core.errors import LabellerError
from labeller.experiments.plan import Experiment, Plan
from labeller.loop.method import method_named
from labeller.loop.round_settings import RoundSettings
from labeller.window.dialogs.round_dialog import LABELS, choice_boxes, needs_line
from labeller.window.kit.language import spoken, tr
from labeller.window.kit.widgets import PlainLabel

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
