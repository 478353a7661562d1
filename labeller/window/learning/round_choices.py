"""The choices for rounds and experiments, each with a line of explanation."""

from labeller_models.registry import Registry
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QSizePolicy

from labeller.learning.learners import trains_network
from labeller.loop.method import STRATEGIES, Method, choices
from labeller.loop.round_settings import OF_NETWORKS
from labeller.window.kit.language import mark, tr
from labeller.window.kit.plain_text import PlainLabel
from labeller.window.kit.search_box import SearchBox

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
    boxes["learner"].currentIndexChanged.connect(lambda: _follow(boxes))
    _enable(boxes)
    return boxes


def needs_line(boxes: dict[str, QComboBox], wraps: bool) -> PlainLabel:
    """A line saying what the chosen strategy needs; `wraps` where space is short."""
    line, box = PlainLabel(), boxes["strategy"]
    line.setWordWrap(wraps)
    line.setForegroundRole(QPalette.ColorRole.PlaceholderText)  # less prominent than the choice
    line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show() -> None:
        chosen = box.currentData()
        line.setText(tr(STRATEGIES.needs(chosen)) if chosen in STRATEGIES else "")

    box.currentIndexChanged.connect(show)
    show()
    return line


def _follow(boxes: dict[str, QComboBox]) -> None:
    """Adapt the choices to the chosen learner."""
    usual = Method(learner=boxes["learner"].currentData())
    _offer(boxes["encoder"], choices(usual.learner)["encoder"], usual.encoder)
    boxes["strategy"].setCurrentIndex(boxes["strategy"].findData(usual.strategy))
    _enable(boxes)


def _enable(boxes: dict[str, QComboBox]) -> None:
    for name in OF_NETWORKS:
        boxes[name].setEnabled(trains_network(boxes["learner"].currentData()))


def _offer(box: QComboBox, known: Registry, chosen: str) -> None:
    box.clear()
    for value in known:
        box.addItem(tr(known.explained(value)), value)
        if needs := known.needs(value):
            box.setItemData(box.count() - 1, tr(needs), Qt.ItemDataRole.ToolTipRole)
    if box.findData(chosen) < 0:
        box.addItem(chosen, chosen)  # one from timm
    box.setCurrentIndex(box.findData(chosen))
