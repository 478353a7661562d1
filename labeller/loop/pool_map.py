"""A map of the pool: images that the model finds alike lie close together.

It starts as the first two principal components. Then openTSNE computes t-SNE (van der Maaten and
Hinton, JMLR 9, 2008) from these or from the previous map, so that images stay where they were
(Kobak and Linderman, Nature Biotechnology 39, 2021). The map is refined in small steps and kept.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from labeller_models.registry import mark

from labeller.core.errors import LabellerError
from labeller.core.files import is_regular, replacing
from labeller.core.run import Progress, Run
from labeller.loop.likeness import readable
from labeller.loop.training_data import rows_of
from labeller.project.project import Project

MOST = 100_000
"""Maximum number of images on the map: the labelled ones, those in the newest batch, and a random
sample of the others."""
FEWEST = 8
DIMENSIONS = 50
"""Number of principal components used to measure distances, as in the paper on t-SNE."""
AXES_FROM = 5000
AT_ONCE = 8192
PERPLEXITY = 30
EARLY, EXAGGERATION = 250, 12
STEPS, STEP = 500, 25
"""Number of iterations, and of iterations between two updates of the map."""
FEWEST_TO_REFINE = 30
"""With fewer images t-SNE collapses to a single point, so their principal components stay."""
FARTHEST = 1e4
"""A stored position farther out is damaged: layouts of 100,000 images extend to about 100."""
LARGEST = 64 << 20
"""Maximum size of an unpacked stored layout in bytes."""
SPREAD = 1e-4
"""Standard deviation of the first layout (openTSNE's advice)."""
FILE = "map.npz"
STAGE = mark("Drawing the map of the pool")


@dataclass(frozen=True)
class PoolMap:
    """A layout of images.

    Attributes:
        image_ids: int64 [N].
        points: float32 [N, d], their principal components, d at most `DIMENSIONS`.
        places: float32 [N, 2], their positions on the map.
        state: digest of the images and of their spread, which identifies what is laid out.
        settled: whether the layout is finished.
        known: bool [N], whether each position comes from an earlier layout.
        path: the file that stores the layout; None if nothing may be written.
    """

    image_ids: np.ndarray
    points: np.ndarray
    places: np.ndarray
    state: str
    settled: bool
    known: np.ndarray
    path: Path | None


def begin_map(project: Project, run: Run = Run()) -> PoolMap:
    """Read features and lay them out by their principal components, or as in the stored map;
    deterministic for a project.

    Raises:
        LabellerError: too few images have been read, or the learner trains a network and there is
            no model yet.
        Cancelled: `run.should_stop` said so.
    """
    rows, read = readable(project, rows_of(_images(project)), run.seeded(0), pretrained=False)
    if len(rows) < FEWEST:
        raise LabellerError("Too few images have been read yet. Try again in a moment.")
    ids = rows.numpy() + 1
    some = torch.randperm(len(rows), generator=torch.Generator().manual_seed(0))[:AXES_FROM]
    sample = read(rows[some]).nan_to_num(0, 0, 0)  # a network may have diverged
    mean = sample.mean(dim=0)
    _, _, axes = torch.linalg.svd(sample - mean, full_matrices=False)
    parts = []
    for part in rows.split(AT_ONCE):
        parts.append((read(part).nan_to_num(0, 0, 0) - mean) @ axes[:DIMENSIONS].T)
        run.report(Progress(STAGE, sum(map(len, parts)), len(rows)))
    points = torch.cat(parts).numpy()
    # Not a digest of the points themselves: their last digits depend on the number of threads.
    state = hashlib.sha256(ids.tobytes() + points.std(axis=0).round(3).tobytes()).hexdigest()
    first = np.pad(points[:, :2], ((0, 0), (0, max(0, 2 - points.shape[1]))))
    path = project.tensor_cache.path.with_name(FILE)
    found = PoolMap(
        ids, points, first, state, False, np.zeros(len(ids), bool),
        None if project.read_only else path,
    )  # fmt: skip
    return _as_kept(found, path)


def _images(project: Project) -> np.ndarray:
    """The ids of the images on the map, ascending, int64."""
    batch = project.rounds.newest()
    shown = np.union1d(
        project.labels.labelled()[0], np.array(batch.image_ids if batch else (), dtype=np.int64)
    )
    rest = np.setdiff1d(project.images.candidates(), shown)
    sample = np.random.default_rng(project.seed).permutation(rest)[: max(0, MOST - len(shown))]
    return np.sort(np.concatenate([shown, sample]).astype(np.int64))


def refined(start: PoolMap, run: Run = Run(), threads: int = 1) -> Iterator[PoolMap]:
    """Yield better and better layouts; the last one is settled and stored.

    Args:
        run: stops the iteration.
        threads: number of threads to use; somebody may be working meanwhile.
    """
    from openTSNE import TSNEEmbedding, affinity

    count = len(start.image_ids)
    if start.settled or count < FEWEST_TO_REFINE or not np.ptp(start.points, axis=0).any():
        return
    perplexity = min(PERPLEXITY, (count - 1) / 3)
    affinities = affinity.PerplexityBasedNN(
        start.points, perplexity=perplexity, method="auto", n_jobs=threads, random_state=0
    )
    again = bool(start.known.any())
    first = start.places.astype(np.float64)
    if not again:
        first *= SPREAD / max(first[:, 0].std(), 1e-12)
    embedding = TSNEEmbedding(
        first, affinities, n_jobs=threads, random_state=0,
        negative_gradient_method="bh" if count < 10_000 else "fft",
    )  # fmt: skip
    early = 0 if again else EARLY
    for done in range(0, early + STEPS, STEP):
        if run.should_stop():
            return
        exaggerated = done < early
        embedding.optimize(
            STEP, inplace=True, exaggeration=EXAGGERATION if exaggerated else None,
            momentum=0.5 if exaggerated else 0.8,
        )  # fmt: skip
        settled = done + STEP >= early + STEPS
        places = np.asarray(embedding, dtype=np.float32).copy()
        found = replace(start, places=places, settled=settled)
        if settled:
            _keep(found)
        yield found


def _keep(found: PoolMap) -> None:
    """Store a layout; if it cannot be stored, it is computed again the next time."""
    if found.path is not None:
        with suppress(OSError), replacing(found.path, False) as new, new.open("wb") as file:
            np.savez(file, image_ids=found.image_ids, places=found.places, state=found.state)


def _as_kept(found: PoolMap, path: Path) -> PoolMap:
    """The map with the positions of the stored layout. Images that are not in it go to the position
    of the image nearest to them."""
    from scipy.spatial import KDTree

    kept = _read(path)
    if kept is None:
        return found
    ids, places, state = kept
    _, ours, theirs = np.intersect1d(found.image_ids, ids, return_indices=True)
    if len(ours) < len(found.image_ids) / 2:
        return found
    known = np.zeros(len(found.image_ids), bool)
    known[ours] = True
    laid = np.zeros_like(found.places)
    laid[ours] = places[theirs]
    if not known.all():
        _, nearest = KDTree(found.points[ours]).query(found.points[~known])
        laid[~known] = laid[ours[nearest]]
    return replace(found, places=laid, known=known, settled=state == found.state)


def _read(path: Path) -> tuple[np.ndarray, np.ndarray, str] | None:
    """A stored layout: image ids, positions and state; None if there is no usable one."""
    if not is_regular(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > LARGEST:
                return None
        with np.load(path, allow_pickle=False) as stored:
            ids, places, state = stored["image_ids"], stored["places"], str(stored["state"])
    except Exception:  # files can be damaged in more ways than can be listed
        return None
    fits = ids.dtype == np.int64 and ids.ndim == 1 and places.dtype == np.float32
    if not fits or places.shape != (len(ids), 2) or not (np.abs(places) < FARTHEST).all():
        return None
    return ids, places, state
