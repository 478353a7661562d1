"""Translatable sentences about what was guessed, ignored or found unusual."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, init=False)
class Remark:
    """One plain sentence with its values apart, as in `LabellerError`.

    Args:
        message: with the names of `values` in braces; written out where it is made, since the
            translations are gathered from there.
        values: texts and numbers.
    """

    message: str
    values: tuple[tuple[str, Any], ...]

    def __init__(self, message: str, **values: object) -> None:
        object.__setattr__(self, "message", message)
        object.__setattr__(self, "values", tuple(values.items()))

    def __str__(self) -> str:
        return self.message.format(**dict(self.values)) if self.values else self.message

    def stored(self) -> list[Any]:
        """The form stored as JSON."""
        return [self.message, dict(self.values)]

    @classmethod
    def restored(cls, found: object) -> Self:
        """The remark in its stored form; earlier versions stored whole sentences."""
        if (
            isinstance(found, list)
            and len(found) == 2
            and isinstance(found[0], str)
            and isinstance(found[1], dict)
        ):
            made = cls(found[0], **found[1])
            try:
                str(made)
            except (LookupError, ValueError, AttributeError):
                return cls("{text}", text=found[0])
            return made
        return cls("{text}", text=str(found))
