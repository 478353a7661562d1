"""Changes a plan makes to its copy of the pool: label noise and long tails."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from labeller.core.errors import LabellerError
from labeller.experiments.changed_pool import change_pool
from labeller.experiments.plan import Imbalance, Plan
from labeller.experiments.simulation import simulate
from tests.loop.test_rounds import FAST

PLAN = Plan(4, 2, 2, method=FAST)


def changed(project, plan: Plan, seed: int = 0) -> dict[int, int]:
    """True classes of the images left in the pool."""
    with project.scratch(lambda copy: change_pool(copy, plan, seed)) as copy:
        return copy.oracle.reveal(copy.images.candidates().tolist())


def test_noise_changes_a_share_of_the_hidden_labels(project):
    truth = changed(project, PLAN)
    found = changed(project, replace(PLAN, noise=0.25))
    wrong = {i for i in truth if found[i] != truth[i]}
    assert found.keys() == truth.keys() and len(wrong) == round(0.25 * len(truth))
    classes = {each.id for each in project.classes.all()}
    assert set(found.values()) <= classes
    assert changed(project, replace(PLAN, noise=0.25)) == found, "deterministic"
    assert changed(project, replace(PLAN, noise=0.25), seed=1) != found
    assert project.oracle.reveal(list(truth)) == truth, "the project itself is unchanged"


def test_noise_leaves_held_out_images_alone(project):
    before = project.oracle.test_set()
    with project.scratch(lambda copy: change_pool(copy, replace(PLAN, noise=0.9), 0)) as copy:
        after = copy.oracle.test_set()
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_a_long_tail_shrinks_each_class_exponentially(project):
    full = Counter(changed(project, PLAN).values())
    cut = Counter(changed(project, replace(PLAN, long_tail=4.0)).values())
    classes = [each.id for each in project.classes.all()]
    last = len(classes) - 1
    for place, each in enumerate(classes):
        assert cut[each] == max(1, round(full[each] * 4 ** (-place / last)))
    assert Counter(changed(project, replace(PLAN, long_tail=1.0)).values()) == full


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"noise": 1.0}, "Noise must be at least 0"),
        ({"noise": -0.1}, "Noise must be at least 0"),
        ({"long_tail": 0.5}, "ratio of at least 1"),
        ({"long_tail": 2.0, "imbalance": Imbalance(1, 2)}, "either an imbalance or a long tail"),
        ({"noise": 0.1, "measures_pool": True}, "cannot be measured on noisy labels"),
    ],
)
def test_invalid_plans_are_refused(changes, message):
    with pytest.raises(LabellerError, match=message):
        replace(PLAN, **changes).check()


def test_a_simulation_trains_on_noisy_and_is_tested_on_true_labels(project):
    clean = simulate(project, replace(PLAN, first="random"))
    noisy = simulate(project, replace(PLAN, noise=0.6, first="random"))
    assert clean.plan != noisy.plan and "noise" not in clean.plan
    first = [each.runs[0].cycles[0] for each in (clean, noisy)]
    assert first[0].selected == first[1].selected, "noise changes labels, not the selection"
    assert noisy.of == clean.of
