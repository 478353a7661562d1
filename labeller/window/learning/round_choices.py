"""What can be chosen for rounds and experiments, each with a line that explains it."""

from PySide6.QtWidgets import QComboBox

from labeller.loop.method import choices
from labeller.window.kit.language import mark, tr

LABELS = {
    "strategy": mark("&Strategy"),
    "learner": mark("&Learner"),
    "encoder": mark("&Network"),
    "recipe": mark("&Recipe"),
    "device": mark("&Device"),
}


def choice_boxes(now: object) -> dict[str, QComboBox]:
    """A list for each of `labeller.loop.method.choices` that has several, set to what `now` has."""
    boxes: dict[str, QComboBox] = {}
    for name, known in choices().items():
        if len(known) == 1:
            continue
        box = QComboBox()
        for value in known:
            box.addItem(tr(known.explained(value)), value)
        box.setCurrentIndex(box.findData(getattr(now, name)))
        boxes[name] = box
    return boxes
