"""The hidden labels of a project, as the benchmarks of learners need them."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from labeller.learning.batches import PoolImages
from labeller.project.project import Project


@dataclass(frozen=True)
class Answers:
    """Rows of the pool and their classes from 0, all long.

    Attributes:
        rows, labels: images to label.
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
    """All that the oracle of a project knows, on the CPU."""
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
