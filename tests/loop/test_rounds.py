"""Rounds on real projects with real (small) training runs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.experiments.plan import Plan
from labeller.experiments.simulation import simulate
from labeller.learning import mobyv2al
from labeller.learning.batches import PoolImages
from labeller.learning.checkpoint import load_model
from labeller.learning.mobyv2al import contrastive_losses
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.selection.sampling import choose_at_random

FAST = rounds.Method(
    recipe_named("quick", epochs=2, steps_per_epoch=2, batch_size=8, queue_size=32),
    device="cpu",
    learner="mobyv2al",
)


def test_round_0_can_be_random_and_is_seeded(project, make, images):
    chance = rounds.Method(strategy="random")
    first = rounds.begin(project, method=chance)
    assert (first.number, first.strategy, len(first.image_ids)) == (0, "random", 9)
    assert len(set(first.image_ids)) == 9
    again = make(images, "again", truth="folders")
    paths = [i.path for i in project.images.get(first.image_ids)]
    assert paths == [i.path for i in again.images.get(rounds.begin(again, 9, chance).image_ids)]
    other = make(images, "other", truth="folders", seed=1)
    assert paths != [i.path for i in other.images.get(rounds.begin(other, 9, chance).image_ids)]


def test_a_complete_round(project):
    batch = rounds.begin(project)
    labelled = rounds.label_by_oracle(project, batch)
    assert sorted(labelled) == sorted(batch.image_ids)
    run = rounds.train_round(project, FAST)
    assert (run.state, run.labelled, run.encoder) == ("finished", 9, "resnet-small")
    assert run.recipe["epochs"] == 2 and run.recipe["options"]["temperature"] == 0.2
    assert 0 <= run.test_accuracy <= 1 and set(run.per_class) == {1, 2, 3}
    assert [e.epoch for e in project.runs.epochs(run.id)] == [1, 2]
    _, info = load_model(project.folder / run.checkpoint)
    assert info.classes == ["blue", "green", "red"] and info.resolution == 16
    second = rounds.select(project, 7, FAST)
    assert (second.number, second.strategy, second.training_run_id) == (1, "coreset", run.id)
    assert not set(second.image_ids) & set(batch.image_ids)
    assert project.status().test_accuracy == run.test_accuracy
    assert project.status().rounds == 2


def test_selection_is_k_center_on_the_networks_features(project):
    from labeller.learning.model import extract_features
    from labeller.selection.coreset import k_center_greedy

    rounds.label_by_oracle(project, rounds.begin(project))
    run = rounds.train_round(project, FAST)
    candidates = project.images.candidates()
    labelled = project.labels.labelled()[0]
    chosen = rounds.select(project, 5, FAST)
    network = load_model(project.folder / run.checkpoint)[0].network
    network.to(memory_format=torch.channels_last)
    rows = torch.from_numpy(np.concatenate([labelled, candidates]) - 1)
    features = extract_features(network, PoolImages(project.tensors(), torch.device("cpu")), rows)
    expected = k_center_greedy(features, torch.arange(len(labelled)), 5) - len(labelled)
    assert list(chosen.image_ids) == candidates[expected.numpy()].tolist()


def test_skipped_labelled_and_pending_images_are_not_chosen_again(project):
    batch = rounds.begin(project)
    project.labels.skip(batch.image_ids[:2], "anna")
    project.labels.assign({batch.image_ids[2]: project.classes.all()[0].id}, "anna")
    chosen = rounds.select(project, 27, rounds.Method(strategy="random"))
    assert not set(chosen.image_ids) & set(batch.image_ids)
    # Unlabelled images of an older batch are candidates again; the newest batch is excluded.
    left = project.images.candidates()
    assert sorted(left.tolist()) == sorted(batch.image_ids[3:])


@pytest.mark.parametrize(
    "unlabelled",
    ["lowest-loss", *(pytest.param(n, marks=pytest.mark.slow) for n in ("all", "random"))],
)
def test_training_uses_only_revealed_labels(project, make, images, test_images, unlabelled):
    """Permuting the hidden labels that were not revealed changes nothing."""
    options = replace(FAST, recipe=replace(FAST.recipe, unlabelled=unlabelled))

    def run(copy) -> tuple[list[int], bytes]:
        rounds.label_by_oracle(copy, rounds.begin(copy))
        if copy is permuted:
            shown = set(copy.labels.labelled()[0].tolist())
            hidden = [int(i) for i in copy.images.unlabelled() if int(i) not in shown]
            classes = copy.oracle.reveal(hidden)
            turned = dict(zip(hidden, np.roll([classes[i] for i in hidden], 7), strict=True))
            assert turned != classes
            copy._db.execute(f"DELETE FROM truth WHERE image_id IN ({','.join(map(str, hidden))})")
            copy.oracle.hide({i: int(c) for i, c in turned.items()})
        rounds.train_round(copy, options)
        trained = rounds.train_round(copy, options)  # may start from the previous run
        chosen = rounds.select(copy, 6)
        return list(chosen.image_ids), (copy.folder / trained.checkpoint).read_bytes()

    permuted = make(images, "permuted", truth="folders", test=str(test_images), batch_size=9)
    first, second = run(project), run(permuted)
    assert first[0] == second[0], "the same images are selected"
    assert first[1] == second[1], "bit-identical weights"


def test_labels_given_during_training_count_in_the_next_round(project):
    batch = rounds.begin(project)
    rounds.label_by_oracle(project, batch)
    late = [int(i) for i in project.images.candidates()[:3]]
    given = iter([True])

    def label_meanwhile(progress) -> None:
        if next(given, False):
            project.labels.assign(dict.fromkeys(late, project.classes.all()[0].id), "anna")

    run = rounds.train_round(project, FAST, Run(report=label_meanwhile))
    assert run.labelled == 9
    assert not set(rounds.select(project, 20).image_ids) & set(late)
    assert rounds.train_round(project, FAST).labelled == 12


def test_a_stopped_run_leaves_a_usable_checkpoint(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    asked = iter(range(100))
    run = rounds.train_round(project, FAST, run=Run(should_stop=lambda: next(asked) >= 3))
    assert run.state == "stopped" and run.test_accuracy is None
    assert len(project.runs.epochs(run.id)) == 1
    assert len(rounds.select(project, 5).image_ids) == 5


def test_stopping_during_evaluation_keeps_the_model(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    asked = iter(range(100))
    run = rounds.train_round(project, FAST, run=Run(should_stop=lambda: next(asked) >= 4))
    assert len(project.runs.epochs(run.id)) == 2
    assert run.state == "stopped" and run.test_accuracy is None
    assert (project.folder / run.checkpoint).is_file()


def test_a_failed_run_keeps_the_previous_one(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    good = rounds.train_round(project, FAST)
    wild = rounds.Method(
        recipe_named("quick", epochs=2, steps_per_epoch=2, batch_size=8, learning_rate=1e15),
        learner="mobyv2al",
    )
    with pytest.raises(LabellerError, match="diverged"):
        rounds.train_round(project, wild)
    assert [r.state for r in project.runs.all()] == ["finished", "failed"]
    assert project.runs.newest_usable() == good


def test_a_crashed_run_is_marked_as_failed_on_reopening(project):
    from labeller.project.creation import open_complete

    project.runs.start({}, "resnet-small", "cpu", 0, 9)
    project.close()
    with open_complete(project.folder) as again:
        assert [r.state for r in again.runs.all()] == ["failed"]


def test_impossible_rounds_are_reported(project):
    with pytest.raises(LabellerError, match="no labels yet"):
        rounds.train_round(project, FAST)
    batch = rounds.begin(project)
    with pytest.raises(LabellerError, match="no trained model yet"):
        rounds.select(project, 3)
    red = project.classes.all()[0].id
    project.labels.assign({batch.image_ids[0]: red}, "anna")
    with pytest.raises(LabellerError, match="of the same class"):
        rounds.train_round(project, FAST)
    with pytest.raises(LabellerError, match="only 27 are left"):
        rounds.select(project, 28, rounds.Method(strategy="random"))
    with pytest.raises(LabellerError, match="no encoder 'big'"):
        rounds.train_round(project, rounds.Method(encoder="big"))


def test_without_hidden_labels_there_is_no_oracle(make, images):
    project = make(images, classes=("a", "b"))
    with pytest.raises(LabellerError, match="no hidden labels"):
        rounds.label_by_oracle(project, rounds.begin(project, 3))
    with pytest.raises(LabellerError, match="needs hidden labels"):
        simulate(project, Plan(3, 3, 1))


def test_copies_are_not_trained_on_even_if_labelled(make, images, test_images):
    import shutil

    shutil.copy(test_images / "blue" / "50.png", images / "blue" / "leak.png")
    project = make(images, labels="folders", test=str(test_images))
    assert project.labels.counts()[0] == 37
    assert rounds.train_round(project, FAST).labelled == 36


def test_lowest_loss_images_are_chosen_by_the_previous_network(project, monkeypatch):
    """Section 4.2: as many as are labelled, chosen by a loss that uses no labels."""
    seen: list[rounds.TrainingSet] = []
    real = mobyv2al.train_by_team

    def listen(pool, data, *rest):
        seen.append(data)
        return real(pool, data, *rest)

    monkeypatch.setattr(mobyv2al, "train_by_team", listen)
    options = replace(FAST, recipe=replace(FAST.recipe, unlabelled="lowest-loss"), seed=4)
    rounds.label_by_oracle(project, rounds.begin(project))
    first = rounds.train_round(project, options)
    assert len(seen[0].unlabelled) == 27, "no network yet: the trainer draws from all"
    network = load_model(project.folder / first.checkpoint)[0].network
    pool = PoolImages(project.tensors(), torch.device("cpu"))
    unlabelled = torch.from_numpy(project.images.unlabelled() - 1)
    losses = contrastive_losses(network, pool, unlabelled, 0.2, Run(4))
    rounds.train_round(project, options)
    assert len(seen[1].unlabelled) == 9
    chosen = torch.isin(unlabelled, seen[1].unlabelled)
    assert losses[chosen].max() <= losses[~chosen].min() + 1e-4


@pytest.mark.parametrize("subset", [6, None])
def test_a_subset_limits_the_candidates(project, monkeypatch, subset):
    """Huge pools are limited to a subset by default."""
    rounds.label_by_oracle(project, rounds.begin(project))
    rounds.train_round(project, FAST)
    candidates = project.images.candidates()
    if subset is None:
        monkeypatch.setattr(rounds, "MOST_CANDIDATES", 6)
    chosen = rounds.select(project, 6, subset=subset)
    assert len(set(chosen.image_ids)) == 6 and set(chosen.image_ids) <= set(candidates.tolist())
    seed = rounds.derived_seed(project.seed, 1, "selection")
    drawn = candidates[choose_at_random(len(candidates), 6, seed).numpy()]
    assert set(chosen.image_ids) == set(drawn.tolist())


@pytest.mark.slow
def test_simulated_rounds_reach_high_accuracy(make, tmp_path):
    from tests.conftest import fill

    project = make(
        fill(tmp_path / "many", 40), truth="folders", test=str(fill(tmp_path / "t", 20, start=60))
    )
    recipe = recipe_named("quick", epochs=4, batch_size=24)
    options = rounds.Method(recipe, device="cpu", learner="mobyv2al")
    cycles = simulate(project, Plan(12, 12, 2, method=options)).runs[0].cycles
    assert cycles[-1].test_accuracy > 0.9


def test_suggestions_cover_both_batches_but_no_training_images(project):
    first = rounds.begin(project)
    truth = project.oracle.reveal(first.image_ids)
    some = list(first.image_ids[:7])  # two stay open
    project.labels.assign({i: truth[i] for i in some}, "anna")
    run = rounds.train_round(project, FAST)
    for strategy in ("coreset", "random"):
        chosen = rounds.select(project, 5, rounds.Method(strategy=strategy), keep_suggestions=True)
        wanted = {*chosen.image_ids}
        if strategy == "coreset":
            wanted |= set(first.image_ids[7:])
        found = project.suggestions.of(range(1, project.images.count() + 1))
        assert wanted <= set(found) and not set(found) & set(some), "none for images trained on"
        assert {s.run_id for s in found.values()} == {run.id}
        assert all(0 < s.confidence <= 1 for s in found.values())
    assert not set(found) & set(project.oracle.test_set()[0].tolist())


def test_undo_and_redo_keep_the_source_of_an_accepted_suggestion(project):
    run = project.runs.start({}, "resnet-small", "cpu", 0, 1)
    project.labels.assign({1: 1}, "anna", suggested_by=run)
    project.labels.undo("anna")
    assert not project.labels.current([1])
    project.labels.redo("anna")
    assert project.labels.current([1])[1].suggested_by == run
    assert project.labels.log_problems() == []


def test_seeds_are_derived_independently_per_purpose(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    run = rounds.train_round(project, FAST)
    chosen = rounds.select(project, 5, rounds.Method(strategy="random"))
    assert run.seed == rounds.derived_seed(project.seed, 1), "as in earlier versions"
    assert chosen.seed not in (run.seed, rounds.derived_seed(project.seed, 0))
    drawn = {
        rounds.derived_seed(seed, number, purpose)
        for seed in range(5) for number in range(50) for purpose in ("training", "selection")
    }  # fmt: skip
    assert len(drawn) == 500
