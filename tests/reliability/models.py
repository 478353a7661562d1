"""Classes that change during and after training: predictions never end up under a different class
from the one trained."""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from labeller_models.frozen import FROZEN

from labeller.core.errors import LabellerError
from labeller.core.run import Progress, Run
from labeller.learning.learners import LEARNERS
from labeller.loop import live, rounds
from labeller.loop.method import Method
from labeller.loop.pool_prediction import weigh_rest
from labeller.project.curation import merge_classes
from labeller.project.project import Project
from tests.frozen_encoder import add_mean_colours
from tests.reliability.outcome import Outcome, make_project, require_intact, state

Change = Callable[[Project, random.Random], None]
LABELLED = 6
"""Labelled images per class."""


def _order(project: Project, rng: random.Random) -> None:
    ids = [c.id for c in project.classes.all()]
    rng.shuffle(ids)
    project.classes.order(ids)


def _swap_names(project: Project, rng: random.Random) -> None:
    """Swap the names of two classes."""
    one, two = rng.sample(project.classes.all(), 2)
    project.classes.change(replace(one, name="for a moment"))
    project.classes.change(replace(two, name=one.name))
    project.classes.change(replace(one, name=two.name))


def _rename(project: Project, rng: random.Random) -> None:
    chosen = rng.choice(project.classes.all())
    project.classes.change(replace(chosen, name=f"{chosen.name} {rng.random():.3f}"))


def _archive(project: Project, rng: random.Random) -> None:
    if len(project.classes.all()) > 2:
        chosen = rng.choice(project.classes.all())
        project.classes.change(replace(chosen, archived=True, shortcut=None))


def _merge(project: Project, rng: random.Random) -> None:
    if len(project.classes.all()) > 2:
        one, two = rng.sample(project.classes.all(), 2)
        merge_classes(project, one.id, two.id, "ben")


def _add(project: Project, rng: random.Random) -> None:
    project.classes.add([f"new {rng.random():.6f}"])


CHANGES: tuple[Change, ...] = (_order, _swap_names, _rename, _archive, _merge, _add)


def of_classes_that_change(folder: Path, times: int, seed: int) -> Outcome:
    """One to three changes at a random moment of training; then suggestions, predictions for the
    rest and live suggestions are compared with the current true classes."""
    outcome = Outcome("classes moved, renamed, swapped, merged, added, archived during training")
    add_mean_colours()
    before = LEARNERS.default, FROZEN.default
    LEARNERS.default, FROZEN.default = "frozen", "mean-colours"
    origin = make_project(folder / "origin")
    try:
        for number in range(times):
            rng = random.Random(f"{seed} {number}")
            place = folder / "copy"
            shutil.copytree(origin, place)
            with Project(place) as project:
                _try(project, rng, number, outcome)
                expected = state(project)
            require_intact(outcome, place, expected, f"try {number}")
            shutil.rmtree(place)
            outcome.tried += 1
    finally:
        LEARNERS.default, FROZEN.default = before
        del FROZEN["mean-colours"]
    outcome.note = f"{len(CHANGES)} kinds of change, one to three at once"
    return outcome


def _try(project: Project, rng: random.Random, number: int, outcome: Outcome) -> None:
    truth = project.oracle.reveal(project.images.candidates().tolist())
    for image_class in project.classes.all():
        own = [i for i, c in truth.items() if c == image_class.id]
        project.labels.assign(dict.fromkeys(own[:LABELLED], image_class.id), "anna")
    changes = rng.sample(CHANGES, rng.randint(1, 3))
    moment = rng.choice(("Training", "Reading features", "Selecting", "after"))
    done: list[str] = []

    def change() -> None:
        if not done:
            for each in changes:
                each(project, rng)
                done.append(each.__name__)

    def listen(progress: Progress) -> None:
        if progress.stage == moment:
            change()

    learner = rng.choice(("frozen", "mobyv2al"))
    title = f"try {number}, {learner}, {moment}, {[c.__name__ for c in changes]}"
    trained = rounds.learn(project, Method(learner=learner), Run(report=listen))
    rounds.select(
        project, 6, Method(learner=learner), Run(report=listen), keep_suggestions=True,
        model=trained.model,
    )  # fmt: skip
    change()
    wanted = project.classes.standing_for()

    def compare(said: dict[int, int], where: str) -> None:
        for image_id, class_id in said.items():
            now = wanted.get(truth[image_id])
            if now is not None:  # anything goes for archived classes
                outcome.expect(class_id == now, f"{title}: {where} mistakes image {image_id}")

    suggested = project.suggestions.of(list(truth))
    compare({i: s.class_id for i, s in suggested.items()}, "a suggestion")
    try:
        answers = weigh_rest(project)
    except LabellerError as error:
        outcome.expect("Train again" in str(error), f"{title}: {error}")
    else:
        found = zip(answers.image_ids.tolist(), answers.class_ids.tolist(), strict=True)
        compare(dict(found), "label-rest")
    head = live._Live(project, Method(encoder="mean-colours", device="cpu"), Run())
    head.suggest(tuple(project.images.open().tolist()))
    suggested = project.suggestions.of(project.images.open().tolist())
    compare({i: s.class_id for i, s in suggested.items()}, "a live suggestion")


MODELS = ((of_classes_that_change, 60),)
