"""What a learner may see of a project: labelled, unlabelled and held-out images as rows of the
tensor cache, and the given labels."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from labeller.core.errors import LabellerError
from labeller.learning.batches import PoolImages
from labeller.learning.device import choose_device
from labeller.learning.trainer import TrainingSet
from labeller.project.project import Project


def training_set(project: Project) -> TrainingSet:
    """The data that the learner may see.

    Raises:
        LabellerError: there are too few classes or labels.
    """
    places = _places(project, None)
    if len(places) < 2:
        raise LabellerError("A model needs at least two classes. Add another class.")
    labelled, labels = _of_classes(places, *_distinct_labelled(project))
    if not len(labelled):
        raise LabellerError("There are no labels yet. Label some images first.")
    if len(set(labels.tolist())) < 2:
        raise LabellerError(
            "All labels so far are of the same class. Label images of at least two classes first."
        )
    test, test_labels = _of_classes(places, *project.oracle.test_set())
    return TrainingSet(
        rows_of(labelled),
        _as_places(places, labels),
        rows_of(project.images.unlabelled()),
        rows_of(test),
        _as_places(places, test_labels),
        len(places),
        tuple(places),
    )


def pool_of(project: Project, device: str = "auto") -> PoolImages:
    """A project's images on the device of this name.

    Raises:
        LabellerError: the cache or the device is not available.
    """
    return PoolImages(project.tensors(), choose_device(device), project.image_files())


def rows_of(image_ids: np.ndarray) -> torch.Tensor:
    """Rows of images in the tensor cache, long."""
    return torch.from_numpy(image_ids - 1)


def labelled_rows(
    project: Project, class_ids: Sequence[int] | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of the labelled images, and the index of each label in `class_ids` (None: the current
    classes), -1 if it is not among them; both long [N]."""
    places = _places(project, class_ids)
    ids, labels = _distinct_labelled(project)
    return rows_of(ids), _as_places(places, labels)


def audited_rows(
    project: Project, class_ids: Sequence[int] | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Like `labelled_rows`, for images labelled in audits, leaving out those of other classes."""
    places = _places(project, class_ids)
    ids, labels = project.labels.labelled()
    audit = np.isin(ids, project.rounds.audited())
    audit &= ~np.isin(ids, project.images.unreadable_ids())
    ids, labels = _of_classes(places, ids[audit], labels[audit])
    return rows_of(ids), _as_places(places, labels)


def offered(project: Project) -> tuple[int, ...]:
    """Ids of the classes that are trained on, in order."""
    return tuple(image_class.id for image_class in project.classes.all())


def _places(project: Project, class_ids: Sequence[int] | None) -> dict[int, int]:
    order = offered(project) if class_ids is None else class_ids
    return {class_id: place for place, class_id in enumerate(order)}


def _as_places(places: Mapping[int, int], class_ids: np.ndarray) -> torch.Tensor:
    """The indices of classes, long; -1 for a class that has none."""
    return torch.tensor([places.get(i, -1) for i in class_ids.tolist()], dtype=torch.long)


def _of_classes(
    places: Mapping[int, int], images: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Only images whose class is trained on; archived classes are not."""
    kept = np.isin(labels, list(places))
    return images[kept], labels[kept]


def _distinct_labelled(project: Project) -> tuple[np.ndarray, np.ndarray]:
    """Ids and classes of the labelled images to train on: without audits, without copies of images
    that measure models, without withdrawn images, and with one image of each set of copies."""
    labelled, labels = project.labels.labelled()
    audited = project.rounds.audited()
    measures, taken, again = set(audited.tolist()), set(labelled.tolist()), []
    for copy, (original, held_out) in project.images.copies().items():
        if held_out or original in measures or (original in taken and copy in taken):
            again.append(copy)
        elif copy in taken:
            taken.add(original)  # this copy stands for it
    apart = np.array([*again, *project.images.withdrawn()], dtype=np.int64)
    kept = ~np.isin(labelled, np.concatenate([apart, audited]))
    return labelled[kept], labels[kept]
