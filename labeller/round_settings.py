"""How a project's rounds go in the window: what is trained, and what chooses the next batch."""

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from labeller.learning.recipe import recipe_named
from labeller.project import Project
from labeller.store.settings import damaged

if TYPE_CHECKING:
    from labeller.rounds import TrainingOptions

CHOICES: dict[str, tuple[str, ...]] = {
    "strategy": ("coreset", "random"),
    "encoder": ("resnet-small", "resnet18", "vgg16", "wrn-28-2", "wrn-28-10"),
    "recipe": ("quick", "thorough", "paper"),
    "device": ("auto", "cpu", "cuda", "mps"),
}
"""What the window offers; the first of each is the default."""
KEY = "rounds"
LONGEST_PAUSE = 60.0


@dataclass(frozen=True, kw_only=True)
class Method:
    """What chooses and what is trained: of `CHOICES`, the first of each unless told otherwise."""

    strategy: str = CHOICES["strategy"][0]
    encoder: str = CHOICES["encoder"][0]
    recipe: str = CHOICES["recipe"][0]
    device: str = CHOICES["device"][0]

    @property
    def offered(self) -> bool:
        """Whether all of it stands in `CHOICES`."""
        return all(getattr(self, name) in known for name, known in CHOICES.items())

    def training_options(self) -> "TrainingOptions":
        """What `labeller.rounds` is asked for."""
        from labeller import rounds  # torch takes seconds to load

        chosen: dict[str, Any] = {"encoder": self.encoder, "device": self.device}
        if self.recipe != Method.recipe:
            chosen["recipe"] = recipe_named(self.recipe)
        return rounds.TrainingOptions(**chosen)


@dataclass(frozen=True)
class RoundSettings(Method):
    """How the rounds of a window go. `trains_itself`: as soon as a batch is done; `shows_next`: the
    next batch takes the place of this one when nobody has pressed a key for two seconds;
    `oracle_pause`: seconds that the oracle waits before each image, 0 for all of them at once."""

    trains_itself: bool = False
    shows_next: bool = False
    oracle_pause: float = 0.0


def round_settings(project: Project) -> RoundSettings:
    """Those of a project. Raises LabellerError where they are damaged."""
    stored: Any = project.settings.get(KEY, {})
    names = {field.name for field in fields(RoundSettings)}
    if not isinstance(stored, dict) or set(stored) - names:
        raise damaged(KEY)
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
        **{name: getattr(chosen, name) for name in CHOICES},
        "seed": project.seed,
    }
    return simulate_command(project, values)


def simulate_command(project: Project, values: Mapping[str, Any]) -> str:
    """`labeller simulate` with these options; several values of one stand behind each other."""
    words = ["labeller", "simulate", str(project.folder)]
    for name, value in values.items():
        words += [f"--{name}", *map(str, value if isinstance(value, tuple) else (value,))]
    return shlex.join(words)


def keep_round_settings(project: Project, chosen: RoundSettings, batch_size: int) -> None:
    """Use these from the next round on."""
    project.settings.choose(KEY, asdict(chosen))
    project.settings.choose("batch_size", batch_size)
