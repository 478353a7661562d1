"""Values that a person may set: what each means, and what it may be."""

from dataclasses import field, fields
from typing import Any

from labeller.core.errors import LabellerError, Word


def setting(
    default: Any,
    meaning: str,
    *,
    choices: tuple[str, ...] = (),
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
) -> Any:
    """A field of a frozen dataclass of settings.

    Args:
        meaning: a sentence for `--help`.
        choices: the words that it may be; the first one is the paper's.
        above, least, most: bounds of a number; None where it has none.
    """
    bounds = {"choices": choices, "above": above, "least": least, "most": most}
    return field(default=default, metadata={"help": meaning, **bounds})


def check_settings(values: Any) -> None:
    """See that every field that was made by `setting` has a value that it may have.

    Raises:
        LabellerError: one has not.
    """
    for each in fields(values):
        if each.metadata:
            _check(
                each.name.replace("_", " ").capitalize(), getattr(values, each.name), each.metadata
            )


def _check(name: str, value: Any, bounds: Any) -> None:
    if bounds["choices"] and value not in bounds["choices"]:
        raise LabellerError(
            "{name} must be one of {known}, not '{value}'.",
            name=Word(name),
            known=", ".join(bounds["choices"]),
            value=value,
        )
    if value is None:
        return
    above, least, most = bounds["above"], bounds["least"], bounds["most"]
    if above is not None and not value > above:
        raise LabellerError("{name} must be larger than {above:g}.", name=Word(name), above=above)
    if least is not None and most is not None and not least <= value <= most:
        raise LabellerError(
            "{name} must lie between {least:g} and {most:g}.",
            name=Word(name),
            least=least,
            most=most,
        )
    if least is not None and not value >= least:
        raise LabellerError("{name} must be at least {least:g}.", name=Word(name), least=least)
