"""What training has cost on this machine, in seconds."""

from statistics import median

from labeller.project.project import Project

RECENT = 5
"""Trainings that count: the pool may have grown, and so have the labels."""
LONGEST_TRAINING, LONGEST_KEY = 30 * 86400, 200
"""In seconds, and in characters."""
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
    """Those that a training can have had: projects and settings come from anywhere."""
    return {
        key: seconds
        for key, seconds in costs.items()
        if isinstance(seconds, float) and 0 < seconds < LONGEST_TRAINING and len(key) < LONGEST_KEY
    }


def cost_key(encoder: str, part: str = HEAD) -> str:
    """
    Args:
        part: `HEAD`, or a network trained from scratch; `STAGES` of a pretrained encoder.
    """
    return f"{encoder}/{part}"
