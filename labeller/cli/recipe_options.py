"""Options of training: the recipe, an override for each of its values, encoder and device."""

from collections.abc import Callable, Mapping
from dataclasses import Field
from typing import Any

import click

from labeller.cli.terminal import LateChoice
from labeller.learning.recipe import CHOICES, OVERRIDABLE, QUICK, RECIPES, recipe_named
from labeller.learning.self_supervised import SELF_SUPERVISED
from labeller.loop.method import DEVICES, ENCODERS, LEARNERS, Method

DEVICE = click.option(
    "--device",
    type=LateChoice(lambda: list(DEVICES)),
    default=DEVICES.default,
    show_default=True,
    help=f"One of {', '.join(DEVICES)}.",
)


class _Shares(click.ParamType):
    """Numbers between 0 and 1 with commas between them; 'none' for none at all."""

    name = "a,b"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        try:
            shares = () if value == "none" else tuple(float(part) for part in value.split(","))
        except ValueError:
            self.fail(f"'{value}' is no list of numbers such as 0.6,0.8.", param, ctx)
        if not all(0 < share < 1 for share in shares):
            self.fail("milestones lie between 0 and 1.", param, ctx)
        return shares


def _override(value: Field) -> Callable[[Any], Any]:
    flag, meaning = value.name.replace("_", "-"), value.metadata["help"]
    if value.type is bool:
        return click.option(f"--{flag}/--no-{flag}", value.name, default=None, help=meaning)
    kind: click.ParamType | type = click.FLOAT
    if value.name in CHOICES:
        kind = click.Choice(CHOICES[value.name])
    elif value.name == "self_supervised":
        kind = LateChoice(lambda: list(SELF_SUPERVISED))
    elif value.name == "milestones":
        kind = _Shares()
    elif value.type in (int, int | None):
        kind = click.IntRange(min=2 if value.name == "batch_size" else 1)
    return click.option(f"--{flag}", value.name, type=kind, help=meaning)


def training_options(command: Any) -> Any:
    """Give a command the options that `options_from` reads."""
    recipe = click.option(
        "--recipe",
        type=click.Choice(list(RECIPES)),
        help=f"Starting values; the options below override them.  [default: {QUICK.name}]",
    )
    encoder = click.option(
        "--encoder",
        type=LateChoice(lambda: list(ENCODERS)),
        help=f"One of {', '.join(ENCODERS)}.  [default: {Method.encoder}]",
    )
    learner = click.option(
        "--learner",
        type=LateChoice(lambda: list(LEARNERS)),
        help=f"Learning method, one of {', '.join(LEARNERS)}.  [default: {Method.learner}]",
    )
    for option in reversed((recipe, learner, encoder, DEVICE, *map(_override, OVERRIDABLE))):
        command = option(command)
    return command


def options_from(
    values: Mapping[str, Any], seed: int | None = None, defaults: Mapping[str, Any] | None = None
) -> Method:
    """What the options say.

    Args:
        values: of the options, None where one was not given.
        defaults: values in place of those that were not given, such as a protocol's.
    """
    given = dict(defaults or {}) | {k: v for k, v in values.items() if v is not None}
    names = [value.name for value in OVERRIDABLE]
    overrides = {name: given[name] for name in names if name in given}
    recipe = recipe_named(given.get("recipe", QUICK.name), **overrides)
    strategy = given.get("strategy", Method.strategy)
    encoder = given.get("encoder", Method.encoder)
    learner = given.get("learner", Method.learner)
    return Method(recipe, encoder, given["device"], seed, strategy, learner)
