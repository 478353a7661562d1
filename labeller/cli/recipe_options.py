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
            self.fail(f"'{value}' is no list of numbers such as 0.6,0.8.", param, ctx)
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


def _override(value: Field, of: str = "") -> Callable[[Any], Any]:
    """The option for a value of a recipe, or of the self-supervised methods named in `of`."""
    flag, meaning = value.name.replace("_", "-"), value.metadata["help"]
    if of:
        meaning = f"{of}: {meaning}"
    if value.type is bool:
        return click.option(f"--{flag}/--no-{flag}", value.name, default=None, help=meaning)
    kind: click.ParamType | type = click.FLOAT
    if value.metadata["choices"]:
        kind = click.Choice(value.metadata["choices"])
    elif value.name == "self_supervised":
        kind = LateChoice(lambda: list(SELF_SUPERVISED))
    elif value.name == "milestones":
        kind = _Shares()
    elif value.type in (int, int | None):
        kind = click.IntRange(min=value.metadata["least"] or 1)
    return click.option(f"--{flag}", value.name, type=kind, help=meaning)


def _method_options() -> dict[str, tuple[Field, str]]:
    """Settings of the self-supervised methods by name, with the methods that have them."""
    found: dict[str, tuple[Field, str]] = {}
    for name in SELF_SUPERVISED:
        for value in fields(SELF_SUPERVISED.options(name)):
            first, names = found.get(value.name, (value, ""))
            found[value.name] = (first, f"{names}, {name}" if names else name)
    return found


def training_options(command: Any) -> Any:
    """Add the options that `options_from` reads to a command."""
    recipe = click.option(
        "--recipe",
        type=click.Choice(list(RECIPES)),
        help="Train a whole network (--learner mobyv2al); the options below override its values.",
    )
    encoder = click.option(
        "--encoder",
        type=_EncoderName(),
        help=f"Of the frozen learner: {', '.join(FROZEN)}, or timm:NAME for any of timm's, which "
        f"may be downloaded. Of mobyv2al: {', '.join(ENCODERS)}.",
    )
    weights = click.option(
        "--weights",
        type=click.Path(path_type=Path),
        metavar="FILE.safetensors",
        help="Read the weights of --encoder timm:NAME from a file instead of downloading them.",
    )
    learner = click.option(
        "--learner",
        type=LateChoice(lambda: list(LEARNERS)),
        help=f"Learning method, one of {', '.join(LEARNERS)}.  [default: {LEARNERS.default}]",
    )
    overrides = [_override(value) for value in OVERRIDABLE]
    overrides += [_override(value, of) for value, of in _method_options().values()]
    for option in reversed((recipe, learner, encoder, weights, DEVICE, *overrides)):
        command = option(command)
    return command


def _with_weights(encoder: str, file: Path) -> str:
    """The name of a timm encoder with its weights in a file."""
    if not encoder.startswith(HUB) or WEIGHTS in encoder:
        raise LabellerError(
            "--weights needs --encoder timm:NAME, the network that the weights are of.",
            settings=["encoder"],
        )
    return f"{encoder}{WEIGHTS}{file.expanduser().resolve()}"


def options_from(
    values: Mapping[str, Any], seed: int | None = None, base: Method | None = None
) -> Method:
    """The method that the options describe.

    Args:
        values: of the options, None where one was not given.
        base: what holds where an option was not given, such as an experiment of the paper.
    """
    given = {key: value for key, value in values.items() if value is not None}
    if (file := given.get("weights")) is not None:
        given["encoder"] = _with_weights(given.get("encoder", ""), file)
    choose(given.get("encoder", ""))
    names = [*(value.name for value in OVERRIDABLE), *_method_options()]
    changes = {name: given[name] for name in names if name in given}
    learner = given.get("learner")
    if learner is None and base is None:
        trains = "recipe" in given or changes or given.get("encoder") in ENCODERS
        learner = WHOLE if trains else LEARNERS.default
    base = base or Method(learner=learner or "")
    learner = learner or base.learner
    if not trains_network(learner) and ("recipe" in given or changes):
        raise LabellerError(
            "A frozen encoder is not trained, so a recipe says nothing. Leave it out, or choose "
            "the learner '{learner}'.",
            settings=["learner"],
            learner=WHOLE,
        )
    changes = base.recipe.changes() | changes
    recipe = recipe_named(given.get("recipe", base.recipe.name), **changes)
    kept = base.learner == learner
    encoder = given.get("encoder", base.encoder if kept else "")
    if encoder:
        require_encoder(learner, encoder)
    strategy = given.get("strategy", base.strategy if kept else "")
    return Method(recipe, encoder, given["device"], seed, strategy, learner)
