"""Colourings of the map: a few kinds of images, each with a colour."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from PySide6.QtGui import QColor

from labeller.project.project import Project
from labeller.store.labels import Label
from labeller.window.kit.language import mark, tr
from labeller.window.kit.theme import CLASS_COLOURS, class_colour

NOTHING = QColor(127, 127, 127, 110)
ASIDE = QColor(127, 127, 127)
CONFIDENCES = (
    (0.0, "#46327e"), (0.5, "#277f8e"), (0.7, "#1fa187"), (0.9, "#a0da39"), (0.99, "#fde725"),
)  # fmt: skip
"""Lower bounds, and colours of viridis."""


@dataclass(frozen=True)
class Kind:
    """A kind of images: one entry of the legend. Kinds of the same name differ by their key."""

    name: str
    colour: QColor
    key: str = ""


@dataclass(frozen=True)
class Colouring:
    """`codes` are the place in `kinds` of each image, int64 [N]."""

    codes: np.ndarray
    kinds: list[Kind]


def _coded(said: list[object], kinds: Iterable[tuple[object, Kind]], nothing: str) -> Colouring:
    """Images by what is said of each; what no kind stands for is `nothing`, which comes last."""
    known = dict(kinds)
    used = set(said)
    legend = {k: replace(kind, key=repr(k)) for k, kind in known.items() if k in used}
    place = {key: number for number, key in enumerate(legend)}
    codes = np.array([place.get(each, len(legend)) for each in said], np.int64)
    return Colouring(codes, [*legend.values(), Kind(nothing, NOTHING)])


def _of_classes(project: Project) -> list[tuple[object, Kind]]:
    classes = project.classes.all(archived=True)
    return [(each.id, Kind(each.name, class_colour(each))) for each in classes]


def _in_turn(names: Iterable[tuple[object, str]]) -> list[tuple[object, Kind]]:
    return [
        (key, Kind(name, QColor(CLASS_COLOURS[number % len(CLASS_COLOURS)])))
        for number, (key, name) in enumerate(names)
    ]


def _labels(project: Project, ids: list[int]) -> dict[int, Label]:
    """As `current`, which takes as long as there are ids, for the few that have any."""
    return project.labels.current(np.intersect1d(ids, project.labels.carried()).tolist())


def by_label(project: Project, ids: list[int]) -> Colouring:
    labels = _labels(project, ids)
    said: list[object] = [(label := labels.get(i)) and (label.class_id or "aside") for i in ids]
    kinds = [*_of_classes(project), ("aside", Kind(tr("put aside"), ASIDE))]
    return _coded(said, kinds, tr("unlabelled"))


def by_suggestion(project: Project, ids: list[int]) -> Colouring:
    found = project.suggestions.of(ids)
    said: list[object] = [(one := found.get(i)) and one.class_id for i in ids]
    return _coded(said, _of_classes(project), tr("no suggestion"))


def by_confidence(project: Project, ids: list[int]) -> Colouring:
    found = project.suggestions.of(ids)
    bounds = [least for least, _ in CONFIDENCES]
    said: list[object] = [
        None if (one := found.get(i)) is None
        else int(np.searchsorted(bounds, one.confidence, side="right"))
        for i in ids
    ]  # fmt: skip
    names = [f"{least:.0%} – {most:.0%}" for least, most in pairwise([*bounds, 1.0])]
    kinds = [
        (number, Kind(name, QColor(colour)))
        for number, (name, (_, colour)) in enumerate(zip(names, CONFIDENCES, strict=True), start=1)
    ]
    return _coded(said, kinds, tr("no suggestion"))


def by_round(project: Project, ids: list[int]) -> Colouring:
    rounds = project.rounds.all()
    chosen = {image_id: each.number for each in reversed(rounds) for image_id in each.image_ids}
    names = [(each.number, tr("Round {number}").format(number=each.number)) for each in rounds]
    return _coded([chosen.get(i) for i in ids], _in_turn(names), tr("in no batch"))


def by_annotator(project: Project, ids: list[int]) -> Colouring:
    labels = _labels(project, ids)
    said: list[object] = [(label := labels.get(i)) and label.annotator for i in ids]
    names = sorted({str(each) for each in said if each})
    return _coded(said, _in_turn(zip(names, names, strict=True)), tr("unlabelled"))


COLOURINGS: dict[str, Callable[[Project, list[int]], Colouring]] = {
    mark("Label"): by_label,
    mark("Suggestion"): by_suggestion,
    mark("Confidence"): by_confidence,
    mark("Round"): by_round,
    mark("Annotator"): by_annotator,
}
