"""The pool as the newest model sees it, in two dimensions."""

from dataclasses import dataclass

import numpy as np
import torch

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.loop.predicting import model_of
from labeller.project.project import Project

MOST = 4000
"""Of more images a sample is drawn; all that are labelled or in the newest batch are shown."""


@dataclass(frozen=True)
class FeatureMap:
    """`places` is float32 [N, 2], for `image_ids` int64 [N]; the first two principal components."""

    image_ids: np.ndarray
    places: np.ndarray


def feature_map(project: Project, run: Run = Run()) -> FeatureMap:
    """Read features and lay them out; the same project gives the same map.

    Raises:
        LabellerError: there is no model yet.
        Cancelled: `run.should_stop` said so.
    """
    newest = project.runs.newest_usable()
    if newest is None:
        raise LabellerError("A map needs a trained model. Label a batch and train first.")
    batch = project.rounds.newest()
    shown = np.union1d(
        project.labels.labelled()[0],
        np.array(batch.image_ids if batch else (), dtype=np.int64),
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
