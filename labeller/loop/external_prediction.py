"""The newest model's predictions for images outside the project."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from labeller_models.registry import mark
from PIL import Image
from torch import Tensor

from labeller.core.errors import LabellerError
from labeller.core.files import read_regular, require_output
from labeller.core.run import Progress, Run
from labeller.learning.device import runtime
from labeller.learning.feature_learners import FeatureModel, prepared
from labeller.learning.frozen_features import mean_features, views
from labeller.learning.graphs import answering
from labeller.learning.model import TrainedModel
from labeller.loop.pool_prediction import prediction_table
from labeller.loop.predicting import CurrentClasses, answering_model
from labeller.pool.decode import Reading, UnreadableImage, decode, square
from labeller.pool.sources import list_images
from labeller.project.project import Project

STAGE = mark("Predicting")
AT_ONCE, READERS = 16, 2
Predictor = Callable[[list[Image.Image]], Tensor]


@dataclass(frozen=True)
class Predicted:
    """Numbers of images with a prediction, and of those that could not be read."""

    written: int
    unreadable: int


def predict_images(
    project: Project, place: Path, output: Path, device: str = "auto", run: Run = Run()
) -> Predicted:
    """Write the newest model's predictions for the images of a folder or table to a CSV table:
    `path`, `label`, `confidence`, the last two empty for images that cannot be read.

    Only a few images are in memory at a time.

    Raises:
        LabellerError: there is no model, or it has never seen a class that is in use; there are no
            images; or `output` cannot be written.
        Cancelled: `run.should_stop` said so; nothing is written.
    """
    output = output.expanduser()
    require_output(output)
    newest = project.runs.newest_usable()
    if newest is None:
        raise LabellerError("There is no trained model yet. Train one first.")
    listing = list_images(place, run)
    if listing.archive is not None:
        raise LabellerError("Images in an archive cannot be read here. Unpack it first.")
    model, _ = answering_model(project, newest, run.seeded(project.seed), device)
    probabilities, present = _predictor_of(model), CurrentClasses.of(project, model)
    names = {c.id: c.name for c in project.classes.all()}
    files = [listing.root / image.path for image in listing.images]
    written = unreadable = 0
    with prediction_table(output, makes_folder=True) as write:
        side = model.frozen.side if isinstance(model, FeatureModel) else model.pool.side
        pictures = _decoded(files, side, project.reading)
        paths = iter(listing.images)
        while part := list(islice(pictures, AT_ONCE)):
            known = [picture for picture in part if picture is not None]
            found = present.probabilities(probabilities(known)) if known else torch.zeros(0, 1)
            said = iter(zip(found.argmax(dim=1).tolist(), found.amax(dim=1).tolist(), strict=True))
            for picture in part:
                row: tuple[str, ...] = ("", "")
                if picture is not None:
                    number, share = next(said)
                    row = (names[present.class_ids[number]], f"{share:.4f}")
                written += picture is not None
                unreadable += picture is None
                write((next(paths).path, *row))
            run.report(Progress(STAGE, written + unreadable, len(files)))
            run.check(STAGE)
    return Predicted(written, unreadable)


def _decoded(files: list[Path], side: int, reading: Reading) -> Iterator[Image.Image | None]:
    """The files' pictures in order, decoded a few ahead; None for files that cannot be read."""

    def read(file: Path) -> Image.Image | None:
        try:
            return decode(read_regular(file), side, reading).picture
        except (OSError, UnreadableImage):
            return None

    with ThreadPoolExecutor(READERS, thread_name_prefix="predict") as threads:
        rest = iter(files)
        waiting = [threads.submit(read, file) for file in islice(rest, 2 * AT_ONCE)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [threads.submit(read, file) for file in islice(rest, 1)]


def _predictor_of(model: TrainedModel) -> Predictor:
    """A function from pictures to class probabilities, float32 [N, classes]."""
    if isinstance(model, FeatureModel):
        side = model.frozen.side
        compute = runtime(model.frozen.encoder, side, model.pool.device)

        def by_features(pictures: list[Image.Image]) -> Tensor:
            features = mean_features(compute, [views(picture, side) for picture in pictures])
            return model.scores(prepared(features, model.centre)).softmax(dim=1)

        return by_features
    graph, side = answering(model)

    @torch.inference_mode()
    def by_network(pictures: list[Image.Image]) -> Tensor:
        pixels = np.stack([square(picture, side) for picture in pictures])[:, None]
        probabilities: Tensor = graph(torch.from_numpy(pixels))
        return probabilities

    return by_network
