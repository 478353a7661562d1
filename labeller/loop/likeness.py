"""How images compare under the project's encoder or newest model: similar ones, groups that look
alike, and a map of the pool."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.feature_learners import centred_features, mean_of, prepared
from labeller.learning.learners import trains_network
from labeller.loop.predicting import frozen_features, model_of, newest_on_features
from labeller.loop.round_settings import round_settings
from labeller.loop.training_data import rows_of
from labeller.project.project import Project
from labeller.selection.sampling import nearest, nearest_to_centres


def features_now(
    project: Project,
    rows: Tensor,
    run: Run,
    surely: Tensor | None = None,
    pretrained: bool = True,
) -> tuple[Tensor, Tensor]:
    """Features of images, as far as they are available without a long wait.

    Args:
        rows: of images, long [N].
        surely: rows whose features are computed now if they are missing.
        pretrained: whether those before fine-tuning are wanted, which have not learnt the labels.

    Returns:
        The rows whose features are known, long [K], and the features, float32 [K, d]: with a frozen
        encoder those read so far, with a network all.

    Raises:
        LabellerError: the learner trains a network, and there is no model yet.
        Cancelled: `run.should_stop` said so.
    """
    method = round_settings(project).method
    if trains_network(method.encoder):
        newest = project.runs.newest_usable()
        if newest is None:
            raise LabellerError(
                "Comparing images needs a trained model. Label a batch and train first."
            )
        return rows, model_of(project, newest, method.device).features(rows, run)
    tuned = None if pretrained else newest_on_features(project, method)
    features = frozen_features(project, method) if tuned is None else tuned.frozen
    if surely is not None:
        features.read(surely, run)
    rows = rows[features.store.known(rows)]
    if not len(rows):
        return rows, torch.zeros(0, features.encoder.dim)
    centre = mean_of(features, features.store.all_known(), run)
    return rows, prepared(features.raw(rows, run), centre)


SHOWN = 60


def similar_images(
    project: Project, image_ids: Sequence[int], count: int = SHOWN, run: Run = Run()
) -> list[int]:
    """Ids of open images, those first that are most similar to any of `image_ids`; with a frozen
    encoder, of those read so far.

    Raises:
        LabellerError: the learner trains a network, and there is no model yet.
        Cancelled: `run.should_stop` said so.
    """
    run = run.seeded(project.seed)
    own = torch.tensor(list(image_ids)) - 1
    others = project.images.open()
    rows = torch.cat([own, rows_of(others[~np.isin(others, list(image_ids))])])
    rows, points = features_now(project, rows, run, surely=own, pretrained=False)
    distances, _ = nearest(points[len(own) :], points[: len(own)])
    return [int(row) + 1 for row in rows[len(own) :][distances.argsort()[:count]]]


GROUPS = 24
SHOWN_OF_GROUP = 48
"""Images of a group that are shown, those nearest to its middle."""
FEWEST = 4
"""Smaller groups are dropped."""


def groups_of(project: Project, count: int = GROUPS, run: Run = Run()) -> list[list[int]]:
    """Ids of open images that have been read, in groups around typical ones, the largest group and
    the most typical images first.

    Raises:
        LabellerError: the learner has no frozen encoder, or too few images have been read.
        Cancelled: `run.should_stop` said so.
    """
    method = round_settings(project).method
    if trains_network(method.encoder):
        raise LabellerError(
            "Groups need a pretrained encoder. Choose such a learner for the rounds."
        )
    newest = newest_on_features(project, method)
    features = frozen_features(project, method) if newest is None else newest.frozen
    ids = project.images.candidates().astype(np.int64)
    rows = rows_of(ids)
    rows = rows[features.store.known(rows)]
    count = min(count, len(rows) // FEWEST)
    if count < 2:
        raise LabellerError("Too few images have been read yet. Try again in a moment.")
    run = run.seeded(project.seed)
    points = centred_features(features, rows, run)
    middles = nearest_to_centres(points, count, run.seed)
    apart, owner = nearest(points, points[middles])
    groups = []
    for group in torch.bincount(owner, minlength=count).argsort(descending=True).tolist():
        members = (owner == group).nonzero().flatten()
        order = members[apart[members].argsort()][:SHOWN_OF_GROUP]
        if len(order) >= FEWEST:
            groups.append([int(row) + 1 for row in rows[order]])
    return groups


MOST = 4000
"""Images on the map; of more, a random sample, besides all that are labelled or in the newest
batch."""


@dataclass(frozen=True)
class FeatureMap:
    """The first two principal components of the features: `places` float32 [N, 2] of `image_ids`
    int64 [N]."""

    image_ids: np.ndarray
    places: np.ndarray


def feature_map(project: Project, run: Run = Run()) -> FeatureMap:
    """Read features and lay them out; deterministic for a project.

    Raises:
        LabellerError: there is no model yet.
        Cancelled: `run.should_stop` said so.
    """
    newest = project.runs.newest_usable()
    if newest is None:
        raise LabellerError("A map needs a trained model. Label a batch and train first.")
    batch = project.rounds.newest()
    shown = np.union1d(
        project.labels.labelled()[0], np.array(batch.image_ids if batch else (), dtype=np.int64)
    )
    rest = np.setdiff1d(project.images.candidates(), shown)
    rng = np.random.default_rng(project.seed)
    sample = rng.permutation(rest)[: max(0, MOST - len(shown))]
    ids = np.sort(np.concatenate([shown, sample]).astype(np.int64))
    rows = torch.from_numpy(ids - 1)
    features = model_of(project, newest).features(rows, run.seeded(0))
    centred = features - features.mean(dim=0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        _, _, axes = torch.pca_lowrank(centred, q=min(2, *centred.shape), center=False)
    places = (centred @ axes).numpy()
    return FeatureMap(ids, np.pad(places, ((0, 0), (0, 2 - places.shape[1]))))
