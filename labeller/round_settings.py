"""How a project's rounds go in the window: what is trained, and what chooses the next batch."""

import shlex
from dataclasses import asdict, dataclass, fields
from typing import Any

from labeller.learning.recipe import RECIPES
from labeller.project import Project
from labeller.store.settings import damaged

STRATEGIES = {
    "coreset": "CoreSet: images that differ most from those labelled so far",
    "random": "Random: a fair sample, to compare with or to measure by",
}
ENCODERS = {
    "resnet-small": "ResNet, small: for computers without a GPU",
    "resnet18": "ResNet-18: the paper's second network; wants a GPU",
    "vgg16": "VGG-16: the paper's network for CIFAR-10; wants a GPU",
    "wrn-28-2": "Wide ResNet 28-2: small images, wants a GPU",
    "wrn-28-10": "Wide ResNet 28-10: the largest; wants a large GPU",
}
RECIPE_NOTES = {
    "quick": "Quick: under a minute for small pools, grows slowly",
    "paper": "Paper: 200 epochs as published; hours without a GPU",
}
DEVICES = {
    "auto": "The fastest that is there",
    "cpu": "Processor",
    "cuda": "NVIDIA GPU",
    "mps": "Apple GPU",
}
KEY = "rounds"


@dataclass(frozen=True)
class RoundSettings:
    """What `labeller.rounds` is asked for. `trains_itself`: as soon as a batch is done."""

    strategy: str = "coreset"
    encoder: str = "resnet-small"
    recipe: str = "quick"
    device: str = "auto"
    trains_itself: bool = False


CHOICES: dict[str, dict[str, str]] = {
    "strategy": STRATEGIES,
    "encoder": ENCODERS,
    "recipe": {name: RECIPE_NOTES[name] for name in RECIPES if name in RECIPE_NOTES},
    "device": DEVICES,
}


def round_settings(project: Project) -> RoundSettings:
    """Those of a project. Raises LabellerError where they are damaged."""
    stored: Any = project.settings.get(KEY, {})
    names = {field.name for field in fields(RoundSettings)}
    if not isinstance(stored, dict) or set(stored) - names:
        raise damaged(KEY)
    for name, known in CHOICES.items():
        if stored.get(name, next(iter(known))) not in known:
            raise damaged(KEY)
    return RoundSettings(**stored)


def as_command(project: Project, chosen: RoundSettings, batch_size: int) -> str:
    """The command that lets hidden labels answer in as many rounds as the project has seen."""
    values = {
        "initial": batch_size,
        "budget": batch_size,
        "cycles": max(1, len([run for run in project.runs.all() if run.state == "finished"])),
        "strategy": chosen.strategy,
        "encoder": chosen.encoder,
        "recipe": chosen.recipe,
        "device": chosen.device,
        "seed": project.seed,
    }
    options = " ".join(f"--{name} {value}" for name, value in values.items())
    return f"labeller simulate {shlex.quote(str(project.folder))} {options}"


def keep_round_settings(project: Project, chosen: RoundSettings, batch_size: int) -> None:
    """Use these from the next round on."""
    project.settings.set(KEY, asdict(chosen))
    project.settings.set("batch_size", batch_size)
