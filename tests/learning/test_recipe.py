import json
from dataclasses import replace

import pytest

from labeller.core.errors import LabellerError, NewerFormat
from labeller.learning.recipe import OVERRIDABLE, PAPER, QUICK, THOROUGH, recipe_from, recipe_named


def test_the_paper_recipe_is_section_4():
    told = {
        "epochs": 200, "batch_size": 128, "learning_rate": 0.01, "milestones": (0.6, 0.8),
        "momentum": 0.9, "weight_decay": 5e-4, "queue_size": 4096, "temperature": 0.2,
        "contrastive_weight": 0.5, "key_momentum": 0.99, "unlabelled": "random",
        "objective": "joint", "views": "weak-strong", "heads": "single",
        "projector": True, "predictor": True, "pretrained": False,
    }  # fmt: skip
    assert {name: getattr(PAPER, name) for name in told} == told


def test_every_value_says_what_it_means():
    assert all(value.metadata["help"].endswith((".", ";")) for value in OVERRIDABLE)


def test_recipes_survive_json():
    for recipe in (PAPER, QUICK, THOROUGH):
        assert recipe_from(json.loads(json.dumps(recipe.as_dict()))) == recipe


def test_values_that_an_earlier_version_did_not_know_have_their_defaults():
    written = json.loads(json.dumps(replace(PAPER, epochs=3, milestones=()).as_dict()))
    for name in [key for key in written if key != "name"]:
        without = {key: value for key, value in written.items() if key != name}
        read = recipe_from(without)
        assert getattr(read, name) == getattr(PAPER, name)
        assert all(read.as_dict()[key] == PAPER.as_dict()[key] or key in ("epochs", "milestones")
                   for key in without)  # fmt: skip


def test_values_of_a_later_version_are_not_taken_for_damage():
    with pytest.raises(NewerFormat, match="'colour_jitter', which this version"):
        recipe_from({**PAPER.as_dict(), "colour_jitter": 0.4})


@pytest.mark.parametrize(
    ("name", "overrides", "message"),
    [
        ("best", {}, "no recipe 'best'"),
        ("quick", {"epochs": 0}, "Epochs must be larger than 0"),
        ("quick", {"temperature": float("nan")}, "Temperature must be larger"),
        ("quick", {"batch_size": 1}, "at least 2"),
        ("quick", {"views": "blurred"}, "Views must be one of weak-strong, strong, weak"),
        ("quick", {"momentum": -1}, "Momentum must not be negative"),
        ("quick", {"key_momentum": 2}, "between 0 and 1"),
    ],
)
def test_values_out_of_range_are_told(name, overrides, message):
    with pytest.raises(LabellerError, match=message):
        recipe_named(name, **overrides)


def test_values_that_were_not_given_stay():
    assert recipe_named("paper", epochs=None, queue_size=64).epochs == 200
