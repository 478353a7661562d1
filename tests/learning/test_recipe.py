import json
from dataclasses import dataclass, fields, replace

import pytest

from labeller.core.errors import LabellerError, NewerFormat
from labeller.learning.options import MoBYOptions, setting
from labeller.learning.recipe import (
    OVERRIDABLE,
    PAPER,
    QUICK,
    THOROUGH,
    learning_rate,
    recipe_from,
    recipe_named,
)
from labeller.learning.self_supervised import SELF_SUPERVISED
from labeller.learning.trainer import build_network


def test_the_paper_recipe_trains_as_section_4_says():
    rates = [learning_rate(PAPER, epoch) for epoch in (0, 119, 120, 159, 160, 199)]
    assert rates == pytest.approx([1e-2, 1e-2, 1e-3, 1e-3, 1e-4, 1e-4])
    assert PAPER.steps(1000, 1000) == 8, "batches of 128"
    network = build_network("resnet-small", 16, 3, PAPER).network
    assert network.weak_queue.keys.shape == network.strong_queue.keys.shape == (4096, 128)


def test_each_method_has_its_own_options():
    @dataclass(frozen=True)
    class Options:
        centring: float = setting(0.9, "Momentum of the centre.", least=0, most=1)

    SELF_SUPERVISED.add("centred", object, "Centred", Options)
    try:
        assert recipe_named("quick", self_supervised="centred").options == Options()
        chosen = recipe_named("quick", self_supervised="centred", centring=0.5)
        assert recipe_from(json.loads(json.dumps(chosen.as_dict()))) == chosen
        with pytest.raises(LabellerError, match="'centred' has no queue size"):
            recipe_named("quick", self_supervised="centred", queue_size=64)
        with pytest.raises(LabellerError, match="Centring must lie between 0 and 1"):
            recipe_named("quick", self_supervised="centred", centring=1.5)
    finally:
        del SELF_SUPERVISED["centred"]


def test_every_value_has_a_help_text():
    values = [*OVERRIDABLE, *fields(MoBYOptions)]
    assert all(value.metadata["help"].endswith((".", ";")) for value in values)


def test_recipes_survive_json():
    for recipe in (PAPER, QUICK, THOROUGH):
        assert recipe_from(json.loads(json.dumps(recipe.as_dict()))) == recipe


def test_values_missing_from_earlier_versions_get_defaults():
    written = json.loads(json.dumps(replace(PAPER, epochs=3, milestones=()).as_dict()))
    for name in [key for key in written if key != "name"]:
        without = {key: value for key, value in written.items() if key != name}
        read = recipe_from(without)
        before = MoBYOptions() if name == "options" else getattr(PAPER, name)
        assert getattr(read, name) == before
        assert all(read.as_dict()[key] == PAPER.as_dict()[key] or key in ("epochs", "milestones")
                   for key in without)  # fmt: skip


def test_flat_options_of_earlier_versions_are_read():
    written = json.loads(json.dumps(PAPER.as_dict()))
    flat = {**written, **written.pop("options"), "temperature": 0.3}
    del flat["options"]
    read = recipe_from(flat)
    assert read.options == replace(PAPER.options, temperature=0.3)
    del flat["temperature"]
    assert recipe_from(flat) == PAPER


def test_values_of_a_later_version_raise_newer_format():
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
        ("quick", {"momentum": -1}, "Momentum must be at least 0"),
        ("quick", {"key_momentum": 2}, "between 0 and 1"),
    ],
)
def test_values_out_of_range_are_reported(name, overrides, message):
    with pytest.raises(LabellerError, match=message):
        recipe_named(name, **overrides)


def test_omitted_values_keep_their_defaults():
    assert recipe_named("paper", epochs=None, queue_size=64).epochs == 200
    assert recipe_named("paper", queue_size=64).options.queue_size == 64
