"""Training options: the recipe, an override for each of its values, encoder and device."""

from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import click
from labeller_models.encoders import ENCODERS
from labeller_models.frozen import FROZEN, HUB, WEIGHTS, is_known

from labeller.cli.terminal import LateChoice
from labeller.core.chosen_encoders import choose
from labeller.core.errors import LabellerError
from labeller.learning.learners import LEARNERS, WHOLE, require_encoder, trains_network
from labeller.learning.recipe import OVERRIDABLE, RECIPES, recipe_named
from labeller.learning.self_supervised import SELF_SUPERVISED
from labeller.loop.method import DEVICES, Method

DEVICE = click.option(
    "--device",
    type=LateChoice(lambda: list(DEVICES)),
    default=DEVICES.default,
    show_default=True,
    help=f"One of {', '.join(DEVICES)}.",
)


class _Shares(click.ParamType):
    """Comma-separated numbers between 0 and 1, or 'none'."""

    name = "a,b"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        try:
            shares = () if value == "none" else tuple(float(part) for part in value.split(","))
        except ValueError:
            self.fail(f"'{value}' is not a list of numbers such as 0.6,0.8.", param, ctx)
        if not all(0 < share < 1 for share in shares):
            self.fail("milestones lie between 0 and 1.", param, ctx)
        return shares


class _EncoderName(LateChoice):
    """A trainable or pretrained encoder, or one from timm."""

    def __init__(self) -> None:
        super().__init__(lambda: [*FROZEN, *ENCODERS])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if is_known(value):
            return str(value)
        return super().convert(value, param, ctx)


def _type_of(value: Field) -> click.ParamType:
    """The type of the option for a recipe's value."""
    if value.type is bool:
        return click.BOOL
    if value.metadata["choices"]:
        return click.Choice(value.metadata["choices"])
    if value.name == "self_supervised":
        return LateChoice(lambda: list(SELF_SUPERVISED))
    if value.name == "milestones":
        return _Shares()
    if value.type in (int, int | None):
        return click.IntRange(min=value.metadata["least"] or 1)
    return click.FLOAT


def settable(own: bool = False) -> dict[str, tuple[Field, str]]:
    """Everything `--set` can set, by name: values of recipes, and those of self-supervised methods
    with the methods' names.

    Args:
        own: leave out the methods of other packages, which would have to be imported.
    """
    found: dict[str, tuple[Field, str]] = {value.name: (value, "") for value in OVERRIDABLE}
    for name in SELF_SUPERVISED.own() if own else SELF_SUPERVISED:
        for value in fields(SELF_SUPERVISED.options(name)):
            first, names = found.get(value.name, (value, ""))
            found[value.name] = (first, f"{names}, {name}" if names else name)
    return found


class _Setting(click.ParamType):
    """NAME=VALUE with a name of `settable`; becomes a pair."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        name, sign, written = str(value).partition("=")
        name, known = name.strip().replace("-", "_"), settable()
        if not sign or name not in known:
            self.fail(f"'{value}' is not NAME=VALUE with a name that `recipes` lists.", param, ctx)
        return name, _type_of(known[name][0]).convert(written.strip(), param, ctx)


def _alias(value: Field) -> Callable[[Any], Any]:
    """The hidden option `--name` for `--set name=`, as earlier versions had it."""
    flag = value.name.replace("_", "-")
    if value.type is bool:
        return click.option(f"--{flag}/--no-{flag}", value.name, default=None, hidden=True)
    return click.option(f"--{flag}", value.name, type=_type_of(value), hidden=True)


def training_options(command: Any) -> Any:
    """Add the options that `options_from` reads to a command."""
    options = (
        click.option(
            "--learner",
            type=LateChoice(lambda: list(LEARNERS)),
            help=f"Learning method, one of {', '.join(LEARNERS)}.  [default: {LEARNERS.default}]",
        ),
        click.option(
            "--encoder",
            type=_EncoderName(),
            help=f"Pretrained: {', '.join(FROZEN)}, or timm:NAME for any from timm, which may be "
            f"downloaded. Trained from scratch by mobyv2al: {', '.join(ENCODERS)}.",
        ),
        click.option(
            "--weights",
            type=click.Path(path_type=Path),
            metavar="FILE.safetensors",
            help="Read the weights of --encoder timm:NAME from a file instead of downloading them.",
        ),
        DEVICE,
        click.option(
            "--budget-seconds",
            type=click.FloatRange(min=0),
            help="CPU seconds in which mobyv2al trains the last stages of a pretrained encoder; 0, "
            "the default, trains as long as usual.",
        ),
        click.option(
            "--recipe",
            type=click.Choice(list(RECIPES)),
            help="How a network is trained from scratch.",
        ),
        click.option(
            "--set",
            "settings",
            type=_Setting(),
            multiple=True,
            help="Override a recipe value, such as epochs=50; `labeller recipes` lists them.",
        ),
        *(_alias(value) for value, _ in settable(own=True).values()),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("recipes")
def recipes_command() -> None:
    """List the recipes, and the values that --set can override."""
    for name in RECIPES:
        click.echo(f"{name:>12}  {RECIPES.explained(name)}")
    click.echo()
    for name, (value, methods) in settable().items():
        only = f" ({methods})" if methods else ""
        click.echo(f"{name:>24}  {value.metadata['help']}{only}")


def _with_weights(encoder: str, file: Path) -> str:
    """The name of a timm encoder with its weights in a file."""
    if not encoder.startswith(HUB) or WEIGHTS in encoder:
        raise LabellerError(
            "--weights needs --encoder timm:NAME, the network that the weights are for.",
            settings=["encoder"],
        )
    return f"{encoder}{WEIGHTS}{file.expanduser().resolve()}"


def options_from(
    values: Mapping[str, Any], seed: int | None = None, base: Method | None = None
) -> Method:
    """The method that the options describe.

    Args:
        values: the options' values, None for options not given.
        base: the method to use for options not given, such as that of an experiment of the paper.
    """
    given = {key: value for key, value in values.items() if value is not None}
    if (file := given.get("weights")) is not None:
        given["encoder"] = _with_weights(given.get("encoder", ""), file)
    choose(given.get("encoder", ""))
    changes = {name: given[name] for name in settable() if name in given}
    changes |= dict(given.get("settings", ()))
    learner, encoder = given.get("learner"), given.get("encoder", "")
    by_recipe = "recipe" in given or bool(changes)
    if base is None:
        if by_recipe and not encoder and learner in (None, WHOLE):
            encoder = ENCODERS.default
        if learner is None:
            learner = WHOLE if trains_network(encoder) else LEARNERS.default
        base = Method(encoder=encoder, learner=learner)
    learner = learner or base.learner
    if by_recipe and not trains_network(encoder or base.encoder):
        raise LabellerError(
            "A recipe trains a network from scratch, so it does not apply to a pretrained encoder. "
            "Drop the recipe, or choose the encoder '{encoder}'.",
            settings=["encoder"],
            encoder=ENCODERS.default,
        )
    changes = base.recipe.changes() | changes
    recipe = recipe_named(given.get("recipe", base.recipe.name), **changes)
    kept = base.learner == learner
    encoder = encoder or (base.encoder if kept else "")
    if encoder:
        require_encoder(learner, encoder)
    strategy = given.get("strategy", base.strategy if kept else "")
    budget = given.get("budget_seconds", base.budget_seconds)
    return Method(recipe, encoder, given["device"], seed, strategy, learner, budget)
