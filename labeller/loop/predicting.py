"""A project's newest model, the current state of its classes, and its suggestions."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from labeller.core.errors import LabellerError, quoted
from labeller.core.run import Progress, Run
from labeller.learning.checkpoint import CheckpointInfo, load_model
from labeller.learning.feature_learners import FeatureModel
from labeller.learning.fine_tuning import FineTuning
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.learners import WHOLE, learner_named, trains_network
from labeller.learning.model import TrainedModel
from labeller.loop.method import Method
from labeller.loop.training_data import pool_of, training_set
from labeller.project.project import Project
from labeller.selection.sampling import choose_at_random
from labeller.store.runs import TrainingRun

MOST_SUGGESTED = 500_000
"""Maximum number of images that get suggestions: predicting two million would take half a minute in
each round."""
UNKNOWN = -1
"""Stands for a class in an earlier version's checkpoint whose name no longer exists."""


def checkpoint_file(project: Project, run: TrainingRun) -> Path:
    """The file with a run's weights. Raises LabellerError if it is gone."""
    file = None if run.checkpoint is None else project.stored_checkpoint(run.checkpoint)
    if file is None:
        raise LabellerError(
            "The checkpoint {checkpoint} is missing. Train again.", checkpoint=run.checkpoint
        )
    return file


def model_of(project: Project, run: TrainingRun, device: str = "auto") -> TrainedModel:
    """The model of a run with a checkpoint, for the images of its project, with the classes it was
    trained for.

    Raises:
        LabellerError: the checkpoint, the cache or the device is not available.
    """
    return _loaded(project, run, device)[0]


def frozen_features(project: Project, method: Method) -> FrozenFeatures:
    """The features of the pretrained encoder, with feature maps if its last stages are trained."""
    pool = pool_of(project, method.device)
    return FrozenFeatures(method.encoder, pool, with_maps=method.learner == WHOLE)


def newest_on_features(project: Project, method: Method) -> FeatureModel | None:
    """The newest model, if it builds on the features of the method's encoder, fine-tuned or not."""
    newest = project.runs.newest_usable()
    if newest is None or newest.encoder != method.encoder:
        return None
    try:
        model = model_of(project, newest, method.device)
    except LabellerError:  # checkpoint missing or damaged: fall back to the features themselves
        return None
    return model if isinstance(model, FeatureModel) else None


def answering_model(
    project: Project, run: TrainingRun, asked: Run, device: str = "auto"
) -> tuple[TrainedModel, CheckpointInfo]:
    """Like `model_of`, for predictions in the current classes. If they have changed since its
    training, a model on a frozen encoder is refitted to all labels.

    Raises:
        LabellerError: as `model_of`, or a network has to be trained first.
        Cancelled: `asked.should_stop` said so.
    """
    model, info = _loaded(project, run, device)
    unseen = project.untaught(run.classes or model.class_ids)
    frozen = not trains_network(info.encoder)
    if not unseen and not (frozen and CurrentClasses.of(project, model).counts_as is not None):
        return model, info
    if not frozen:
        raise LabellerError(
            "The newest model has never seen the class '{name}': it was trained "
            "before that class had labels. Train again.",
            name=quoted(unseen[0]),
        )
    asked.report(Progress("Fitting the model to the present classes", 0, 1))
    data = training_set(project)
    learner = learner_named(info.learner, info.encoder, info.recipe)
    if isinstance(learner, FineTuning):
        learner = learner.head_only()
    fitted = learner.fit(data, model.pool, asked, previous=model)
    fitted.class_ids = data.class_ids
    return fitted, info


def _loaded(project: Project, run: TrainingRun, device: str) -> tuple[TrainedModel, CheckpointInfo]:
    model, info = load_model(checkpoint_file(project, run), pool_of(project, device))
    if not model.class_ids:
        known = project.classes.ids_by_name() | {name: i for i, name in run.classes.items()}
        model.class_ids = tuple(known.get(name, UNKNOWN) for name in info.classes)
    return model, info


@dataclass(frozen=True)
class CurrentClasses:
    """What a model's classes are now: merged ones count as their target, and the probability of
    archived ones is distributed among the others.

    Attributes:
        class_ids: ids of the K classes that it can predict.
        counts_as: float32 [C, K], 1 where one of the model's C classes counts as one of these; None
            if nothing has changed.
    """

    class_ids: tuple[int, ...]
    counts_as: Tensor | None

    @classmethod
    def of(cls, project: Project, model: TrainedModel) -> "CurrentClasses":
        standing = project.classes.standing_for()
        targets = [standing.get(class_id) for class_id in model.class_ids]
        class_ids = tuple(dict.fromkeys(t for t in targets if t is not None))
        if class_ids == model.class_ids:
            return cls(class_ids, None)
        return cls(
            class_ids, torch.tensor([[float(t == own) for own in class_ids] for t in targets])
        )

    def probabilities(self, probabilities: Tensor) -> Tensor:
        """Map probabilities of the model's classes, float32 [N, C], to the current ones, [N, K]."""
        if self.counts_as is None:
            return probabilities
        found = probabilities @ self.counts_as
        return found / found.sum(dim=1, keepdim=True).clamp(min=torch.finfo(found.dtype).tiny)


def taught_places(project: Project, run: TrainingRun, present: CurrentClasses) -> Tensor:
    """Places in `present.class_ids` of the classes that have labels, now or in a training; all of
    them if nothing is known of it: long."""
    standing = project.classes.standing_for()
    labelled = {standing.get(i) for i in (*run.classes, *project.labels.counts_by_class())}
    places = [place for place, own in enumerate(present.class_ids) if own in labelled]
    return torch.tensor(places or list(range(len(present.class_ids))))


def likeliest(probabilities: Tensor, taught: Tensor) -> tuple[Tensor, Tensor]:
    """The likeliest class of each image among those that have labels: its place, long [N], and its
    probability, float32 [N].

    Args:
        probabilities: of all classes, float32 [N, K].
        taught: places of the classes that have labels, long.
    """
    best = probabilities[:, taught].max(dim=1)
    return taught[best.indices], best.values


def suggest(
    project: Project, run: TrainingRun, model: TrainedModel, rows: Tensor, asked: Run
) -> None:
    """Store the likeliest class of these images, and of all others with known features (at most
    `MOST_SUGGESTED`, always the same ones). Only open images are included: for an image that it was
    trained on, a model just repeats the label.

    Args:
        run: the model's training.
        rows: the images' rows, long [N].
    """
    model.features(rows, asked)
    known, present = model.known_rows(), CurrentClasses.of(project, model)
    carried = project.labels.carried()
    if len(known) > MOST_SUGGESTED:
        drawn = choose_at_random(len(known), MOST_SUGGESTED, project.seed)
        known = torch.cat([rows, known[drawn]]).unique()
    known = known[~torch.isin(known, torch.from_numpy(carried - 1))]
    if not len(known) or not present.class_ids:
        project.suggestions.replace(run.id, [])
        return
    said = present.probabilities(model.probabilities(known, asked))
    places, confidences = likeliest(said, taught_places(project, run, present))
    project.suggestions.replace(
        run.id,
        (
            (row + 1, present.class_ids[place], confidence)
            for row, place, confidence in zip(
                known.tolist(), places.tolist(), confidences.tolist(), strict=True
            )
        ),
    )
