"""Labelled images worth another look: likely mistakes, near-duplicates and outliers."""

import torch
from torch import Tensor

from labeller.core.run import Progress, Run
from labeller.learning.logistic import oof_scores, temperature_for
from labeller.loop.likeness import features_now
from labeller.loop.training_data import labelled_rows, offered, rows_of
from labeller.project.project import Project
from labeller.selection.coreset import typicality

ALIKE = 0.88
"""Cosine similarity from which two images are near-duplicates. Of 200 photos of clothing, 19 of 20
have 0.90 or more with their recompressed copy, 0.93 with their mirror image, 0.79 with a copy of
half the size; of 3,440 different photos, one in fifty has a neighbour of more than 0.86."""
NEIGHBOURS = 10
"""Number of nearest images that each image is compared with."""
REFERENCES = 4096
BLOCK = 2048
ODDEST = 500
"""Maximum number of outliers shown."""


REPEATS = 4
"""Number of repetitions of cross-validation."""


def find(kind: str, project: Project, ids: list[int], run: Run = Run()) -> dict[int, int | None]:
    """Labelled images among `ids` that stand out, in order; likely mistakes with the predicted
    class (by id).

    Args:
        kind: `mistakes`, `near-duplicates` or `outliers`.

    Raises like the function for that kind.
    """
    if kind == "mistakes":
        return dict(likely_mistakes(project, ids, run))
    found = {"near-duplicates": near_duplicates, "outliers": outliers}[kind]
    return dict.fromkeys(found(project, ids, run))


def likely_mistakes(project: Project, ids: list[int], run: Run = Run()) -> dict[int, int]:
    """Labelled images among `ids` for which cross-validation predicts another class, with that
    class (by id); the least plausible labels come first.

    Out-of-fold probabilities rank them (Northcutt et al., "Confident Learning", JAIR 2021, section
    3); the heads have no intercept, since classes with few labels would then be suspected first.
    Images that somebody has already reviewed are left out.

    Raises:
        LabellerError: as `labeller.loop.likeness.features_now`.
        Cancelled: `run.should_stop` said so.
    """
    run = run.seeded(project.seed)
    class_ids = offered(project)
    labelled, labels = labelled_rows(project, class_ids)
    learnt = labels >= 0
    labelled, labels = labelled[learnt], labels[learnt]
    rows, points = features_now(project, labelled, run, compute=labelled)
    known = torch.isin(labelled, rows)
    labels = labels[known]
    if len(labels.unique()) < 2:
        return {}
    probabilities = torch.zeros(len(rows), len(class_ids))
    for seed in range(REPEATS):
        run.check("Comparing")
        run.report(Progress("Comparing", seed, REPEATS))
        scores = oof_scores(points, labels, len(class_ids), seed, intercept=False, run=run)
        probabilities += (scores / temperature_for(scores, labels)).softmax(dim=1) / REPEATS
    own = probabilities.gather(1, labels[:, None]).squeeze(1)
    best, said = probabilities.max(dim=1)
    suspicion = best.log() - own.log()
    wanted = set(ids) - project.review.checked(ids)
    return {
        int(rows[place]) + 1: class_ids[int(said[place])]
        for place in suspicion.argsort(descending=True).tolist()
        if said[place] != labels[place] and int(rows[place]) + 1 in wanted
    }


def near_duplicates(project: Project, ids: list[int], run: Run = Run()) -> list[int]:
    """Near-duplicates among `ids`, in groups: groups whose labels differ first, then the most
    similar.

    Raises:
        LabellerError: as `labeller.loop.likeness.features_now`.
        Cancelled: `run.should_stop` said so.
    """
    run = run.seeded(project.seed)
    rows, pairs = _alike(project, ids, run)
    names = [int(row) + 1 for row in rows]
    carried = project.labels.current(names)
    groups = []
    for group in _joined(pairs):
        members = [names[place] for place in group]
        classes = {carried[i].class_id for i in members if i in carried}
        likest = max(pairs[p] for p in pairs if p[0] in group)
        groups.append((len(classes) < 2, -likest, members))
    return [image_id for _, _, members in sorted(groups) for image_id in members]


def groups_alike(project: Project, ids: list[int], run: Run = Run()) -> tuple[tuple[int, ...], ...]:
    """Groups of near-duplicates among `ids`; missing features are read. Raises as
    `near_duplicates`."""
    run = run.seeded(project.seed)
    rows, pairs = _alike(project, ids, run, compute=True)
    return tuple(tuple(sorted(int(rows[place]) + 1 for place in group)) for group in _joined(pairs))


def _alike(
    project: Project, ids: list[int], run: Run, compute: bool = False
) -> tuple[Tensor, dict[tuple[int, int], float]]:
    """Rows of the images with known features, and pairs of near-duplicates (by index into these)
    with their cosine similarity."""
    rows, points = _points(project, ids, run, compute)
    pairs: dict[tuple[int, int], float] = {}
    if len(rows) < 2:
        return rows, pairs
    for start in range(0, len(points), BLOCK):
        alike = points[start : start + BLOCK] @ points.T
        best, found = alike.topk(min(NEIGHBOURS + 1, len(points)), dim=1)
        for own, other in (best >= ALIKE).nonzero().tolist():
            one, two = start + own, int(found[own, other])
            if one != two:
                pairs[min(one, two), max(one, two)] = float(best[own, other])
        run.report(Progress("Comparing", min(start + BLOCK, len(points)), len(points)))
    return rows, pairs


def outliers(project: Project, ids: list[int], run: Run = Run()) -> list[int]:
    """Outliers among `ids`, those least like the rest of the pool first.

    Raises:
        LabellerError: as `labeller.loop.likeness.features_now`.
        Cancelled: `run.should_stop` said so.
    """
    run = run.seeded(project.seed)
    rows, points = _points(project, ids, run)
    if not len(rows):
        return []
    pool = rows_of(project.images.open())
    rng = torch.Generator().manual_seed(project.seed)
    drawn = pool[torch.randperm(len(pool), generator=rng)[:REFERENCES]]
    others = features_now(project, drawn, run)[1] if len(drawn) else points[:0]
    order = typicality(points, torch.cat([points, others])[:REFERENCES]).argsort()
    return [int(row) + 1 for row in rows[order[:ODDEST]]]


def _points(
    project: Project, ids: list[int], run: Run, compute: bool = False
) -> tuple[Tensor, Tensor]:
    """Rows and unit-length features of the images with known features; `compute` reads missing
    ones."""
    wanted = torch.tensor(ids, dtype=torch.long) - 1
    rows, points = features_now(project, wanted, run, wanted if compute else None)
    return rows, torch.nn.functional.normalize(points, dim=1)


def _joined(pairs: dict[tuple[int, int], float]) -> list[set[int]]:
    """Connected components of a graph of pairs."""
    group_of: dict[int, set[int]] = {}
    for one, two in pairs:
        joined = group_of.get(one, {one}) | group_of.get(two, {two})
        for member in joined:
            group_of[member] = joined
    return list({id(group): group for group in group_of.values()}.values())
