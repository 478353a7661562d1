"""Experiment trackers: TensorBoard, MLflow, Weights & Biases, and those of other packages (the
entry-point group `labeller.trackers`, docs/extending.md)."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from labeller_models.registry import Registry

from labeller.core.errors import LabellerError, made, quoted, require_extra
from labeller.core.run import Progress, Run
from labeller.experiments.results import CycleResult, Outcome

PROJECT = "labeller"
"""The experiment or project that MLflow and Weights & Biases file runs under."""

TRACKERS = Registry("tracker")
"""Each is built from a place, a text that may be "", and is a `Tracker`."""
for _name, _class in (("tensorboard", "TensorBoard"), ("mlflow", "MLflow"), ("wandb", "WandB")):
    TRACKERS.add(_name, f"labeller.experiments.trackers:{_class}")
TRACKERS.add_entry_points("labeller.trackers")


class Tracker(Protocol):
    """Records runs, one after the other."""

    def begin(self, name: str, settings: Mapping[str, Any]) -> None:
        """Begin a run; `settings` are JSON-compatible."""

    def log(self, values: Mapping[str, float], step: int) -> None:
        """Log numbers by name at a step: an epoch, or a number of labels."""

    def end(self) -> None:
        """End the run."""


class TensorBoard:
    """Event files in `place`, by default the folder `runs`."""

    def __init__(self, place: str) -> None:
        require_extra("tensorboard")
        self._place = Path(place or "runs")

    def begin(self, name: str, settings: Mapping[str, Any]) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(self._place / name))
        self._writer.add_text("settings", f"```\n{json.dumps(settings, indent=1)}\n```")

    def log(self, values: Mapping[str, float], step: int) -> None:
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)

    def end(self) -> None:
        self._writer.close()


class MLflow:
    """Runs of the experiment `labeller`; `place` is a tracking URI, by default MLflow's own."""

    def __init__(self, place: str) -> None:
        require_extra("mlflow")
        import mlflow

        self._mlflow = mlflow
        if place:
            mlflow.set_tracking_uri(place)
        mlflow.set_experiment(PROJECT)

    def begin(self, name: str, settings: Mapping[str, Any]) -> None:
        self._mlflow.start_run(run_name=name)
        self._mlflow.log_dict(dict(settings), "settings.json")
        self._mlflow.log_params(
            {key: value for key, value in settings.items() if isinstance(value, str | int | float)}
        )

    def log(self, values: Mapping[str, float], step: int) -> None:
        self._mlflow.log_metrics({key.replace(" ", "_"): v for key, v in values.items()}, step)

    def end(self) -> None:
        self._mlflow.end_run()


class WandB:
    """Runs of the project `labeller`; `place` is the folder for its files."""

    def __init__(self, place: str) -> None:
        require_extra("wandb")
        self._place = place or None

    def begin(self, name: str, settings: Mapping[str, Any]) -> None:
        import wandb

        if self._place:
            Path(self._place).mkdir(parents=True, exist_ok=True)
        self._run = wandb.init(project=PROJECT, name=name, config=dict(settings), dir=self._place)
        self._run.define_metric("*", step_metric="step")

    def log(self, values: Mapping[str, float], step: int) -> None:
        self._run.log({**values, "step": step})

    def end(self) -> None:
        self._run.finish()


@contextmanager
def tracking(where: str | None, name: str, settings: Mapping[str, Any]) -> Iterator["Tracking"]:
    """A block in which a run is tracked.

    Args:
        where: "NAME" or "NAME:PLACE" of a tracker; None tracks nothing.

    Raises:
        LabellerError: there is none of this name, or a package is missing or broken.
    """
    if where is None:
        yield Tracking(None)
        return
    tracker = tracker_named(where)
    _begin(tracker, where, name, settings)
    try:
        yield Tracking(tracker)
    finally:
        tracker.end()


def _begin(tracker: Tracker, where: str, name: str, settings: Mapping[str, Any]) -> None:
    """Begin a run. Raises LabellerError if the tracker cannot."""
    try:
        tracker.begin(name, settings)
    except Exception as error:
        first = (str(error).strip().splitlines() or [""])[0]
        raise LabellerError(
            "The tracker '{where}' could not begin a run: {error}.",
            where=where,
            error=quoted(f"{type(error).__name__}: {first}".rstrip(": .")),
        ) from error


def tracker_named(where: str) -> Tracker:
    """The tracker "NAME" or "NAME:PLACE". Raises as `tracking`."""
    name, _, place = where.partition(":")
    tracker: Tracker = made(TRACKERS, name, place)
    return tracker


class Tracking:
    """Tracks a run; without a tracker, does nothing."""

    def __init__(self, tracker: Tracker | None) -> None:
        self._tracker = tracker

    def of(self, run: Run) -> Run:
        """The same `Run`, which now also tracks its epochs."""
        if self._tracker is None:
            return run

        def report(progress: Progress) -> None:
            run.report(progress)
            self._epoch(progress)

        return replace(run, report=report)

    def _epoch(self, progress: Progress) -> None:
        metrics, at = progress.metrics, progress.cycle
        if metrics is None or self._tracker is None:
            return
        where = f"seed {at.seed}/cycle {at.number}/" if at else ""
        values = {f"{where}{name} loss": value for name, value in metrics.losses.items()}
        values[f"{where}learning rate"] = metrics.learning_rate
        for name in ("train_accuracy", "test_accuracy"):
            if (value := getattr(metrics, name)) is not None:
                values[f"{where}{name.replace('_', ' ')}"] = value
        self._tracker.log(values, metrics.epoch)

    def log(self, values: Mapping[str, float], step: int) -> None:
        """Log numbers by name at a step."""
        if self._tracker is not None:
            self._tracker.log(values, step)

    def cycle(self, seed: int, cycle: CycleResult) -> None:
        """Log a finished cycle of a simulation."""
        values = {f"seed {seed}/seconds": cycle.seconds}
        if cycle.test_accuracy is not None:
            values[f"seed {seed}/test accuracy"] = cycle.test_accuracy
        self.log(values, cycle.labelled)


def track_outcomes(where: str, tasks: Mapping[str, Mapping[str, Outcome]]) -> None:
    """Record finished simulations, a run for each task and method. Raises as `tracking`."""
    tracker = tracker_named(where)
    for task, outcomes in tasks.items():
        for method, outcome in outcomes.items():
            name = "/".join(part for part in (task, method) if part)
            settings = {"plan": outcome.plan or {}, "protocol": outcome.protocol or ""}
            _begin(tracker, where, name, settings)
            try:
                for run in outcome.runs:
                    for cycle in run.cycles:
                        Tracking(tracker).cycle(run.seed, cycle)
            finally:
                tracker.end()
