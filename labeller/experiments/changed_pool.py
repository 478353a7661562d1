"""Changes that a simulation makes to its copy of a pool: fewer images, rarer classes, wrong labels.
All are drawn by the seed, so they are the same for all methods."""

from collections.abc import Mapping

import numpy as np

from labeller.experiments.plan import Plan
from labeller.project.project import Project


def change_pool(copy: Project, plan: Plan, seed: int) -> None:
    """Leave out images, and replace hidden labels of the pool, as the plan says."""
    if plan.pool is not None:
        ids = copy.images.candidates()
        order = np.random.default_rng([seed, plan.pool]).permutation(ids)
        copy.images.leave_out(order[plan.pool :].tolist())
    if plan.imbalance is not None:
        imbalance = plan.imbalance
        classes = [each.id for each in copy.classes.all()][:: imbalance.every]
        classes = classes[: imbalance.classes]
        kept = dict.fromkeys(classes, imbalance.kept)
        _keep(copy, _members(copy), kept, [seed, imbalance.classes, imbalance.kept])
    if plan.long_tail:
        members = _members(copy)
        kept = _tail(members, plan.long_tail)
        _keep(copy, members, kept, [seed, round(1000 * plan.long_tail)])
    if plan.noise:
        _mislabel(copy, plan.noise, seed)


def _members(copy: Project) -> dict[int, list[int]]:
    """Ids of the pool's images by their true class, of the classes that are in use."""
    ids = copy.images.candidates().tolist()
    truth = copy.oracle.reveal(ids)
    members: dict[int, list[int]] = {each.id: [] for each in copy.classes.all()}
    for image_id in ids:
        if truth.get(image_id) in members:
            members[truth[image_id]].append(image_id)
    return members


def _keep(
    copy: Project, members: Mapping[int, list[int]], kept: Mapping[int, int], entropy: list[int]
) -> None:
    """Leave out random images of classes that have too many."""
    rng = np.random.default_rng(entropy)
    surplus: list[int] = []
    for class_id, count in kept.items():
        surplus += rng.permutation(members[class_id])[count:].tolist()
    copy.images.leave_out(surplus)


def _tail(members: Mapping[int, list[int]], ratio: float) -> dict[int, int]:
    """How many of its images each class keeps: a share that falls exponentially from 1 for the
    first class to 1 / ratio for the last (Cui et al., CVPR 2019, section 5.1), at least one."""
    last = max(len(members) - 1, 1)
    return {
        class_id: max(1, round(len(ids) * ratio ** (-place / last)))
        for place, (class_id, ids) in enumerate(members.items())
    }


def _mislabel(copy: Project, share: float, seed: int) -> None:
    """Give a share of the pool's images one of the other classes, uniformly (symmetric noise)."""
    members = _members(copy)
    truth = {image_id: class_id for class_id, ids in members.items() for image_id in ids}
    if len(members) < 2:
        return
    rng = np.random.default_rng([seed, round(1_000_000 * share)])
    wrong = rng.permutation(sorted(truth))[: round(share * len(truth))].tolist()
    classes = list(members)
    others = {class_id: [c for c in classes if c != class_id] for class_id in classes}
    copy.oracle.hide({i: others[truth[i]][int(rng.integers(len(classes) - 1))] for i in wrong})
