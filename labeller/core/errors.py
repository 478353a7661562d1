"""Errors meant for people, sentences for all other errors, and remarks on what was guessed, ignored
or found unusual; all of them translatable. Also the errors for packages that only some people
need."""

import errno
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Self

from labeller_models.registry import BrokenPackage, Registry

FULL = tuple(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))
"""Errors of a full disk, an exhausted quota or a file that is too large."""


class LabellerError(Exception):
    """Something the user can fix.

    The message is one plain sentence that says what is wrong and what to do. The command line
    prints it and exits with 1; the window shows it in a dialog, in its own language.

    Args:
        message: the text, with the names of `values` in braces; a literal where it is raised, since
            the texts to translate are collected from there.
        settings: names of settings that the person can change; the command line names its options.
        values: the values to insert; a `Word` among them is translated too.
    """

    def __init__(
        self, message: str = "", *, settings: Sequence[str] = (), **values: object
    ) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message, self.values, self.settings = message, values, tuple(settings)


class Word(str):
    """A value in a message that is itself the program's text and to be translated."""


class ProjectDamaged(LabellerError):
    """The database cannot be read; perhaps a backup can."""


class UnusableHere(LabellerError):
    """Something cannot be used here and now, but is not damaged, so it must not be discarded."""


class NewerFormat(UnusableHere):
    """Something was written by a later version of the program."""


class Cancelled(LabellerError):
    """The user stopped the work before it was finished."""


def require_known(kind: str, name: str, known: Collection[str]) -> None:
    """Raises LabellerError with the known names if `name` is not one of them."""
    if name not in known:
        raise LabellerError(
            "There is no {kind} '{name}'. Choose one of {known}.",
            kind=Word(kind),
            name=name,
            known=", ".join(known),
        )


def made(registry: Registry, name: str, *arguments: object) -> Any:
    """Build a registry's entry. Raises LabellerError if there is none of this name, or the package
    that provides it is broken."""
    require_known(registry.kind, name, registry)
    try:
        return registry.build(name, *arguments)
    except BrokenPackage as broken:
        if isinstance(broken.__cause__, LabellerError):
            raise broken.__cause__ from None
        raise LabellerError(
            "'{name}' of the package {package} cannot be loaded ({error}). Update the package, or "
            "remove it.",
            name=name,
            package=broken.package,
            error=broken.reason,
        ) from broken.__cause__


def cannot_read(path: object, error: object) -> LabellerError:
    """The error for a file or folder that cannot be read, because of an error or for a reason."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return LabellerError("{path} cannot be read ({reason}).", path=path, reason=quoted(reason))


def quoted(text: str) -> str:
    """Somebody's text, made fit for a sentence: on one line, not too long, and with invisible
    characters escaped, such as `\\u202e`."""
    line = " ".join(text.split()) or text
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    return line if len(line) <= 100 else f"{line[:60]} … {line[-30:]}"


def unforeseen(error: BaseException) -> LabellerError:
    """A sentence for an unforeseen error; its traceback belongs in the log."""
    if isinstance(error, LabellerError):
        return error
    if isinstance(error, MemoryError):
        return LabellerError("There is not enough memory. Close other programs and try again.")
    if isinstance(error, OSError) and error.errno in FULL:
        place = f" ({error.filename})" if error.filename else ""
        return LabellerError("The disk is full{place}. Free some space and try again.", place=place)
    if isinstance(error, OSError) and error.filename and error.strerror:
        return LabellerError(
            "{path} cannot be read or written ({reason}).",
            path=error.filename,
            reason=error.strerror,
        )
    reason = str(error).strip().splitlines()
    named = f"{type(error).__name__}: {reason[0]}" if reason else type(error).__name__
    return LabellerError(
        "Something went wrong ({named}). `labeller report` bundles the log for a bug report.",
        named=named,
    )


@dataclass(frozen=True, init=False)
class Remark:
    """One plain sentence with its values apart, as in `LabellerError`.

    Args:
        message: the text, with the names of `values` in braces; a literal where it is created,
            since the texts to translate are collected from there.
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


EXTRAS = {
    "matplotlib": "figures", "pyarrow": "parquet", "medmnist": "sets",
    "tensorboard": "tensorboard", "mlflow": "mlflow", "wandb": "wandb",
}  # fmt: skip


def require_extra(package: str) -> None:
    """Raises LabellerError, naming the extra to install, if one of these packages is missing."""
    if find_spec(package) is None:
        raise LabellerError(
            "This needs the package {package}, which is missing. Install 'labeller[{extra}]'.",
            package=package,
            extra=EXTRAS[package],
        )
