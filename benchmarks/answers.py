"""The hidden labels of a project, in the form that the benchmarks of learners use."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labeller.learning.batches import PoolImages
from labeller.project.creation import open_demo
from labeller.project.project import Project


@contextmanager
def project_or_demo(folder: Path | None) -> Iterator[Project]:
    """Open a project, or a new copy of the demo."""
    with ExitStack() as stack:
        if folder is None:
            os.environ["LABELLER_DATA"] = stack.enter_context(tempfile.TemporaryDirectory())
            with open_demo() as demo:
                folder = demo.folder
        yield stack.enter_context(Project(folder, lock=False))


@dataclass(frozen=True)
class Answers:
    """Rows of the pool and their class indices from 0, as int64 tensors.

    Attributes:
        rows, labels: images of the pool.
        test, test_labels: held-out images.
        classes: number of classes.
    """

    pool: PoolImages
    rows: Tensor
    labels: Tensor
    test: Tensor
    test_labels: Tensor
    classes: int


def answers_of(project: Project) -> Answers:
    """All hidden labels of a project, on the CPU."""
    places = {c.id: place for place, c in enumerate(project.classes.all())}
    ids = project.images.candidates()
    truth = project.oracle.reveal(ids.tolist())
    test_ids, test_classes = project.oracle.test_set()
    return Answers(
        PoolImages(project.tensors(), torch.device("cpu"), project.image_files()),
        torch.from_numpy(ids.astype(np.int64)) - 1,
        torch.tensor([places[truth[i]] for i in ids.tolist()]),
        torch.from_numpy(test_ids.astype(np.int64)) - 1,
        torch.tensor([places[c] for c in test_classes.tolist()]),
        len(places),
    )
