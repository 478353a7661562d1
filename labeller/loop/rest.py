"""What the newest model says of the rest of the pool: the images that nobody has labelled."""

import csv
from pathlib import Path

import torch

from labeller.core.errors import LabellerError
from labeller.core.files import replacing
from labeller.core.outputs import require_output
from labeller.core.progress import Progress, Report, ShouldStop, ignore, never
from labeller.core.run import Run
from labeller.core.tables import as_text
from labeller.loop.predicting import model_of
from labeller.project.project import Project

COLUMNS = ("path", "label", "confidence")
BLOCK = 1000


def write_rest(
    project: Project,
    output: Path,
    least: float = 0.0,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> tuple[int, int]:
    """Write a CSV table of images without a label, the surest first; no label is given.

    Args:
        least: leave out what the model is less sure of, between 0 and 1.

    Returns:
        How many images were written, and how many have no label.

    Raises:
        LabellerError: there is no model, or `output` exists or cannot be written.
        Cancelled: `should_stop` said so.
    """
    require_output(output)
    newest = project.runs.newest_usable()
    if newest is None:
        raise LabellerError("There is no trained model yet. Label a batch and train first.")
    model = model_of(project, newest)
    run = Run(project.seed, report, should_stop)
    ids = project.images.open().tolist()
    said: list[tuple[float, int, str]] = []
    for start in range(0, len(ids), BLOCK):
        part = ids[start : start + BLOCK]
        shares, places = model.probabilities(torch.tensor(part) - 1, run).max(dim=1)
        said += [
            (share, image_id, model.classes[place])
            for share, image_id, place in zip(shares.tolist(), part, places.tolist(), strict=True)
            if share >= least
        ]
        report(Progress("Predicting", min(start + BLOCK, len(ids)), len(ids)))
    said.sort(key=lambda row: (-row[0], row[1]))
    paths = {image.id: image.path for image in project.images.get([each[1] for each in said])}
    try:
        with (
            replacing(output) as temporary,
            temporary.open("w", encoding="utf-8", newline="") as file,
        ):
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for share, image_id, name in said:
                writer.writerow((as_text(paths[image_id]), as_text(name), f"{share:.4f}"))
    except OSError as error:
        raise LabellerError(
            "{output} cannot be written ({reason}).", output=output, reason=error.strerror
        ) from error
    return len(said), len(ids)
