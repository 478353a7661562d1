"""How a project's rounds go in the window: what is trained, and what chooses the next batch."""

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from labeller.core.chosen_encoders import choose
from labeller.learning.learners import (
    LEARNERS,
    WHOLE,
    encoders_for,
    has_encoder,
    trains_network,
    usual_strategy,
)
from labeller.learning.recipe import QUICK, recipe_named
from labeller.loop import method as methods
from labeller.loop.method import DEVICES, Method, choices
from labeller.project.project import Project
from labeller.store.settings import damaged

KEY = "rounds"
LONGEST_PAUSE = 60.0
OF_NETWORKS = ("recipe", "self_supervised")
"""What says nothing where no network is trained."""


@dataclass(frozen=True, kw_only=True)
class MethodChoice:
    """A method by names, as a person chooses it: of `labeller.loop.method.choices`."""

    strategy: str = ""
    learner: str = ""
    encoder: str = ""
    recipe: str = QUICK.name
    self_supervised: str = QUICK.self_supervised
    device: str = DEVICES.default

    def __post_init__(self) -> None:
        object.__setattr__(self, "learner", self.learner or LEARNERS.default)
        object.__setattr__(self, "encoder", self.encoder or encoders_for(self.learner).default)
        object.__setattr__(self, "strategy", self.strategy or usual_strategy(self.learner))

    @classmethod
    def of(cls, method: Method) -> "MethodChoice":
        """The names of a method."""
        return MethodChoice(
            strategy=method.strategy, learner=method.learner, encoder=method.encoder,
            recipe=method.recipe.name, self_supervised=method.recipe.self_supervised,
            device=method.device,
        )  # fmt: skip

    @property
    def offered(self) -> bool:
        """Whether all of it can be chosen."""
        known = choices(self.learner)
        others = (name for name in known if name != "encoder")
        named = all(getattr(self, name) in known[name] for name in others)
        return named and type(self.encoder) is str and has_encoder(self.learner, self.encoder)

    def method(self) -> Method:
        """What these names stand for."""
        chosen: dict[str, Any] = {
            "strategy": self.strategy, "learner": self.learner, "encoder": self.encoder,
            "device": self.device,
        }  # fmt: skip
        usual = MethodChoice.recipe, MethodChoice.self_supervised
        if (self.recipe, self.self_supervised) != usual:
            chosen["recipe"] = recipe_named(self.recipe, self_supervised=self.self_supervised)
        return methods.Method(**chosen)


@dataclass(frozen=True)
class RoundSettings(MethodChoice):
    """How the rounds of a window go. `trains_itself`: as soon as a batch is done; `shows_next`: the
    next batch takes the place of this one when nobody has pressed a key for two seconds;
    `oracle_pause`: seconds that the oracle waits before each image, 0 for all of them at once."""

    trains_itself: bool = False
    shows_next: bool = False
    oracle_pause: float = 0.0

    @property
    def goes_on(self) -> bool:
        """Whether a batch that is done brings the next one: always where that takes a second."""
        return self.trains_itself or not trains_network(self.learner)


def round_settings(project: Project) -> RoundSettings:
    """Those of a project. Raises LabellerError where they are damaged."""
    stored: Any = project.settings.get(KEY, {})
    names = {field.name for field in fields(RoundSettings)}
    if not isinstance(stored, dict) or set(stored) - names:
        raise damaged(KEY)
    if stored and "learner" not in stored:
        stored = {"learner": WHOLE, **stored}  # there was no other
    found = RoundSettings(**stored)
    pause: Any = found.oracle_pause
    if not found.offered:
        raise damaged(KEY)
    if type(pause) not in (int, float) or not 0 <= pause <= LONGEST_PAUSE:
        raise damaged(KEY)
    if type(found.trains_itself) is not bool or type(found.shows_next) is not bool:
        raise damaged(KEY)
    return found


def as_command(project: Project, chosen: RoundSettings, batch_size: int) -> str:
    """The command that lets hidden labels answer in as many rounds as the project has seen."""
    values = {
        "initial": batch_size,
        "budget": batch_size,
        "cycles": max(1, len([run for run in project.runs.all() if run.state == "finished"])),
        **{name: getattr(chosen, name) for name in choices(chosen.learner)},
        "seed": project.seed,
    }
    return simulate_command(project, values)


def simulate_command(project: Project, values: Mapping[str, Any]) -> str:
    """`labeller simulate` with these options; several values of one stand behind each other."""
    words = ["labeller", "simulate", str(project.folder)]
    for name, value in values.items():
        if name in OF_NETWORKS and not trains_network(values.get("learner", WHOLE)):
            continue  # nothing is trained by it
        words += [
            f"--{name.replace('_', '-')}",
            *map(str, value if isinstance(value, tuple) else (value,)),
        ]
    return shlex.join(words)


def keep_round_settings(project: Project, chosen: RoundSettings, batch_size: int) -> None:
    """Use these from the next round on: a person has chosen them."""
    choose(chosen.encoder)
    project.settings.choose(KEY, asdict(chosen))
    project.settings.choose("batch_size", batch_size)
