"""How a project's rounds proceed in the window, the equivalent command line, and how long training
takes on this machine."""

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from statistics import median
from typing import Any

from labeller.core.chosen_encoders import choose
from labeller.learning.learners import FEWEST_TO_TUNE, WHOLE, trains_network, tunes_stages
from labeller.loop import method as methods
from labeller.loop.method import Method
from labeller.project.project import Project
from labeller.store.settings import damaged

KEY = "rounds"
LONGEST_PAUSE = 60.0
OF_NETWORKS = ("recipe", "self_supervised")
"""Choices without effect unless a network is trained."""


@dataclass(frozen=True)
class RoundSettings:
    """How rounds proceed.

    Attributes:
        method: what is trained, and how the next batch is chosen.
        trains_itself: train as soon as a batch is done.
        shows_next: replace a finished batch by the next one after two seconds without a key.
        oracle_pause: seconds that the oracle waits before each image; 0 answers all at once.
    """

    method: Method = field(default_factory=lambda: methods.Method())
    trains_itself: bool = False
    shows_next: bool = False
    oracle_pause: float = 0.0

    @property
    def continues_automatically(self) -> bool:
        """Whether a finished batch leads to the next one by itself: always if nothing but a head is
        trained, which takes a second."""
        return self.trains_itself or not trains_network(self.method.encoder)

    def as_dict(self) -> dict[str, Any]:
        """The settings as they are stored."""
        own = asdict(self)
        del own["method"]
        return self.method.names() | own


def round_settings(project: Project) -> RoundSettings:
    """A project's settings for rounds. Raises LabellerError if they are damaged."""
    stored: Any = project.settings.get(KEY, {})
    if not isinstance(stored, dict):
        raise damaged(KEY)
    own = {each.name: stored[each.name] for each in fields(RoundSettings) if each.name in stored}
    names = {name: value for name, value in stored.items() if name not in own}
    if stored and "learner" not in stored:
        names["learner"] = WHOLE  # earlier versions had no other
    try:
        found = RoundSettings(methods.method_named(names), **own)
    except (TypeError, ValueError):
        raise damaged(KEY) from None
    pause: Any = found.oracle_pause
    if type(pause) not in (int, float) or not 0 <= pause <= LONGEST_PAUSE:
        raise damaged(KEY)
    if type(found.trains_itself) is not bool or type(found.shows_next) is not bool:
        raise damaged(KEY)
    return found


WORTH = 10
"""Number of new labels after which the stages are trained again; with many labels, a tenth of
them."""


def wants_deeper(project: Project, method: Method) -> bool:
    """Whether the stages of the pretrained encoder should be trained, or trained again: there are
    enough labels, and some that the last training did not see."""
    if not tunes_stages(method.learner, method.encoder):
        return False
    labelled = project.labels.summary().labelled
    if labelled < FEWEST_TO_TUNE * len(project.classes.all()):
        return False
    seen = max((run.labelled for run in project.runs.all() if run.compared), default=0)
    return labelled - seen >= max(WORTH, seen // 10)


def keep_round_settings(project: Project, chosen: RoundSettings, batch_size: int) -> None:
    """Use the settings that a person has chosen, from the next round on."""
    choose(chosen.method.encoder)
    project.settings.choose(KEY, chosen.as_dict())
    project.settings.choose("batch_size", batch_size)


def as_command(project: Project, chosen: RoundSettings, batch_size: int) -> str:
    """The command that simulates as many rounds as the project has seen, answered by hidden
    labels."""
    values = {
        "initial": batch_size,
        "budget": batch_size,
        "cycles": max(1, len([run for run in project.runs.all() if run.state == "finished"])),
        **chosen.method.names(),
        "seed": project.seed,
    }
    return simulate_command(project, values)


def simulate_command(project: Project, values: Mapping[str, Any]) -> str:
    """`labeller simulate` with these options; tuples become several values of one option."""
    words = ["labeller", "simulate", str(project.folder)]
    for name, value in values.items():
        if name in OF_NETWORKS and not trains_network(str(values.get("encoder", ""))):
            continue  # it has no effect
        if name == "self_supervised":
            words += ["--set", f"{name}={value}"]
            continue
        several = value if isinstance(value, tuple) else (value,)
        words += [f"--{name.replace('_', '-')}", *map(str, several)]
    return shlex.join(words)


RECENT = 5
"""Number of latest trainings that count: the pool and the labels may have grown since earlier
ones."""
LONGEST_TRAINING, LONGEST_KEY = 30 * 86400, 200
"""Upper limits, in seconds and in characters."""
HEAD, STAGES = "head", "stages"


def seconds_of_training(project: Project) -> dict[str, float]:
    """Median seconds of the latest finished trainings, by `cost_key`."""
    found: dict[str, list[float]] = {}
    for run in project.runs.all():
        if run.state == "finished" and run.seconds:
            part = STAGES if run.compared is not None else HEAD
            found.setdefault(cost_key(run.encoder, part), []).append(run.seconds)
    return plausible({key: median(seconds[-RECENT:]) for key, seconds in found.items()})


def plausible(costs: dict[str, float]) -> dict[str, float]:
    """The costs that are plausible: projects and settings may come from anywhere."""
    return {
        key: seconds
        for key, seconds in costs.items()
        if isinstance(seconds, float) and 0 < seconds < LONGEST_TRAINING and len(key) < LONGEST_KEY
    }


def cost_key(encoder: str, part: str = HEAD) -> str:
    """The key for costs of training on an encoder.

    Args:
        part: `HEAD` for a head or a network trained from scratch; `STAGES` for the last stages of a
            pretrained encoder.
    """
    return f"{encoder}/{part}"
