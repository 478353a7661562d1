"""Agreement against worked examples."""

import pytest

from labeller.store.agreement import (
    cohens_kappa,
    conflicts,
    fleiss_kappa,
    pairs,
)


def test_cohens_kappa_of_a_textbook_table():
    """20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: p_o = 0.7, p_e = 0.5, kappa = 0.4."""
    both = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert cohens_kappa(both) == pytest.approx(0.4)
    assert cohens_kappa([(1, 1)] * 3) is None and cohens_kappa([]) is None
    assert cohens_kappa([(0, 1), (1, 0)]) == pytest.approx(-1)


def test_fleiss_kappa_of_a_textbook_table():
    """Ten subjects, fourteen raters, five categories (Wikipedia's worked example): 0.210."""
    table = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    found = {}
    for image, row in enumerate(table):
        classes = [category for category, n in enumerate(row) for _ in range(n)]
        found[image] = {f"rater {n}": category for n, category in enumerate(classes)}
    assert fleiss_kappa(found) == pytest.approx(0.210, abs=5e-4)
    assert fleiss_kappa({1: {"a": 1}}) is None


def test_each_persons_last_label_is_their_opinion(project):
    project.labels.assign({1: 1, 2: 2, 3: 3}, "anna")
    project.labels.assign({1: 1, 2: 3}, "bert")
    project.labels.assign({3: 1}, "anna")
    project.labels.assign({5: 2}, "oracle", origin="oracle")
    found = project.agreement.opinions()
    assert found == {1: {"anna": 1, "bert": 1}, 2: {"anna": 2, "bert": 3}, 3: {"anna": 1}}
    assert conflicts(found) == [2]
    (pair,) = pairs(found)
    assert (pair.first, pair.second, pair.images, pair.alike) == ("anna", "bert", 2, 1)


def test_undone_and_cleared_labels_are_no_opinions(project):
    project.labels.assign({1: 1}, "anna")
    project.labels.assign({1: 2}, "bert")
    project.labels.undo("bert")
    assert project.agreement.opinions() == {1: {"anna": 1}}, "undo leaves no opinion of bert's"
    project.labels.redo("bert")
    assert project.agreement.opinions() == {1: {"anna": 1, "bert": 2}}
    project.labels.clear([1], "bert")
    assert project.agreement.opinions() == {1: {"anna": 1}}
    project.labels.skip([1], "anna")
    assert project.agreement.opinions() == {}


def test_own_words_are_one_persons_last_actions(project):
    project.labels.assign({1: 1, 2: 2, 3: 3}, "anna")
    project.labels.assign({1: 2}, "bert")
    project.labels.skip([2], "bert", reason="unsure")
    own = project.agreement.labels_by("bert", [1, 2, 3])
    assert {i: (label.class_id, label.reason) for i, label in own.items()} == {
        1: (2, None), 2: (None, "unsure"),
    }  # fmt: skip
    project.labels.undo("bert")
    assert set(project.agreement.labels_by("bert", [1, 2, 3])) == {1}
    assert set(project.agreement.labels_by("anna", range(1, 2000))) == {1, 2, 3}


def test_a_decision_holds_until_the_image_is_relabelled(project):
    project.labels.assign({1: 1, 2: 1}, "anna")
    project.labels.assign({1: 2, 2: 2}, "bert")
    assert project.agreement.decided() == set()
    project.labels.assign({1: 2}, "carla")
    project.agreement.decide([1], "carla")
    assert project.agreement.decided() == {1}
    project.labels.assign({2: 3}, "carla")
    assert project.agreement.decided() == {1}, "labels of other images do not matter"
    project.labels.undo("carla")
    project.labels.undo("carla")
    assert project.agreement.decided() == set()
    project.labels.redo("carla")
    project.agreement.decide([1], "carla")
    project.labels.assign({1: 1}, "anna")
    assert project.agreement.decided() == set()


def test_merging_classes_adds_no_opinion_and_resolves_conflicts(project):
    project.labels.assign({1: 1, 2: 1}, "anna")
    project.labels.assign({1: 1, 2: 2}, "bert")
    project.labels.merge(1, 2, None, "carl")
    found = project.agreement.opinions()
    assert found == {1: {"anna": 2, "bert": 2}, 2: {"anna": 2, "bert": 2}}
    assert conflicts(found) == []
    project.labels.undo("carl")
    assert conflicts(project.agreement.opinions()) == [2]
