"""Simulations: the oracle in the place of the person, over several seeds.

Each run works on a copy of the project's state without any labels, and goes through the same
loop (labeller/rounds.py) that the window drives.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labeller import rounds
from labeller.errors import Cancelled, LabellerError
from labeller.progress import Progress, Report, ShouldStop, ignore, never
from labeller.project import Project


@dataclass(frozen=True)
class Plan:
    """`initial` random images, then `budget` more in each of the further cycles."""

    initial: int
    budget: int
    cycles: int
    strategy: str = rounds.DEFAULT_STRATEGY
    options: rounds.TrainingOptions = field(default_factory=rounds.TrainingOptions)
    seeds: Sequence[int] = (0,)


def simulate(
    project: Project, plan: Plan, report: Report = ignore, should_stop: ShouldStop = never
) -> dict[str, Any]:
    """Run the plan once for each seed; returns `{"runs": [{..., "cycles": [...]}]}`.

    Every cycle tells how many images were `labelled`, their paths (`selected`, in the order of
    labelling), `test_accuracy` and `per_class` between 0 and 1 (None without held-out images),
    and the `seconds` of its training, evaluation and selection.

    Raises:
        LabellerError: there is no oracle, or the plan asks for more images than there are.
        Cancelled: `should_stop` said so.
    """
    _check(project, plan)
    return {"runs": [_run(project, plan, seed, report, should_stop) for seed in plan.seeds]}


def _check(project: Project, plan: Plan) -> None:
    if plan.initial < 1 or plan.budget < 1 or plan.cycles < 1:
        raise LabellerError("--initial, --budget and --cycles must be at least 1.")
    if not project.oracle.knows_pool():
        raise LabellerError(
            "A simulation needs hidden labels. Make the project with --truth folders or csv."
        )


def _run(
    project: Project, plan: Plan, seed: int, report: Report, should_stop: ShouldStop
) -> dict[str, Any]:
    cycles = []
    with project.scratch() as copy:
        known = copy.images.candidates()
        wanted = plan.initial + plan.budget * (plan.cycles - 1)
        if wanted > len(known):
            raise LabellerError(f"The plan labels {wanted} images, but the pool has {len(known)}.")
        copy.settings.set("seed", seed)
        selected: list[str] = []
        for cycle in range(plan.cycles):

            def tell(progress: Progress, cycle: int = cycle) -> None:
                stage = f"Seed {seed}, cycle {cycle + 1} of {plan.cycles}: {progress.stage}"
                report(replace(progress, stage=stage))

            started = time.perf_counter()
            if cycle == 0:
                batch = rounds.begin(copy, plan.initial)
            else:
                batch = rounds.select(
                    copy, plan.budget, plan.strategy, plan.options.device, tell, should_stop
                )
            rounds.label_by_oracle(copy, batch)
            selected += [image.path for image in copy.images.get(batch.image_ids)]
            run = rounds.train_round(copy, plan.options, tell, should_stop)
            if run.state == "stopped":
                raise Cancelled("The simulation was stopped.")
            cycles.append(
                {
                    "labelled": copy.labels.counts()[0],
                    "selected": list(selected),
                    "test_accuracy": run.test_accuracy,
                    "per_class": run.per_class,
                    "seconds": round(time.perf_counter() - started, 3),
                }
            )
    return {
        "seed": seed,
        "strategy": plan.strategy,
        "encoder": plan.options.encoder,
        "recipe": plan.options.recipe.name,
        "cycles": cycles,
    }
