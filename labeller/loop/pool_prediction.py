"""The newest model's predictions for images that nobody has labelled, and how many of the most
confident ones can be accepted at a given precision. Importing this does not import torch."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labeller.core.errors import LabellerError
from labeller.core.files import require_output
from labeller.core.run import Progress, Run
from labeller.core.tables import csv_table
from labeller.learning.learners import is_calibrated
from labeller.project.project import Project

COLUMNS = ("path", "label", "confidence")
BLOCK = 1000
LIKELIER_RIGHT = 0.5
"""Predictions with a lower confidence are never accepted in bulk."""


@dataclass(frozen=True)
class Answers:
    """Predictions for open images, most confident first; arrays of equal length.

    Attributes:
        image_ids, class_ids: int64.
        confidences: float64, between 0 and 1, descending.
    """

    image_ids: np.ndarray
    class_ids: np.ndarray
    confidences: np.ndarray

    def rows(self, count: int) -> list[tuple[int, int, float]]:
        """Image, class and confidence of the first `count`."""
        columns = (self.image_ids, self.class_ids, self.confidences)
        return list(zip(*(column[:count].tolist() for column in columns), strict=True))


def most_confident(confidences: np.ndarray, precision: float) -> int:
    """How many of the most confident predictions reach a mean confidence, and so an expected
    precision.

    Args:
        confidences: float [N], descending, calibrated.
        precision: between 0 and 1.
    """
    means = np.cumsum(confidences) / np.arange(1, len(confidences) + 1)
    enough = (means >= precision - 1e-8) & (confidences >= LIKELIER_RIGHT)
    return int(enough.sum())


def weigh_rest(project: Project, run: Run = Run()) -> Answers:
    """The newest model's predictions for every open image, in the current classes.

    Raises:
        LabellerError: there is no model, or it has never seen a class that is in use.
        Cancelled: `run.should_stop` said so.
    """
    import torch  # takes seconds

    from labeller.loop.predicting import CurrentClasses, answering_model, likeliest, taught_places

    newest = project.runs.newest_usable()
    if newest is None:
        raise LabellerError("There is no trained model yet. Label a batch and train first.")
    run = run.seeded(project.seed)
    model, _ = answering_model(project, newest, run)
    present = CurrentClasses.of(project, model)
    taught = taught_places(project, newest, present)
    ids = project.images.open()
    by_place = np.array(present.class_ids, dtype=np.int64)
    probabilities: np.ndarray = np.empty(len(ids))
    classes: np.ndarray = np.empty(len(ids), dtype=np.int64)
    for start in range(0, len(ids), BLOCK):
        part = slice(start, start + BLOCK)
        said = model.probabilities(torch.from_numpy(ids[part]) - 1, run)
        places, best = likeliest(present.probabilities(said), taught)
        probabilities[part], classes[part] = best.numpy(), by_place[places.numpy()]
        run.report(Progress("Predicting", min(start + BLOCK, len(ids)), len(ids)))
    order = np.lexsort((ids, -probabilities))
    return Answers(ids[order], classes[order], probabilities[order])


def require_calibrated(project: Project) -> None:
    """Raises LabellerError if the newest model's confidences are not calibrated."""
    newest = project.runs.newest_usable()
    if newest is not None and not is_calibrated(newest.encoder):
        raise LabellerError(
            "Only the confidences of models on a pretrained encoder are calibrated. "
            "Choose such a learner for the rounds, train, then let it label the rest."
        )


def label_rest(
    project: Project, precision: float, annotator: str, run: Run = Run()
) -> tuple[int, int]:
    """Let the newest model label as many open images, most confident first, as an expected
    `precision` (between 0 and 1) allows. Replaces earlier labels by a model.

    Returns:
        The numbers of images that it labelled and of those still open.

    Raises:
        LabellerError: there is no model, or its confidences are not calibrated.
        Cancelled: `run.should_stop` said so; nothing was changed.
    """
    require_calibrated(project)
    found = weigh_rest(project, run)
    count = most_confident(found.confidences, precision)
    project.labels.let_model_label(found.rows(count), annotator)
    return count, len(project.images.open()) - count


def write_rest(
    project: Project, output: Path, least: float = 0.0, run: Run = Run()
) -> tuple[int, int]:
    """Write predictions for open images to a CSV table, most confident first. Labels nothing.

    Args:
        least: minimum confidence, between 0 and 1.

    Returns:
        The numbers of images written and of images without a label.

    Raises:
        LabellerError: there is no model, or `output` exists or cannot be written.
        Cancelled: `run.should_stop` said so.
    """
    require_output(output)
    found = weigh_rest(project, run)
    count = int((found.confidences >= least).sum())
    names = {image_class.id: image_class.name for image_class in project.classes.all()}
    said = found.rows(count)
    paths = {image.id: image.path for image in project.images.get([row[0] for row in said])}
    with prediction_table(output) as write:
        for image_id, class_id, share in said:
            write((paths[image_id], names[class_id], f"{share:.4f}"))
    return len(said), len(project.images.open())


@contextmanager
def prediction_table(
    output: Path, makes_folder: bool = False
) -> Iterator[Callable[[Iterable[object]], None]]:
    """A block that writes rows of `COLUMNS` to a CSV table; the table appears when it ends.

    Raises:
        LabellerError: `output` cannot be written.
    """
    try:
        if makes_folder:
            output.parent.mkdir(parents=True, exist_ok=True)
        with csv_table(output, COLUMNS) as write:
            yield write
    except OSError as error:
        raise LabellerError(
            "{output} cannot be written ({reason}).", output=output, reason=error.strerror
        ) from error
