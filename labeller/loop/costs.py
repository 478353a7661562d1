"""How long training takes on this machine, in seconds."""

from statistics import median

from labeller.project.project import Project

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
