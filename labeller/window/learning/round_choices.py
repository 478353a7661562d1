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
NOTES = {
    "coreset": mark("CoreSet: images that differ most from those labelled so far"),
    "random": mark("Random: a fair sample, to compare with or to measure by"),
    "resnet-small": mark("ResNet, small: for computers without a GPU"),
    "resnet18": mark("ResNet-18: the paper's second network; wants a GPU"),
    "vgg16": mark("VGG-16: the paper's network for CIFAR-10; wants a GPU"),
    "wrn-28-2": mark("Wide ResNet 28-2: small images, wants a GPU"),
    "wrn-28-10": mark("Wide ResNet 28-10: the largest; wants a large GPU"),
    "quick": mark("Quick: under a minute for small pools, grows slowly"),
    "thorough": mark("Thorough: six times as long; worth it from some hundred labels on"),
    "paper": mark("Paper: 200 epochs as published; hours without a GPU"),
    "auto": mark("The fastest that is there"),
    "cpu": mark("Processor"),
    "cuda": mark("NVIDIA GPU"),
    "mps": mark("Apple GPU"),
}


def choice_boxes(now: object) -> dict[str, QComboBox]:
    """A list for each of `labeller.loop.method.choices` that has several, set to what `now` has."""
    boxes: dict[str, QComboBox] = {}
    for name, known in choices().items():
        if len(known) == 1:
            continue
        box = QComboBox()
        for value in known:
            box.addItem(tr(NOTES.get(value, value)), value)
        box.setCurrentIndex(known.index(getattr(now, name)))
        boxes[name] = box
    return boxes
