"""Audits: drawn at random, labelled blind, never learnt; and what they say of a model."""

import numpy as np
import pytest
import torch

from labeller.core.errors import LabellerError
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.loop.audit import begin_audit
from labeller.loop.estimates import estimates
from labeller.loop.lessons import last_lesson
from labeller.loop.method import Method
from labeller.loop.seen import audited_rows, labelled_rows, training_set
from tests.frozen_encoder import frozen  # noqa: F401

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def unmeasured(make, images):
    """A project with hidden labels and no held-out images."""
    return make(images, truth="folders", batch_size=6)


def answer(project, round_, shift: int = 0) -> None:
    """Label a batch truly, or every class as the next but so many."""
    classes = [c.id for c in project.classes.all()]
    truth = project.oracle.reveal(round_.image_ids)
    given = {i: classes[(classes.index(c) + shift) % 3] for i, c in truth.items()}
    project.labels.assign(given, "anna", round_id=round_.id)


def test_what_is_audited_is_never_learnt(unmeasured):
    project = unmeasured
    answer(project, rounds.begin(project, 6))
    before = training_set(project)
    audit = begin_audit(project, seed=1, count=20)
    assert audit.is_audit and len(set(audit.image_ids)) == 20
    answer(project, audit, shift=1)  # the wrong labels would ruin a model that learnt them
    data = training_set(project)
    assert torch.equal(data.labelled, before.labelled)
    assert not set((data.unlabelled + 1).tolist()) & set(audit.image_ids)
    assert set(labelled_rows(project)[0].tolist()) == set(before.labelled.tolist())
    assert sorted((audited_rows(project)[0] + 1).tolist()) == sorted(audit.image_ids)
    rounds.train_round(project, Method())
    (found,) = estimates(project)
    assert found.source == "audit" and found.accuracy < 0.1, "by the labels of the audit"


def test_a_label_that_is_corrected_later_stays_in_the_audit(unmeasured):
    project = unmeasured
    audit = begin_audit(project, seed=1, count=20)
    answer(project, audit)
    first = audit.image_ids[0]
    project.labels.assign({first: project.classes.all()[0].id}, "ben")
    assert np.array_equal(project.rounds.audited(), sorted(audit.image_ids))
    project.labels.undo("ben")
    project.labels.undo("ben")  # the whole audit
    assert len(audited_rows(project)[0]) == 0


def test_an_estimate_from_labels_gives_way_to_an_audit(unmeasured):
    project = unmeasured
    answer(project, rounds.begin(project, 24))
    rounds.train_round(project, Method())
    (found,) = estimates(project)
    assert found.source == "labels" and found.accuracy > 0.9
    assert set(found.per_class) == {"red", "green", "blue"}


def test_a_small_audit_is_refused_and_tells_why(unmeasured):
    project = unmeasured
    project.labels.skip(project.images.open()[:20].tolist(), "anna")
    with pytest.raises(LabellerError, match="at least 20 open images, and 16 are left"):
        begin_audit(project, seed=1)


def test_an_audit_is_no_lesson(unmeasured):
    project = unmeasured
    answer(project, rounds.begin(project, 12))
    answer(project, begin_audit(project, seed=1, count=20))
    rounds.train_round(project, Method())
    assert last_lesson(project).round_number == 0


def test_a_network_is_measured_by_an_audit_alone(unmeasured):
    recipe = recipe_named("quick", epochs=1, steps_per_epoch=2, batch_size=8, queue_size=32)
    network = Method(recipe, device="cpu", learner="mobyv2al")
    project = unmeasured
    answer(project, rounds.begin(project, 12, Method(strategy="random")))
    rounds.train_round(project, network)
    assert estimates(project) == []
    answer(project, begin_audit(project, seed=1, count=20))
    rounds.train_round(project, network)
    (found,) = estimates(project)
    assert found.source == "audit" and 0 <= found.low <= found.accuracy <= found.high <= 1
