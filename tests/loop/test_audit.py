"""Audits: random images, labelled blind and never trained on, that estimate a model's accuracy."""

import numpy as np
import pytest
import torch

from labeller.care.checking import check
from labeller.care.recovery import restore
from labeller.core.errors import LabellerError
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.loop.audit import begin_audit
from labeller.loop.estimates import estimates, last_round_summary
from labeller.loop.method import Method
from labeller.loop.training_data import audited_rows, labelled_rows, training_set
from labeller.project.exporting import export
from labeller.project.importing import import_labels
from labeller.project.project import Project
from labeller.project.teams import merge
from tests.frozen_encoder import frozen  # noqa: F401
from tests.reliability.copies import rewrite_log

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def unmeasured(make, images):
    """A project with hidden labels and no held-out images."""
    return make(images, truth="folders", batch_size=6)


def answer(project, round_, shift: int = 0) -> None:
    """Label a batch with the true classes, or with each class shifted by `shift`."""
    classes = [c.id for c in project.classes.all()]
    truth = project.oracle.reveal(round_.image_ids)
    given = {i: classes[(classes.index(c) + shift) % 3] for i, c in truth.items()}
    project.labels.assign(given, "anna", round_id=round_.id)


def test_audited_images_are_never_trained_on(unmeasured):
    project = unmeasured
    answer(project, rounds.begin(project, 6))
    before = training_set(project)
    audit = begin_audit(project, seed=1, count=20)
    assert audit.is_audit and len(set(audit.image_ids)) == 20
    answer(project, audit, shift=1)  # wrong labels, which would ruin a model trained on them
    data = training_set(project)
    assert torch.equal(data.labelled, before.labelled)
    assert not set((data.unlabelled + 1).tolist()) & set(audit.image_ids)
    assert set(labelled_rows(project)[0].tolist()) == set(before.labelled.tolist())
    assert sorted((audited_rows(project)[0] + 1).tolist()) == sorted(audit.image_ids)
    rounds.train_round(project, Method())
    (found,) = estimates(project)
    assert found.source == "audit" and found.accuracy < 0.1, "measured on the audit's labels"


def test_a_corrected_label_stays_in_the_audit(unmeasured):
    project = unmeasured
    audit = begin_audit(project, seed=1, count=20)
    answer(project, audit)
    first = audit.image_ids[0]
    project.labels.assign({first: project.classes.all()[0].id}, "ben")
    assert np.array_equal(project.rounds.audited(), sorted(audit.image_ids))
    project.labels.undo("ben")
    project.labels.undo("ben")  # undoes the whole audit
    assert len(audited_rows(project)[0]) == 0


def test_without_an_audit_the_estimate_comes_from_the_labels(unmeasured):
    project = unmeasured
    answer(project, rounds.begin(project, 24))
    rounds.train_round(project, Method())
    (found,) = estimates(project)
    assert found.source == "labels" and found.accuracy > 0.9
    assert set(found.per_class) == {"red", "green", "blue"}


def test_a_too_small_audit_is_refused(unmeasured):
    project = unmeasured
    project.labels.skip(project.images.open()[:20].tolist(), "anna")
    with pytest.raises(LabellerError, match="at least 20 unlabelled images, and only 16 are left"):
        begin_audit(project, seed=1)


def test_an_audit_is_not_summarised_as_a_round(unmeasured):
    project = unmeasured
    answer(project, rounds.begin(project, 12))
    answer(project, begin_audit(project, seed=1, count=20))
    rounds.train_round(project, Method())
    assert last_round_summary(project).round_number == 0


def test_only_an_audit_measures_a_whole_network(unmeasured):
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


def trained_on(project) -> set[int]:
    return set((labelled_rows(project)[0] + 1).tolist())


@pytest.fixture
def audited(unmeasured):
    """A project with six labels for training and twenty of an audit."""
    answer(unmeasured, rounds.begin(unmeasured, 6))
    audit = begin_audit(unmeasured, seed=1, count=20)
    answer(unmeasured, audit)
    assert len(trained_on(unmeasured)) == 6
    return unmeasured


def test_a_merged_audit_is_never_trained_on(make, images, audited):
    other = make(images, "other", truth="folders", batch_size=6)
    answer(other, rounds.begin(other, 6))
    mine = trained_on(other)
    merge(other, audited.folder)
    in_audit = set(audited.rounds.audited().tolist())
    assert set(other.rounds.audited().tolist()) == in_audit
    assert trained_on(other) == (mine | trained_on(audited)) - in_audit
    third = make(images, "third", truth="folders", batch_size=6)
    merge(third, other.folder)  # and from there to a third copy
    assert set(third.rounds.audited().tolist()) == in_audit
    assert not trained_on(third) & in_audit


def test_an_audit_is_recovered_from_the_journal(audited, tmp_path):
    folder, in_audit, before = audited.folder, audited.rounds.audited(), trained_on(audited)
    audited.close()
    bare = next((folder / "backups").glob("*.sqlite"))  # from when the project was new
    with Project(folder, read_only=True) as project:
        assert project.table_sizes()["round"] == 2
    (folder / "project.sqlite").unlink()
    restore(folder, bare.name)
    with Project(folder) as project:
        assert np.array_equal(project.rounds.audited(), in_audit) and trained_on(project) == before
        assert project.rounds.all()[-1].is_audit
        assert check(project) == []


@pytest.mark.parametrize(
    ("format_name", "name"),
    [("csv", "l.csv"), ("tsv", "l.tsv"), ("jsonl", "l.jsonl"), ("parquet", "l.parquet"),
     ("webdataset", "web"), ("coco", "l.json"), ("labelstudio", "l.json"), ("huggingface", "hf"),
     ("datumaro", "d"), ("fiftyone", "f"), ("labelme", "m"), ("npz", "l.npz")],
)  # fmt: skip
def test_audits_survive_export_and_import(make, images, audited, tmp_path, format_name, name):
    in_audit = set(audited.rounds.audited().tolist())
    export(audited, format_name, tmp_path / name)
    other = make(images, "other", truth="folders", batch_size=6)
    import_labels(other, tmp_path / name, "import", format_name)
    assert set(other.rounds.audited().tolist()) == in_audit
    assert trained_on(other) == trained_on(audited)


def test_a_project_created_from_a_table_keeps_its_audits(make, images, audited):
    export(audited, "csv", images / "labels.csv")
    other = make(images / "labels.csv", "other", labels="csv")
    assert len(other.labels.labelled()[0]) == 26 and len(trained_on(other)) == 6


def test_audits_of_earlier_versions_are_added_to_the_log(audited):
    folder, in_audit = audited.folder, set(audited.rounds.audited().tolist())
    audited.close()
    rewrite_log(folder, lambda rows, db: [
        row.update(edit='["setting", "none", 0]')
        for row in rows if str(row["edit"]).startswith('["audit"')
    ])  # fmt: skip
    (folder / "labels.jsonl").unlink()
    with Project(folder) as project:
        assert "audit" in (folder / "labels.jsonl").read_text().splitlines()[-1]
        assert set(project.rounds.audited().tolist()) == in_audit
        actions = project.table_sizes()["action"]
    with Project(folder) as project:
        assert project.table_sizes()["action"] == actions, "logged once"
