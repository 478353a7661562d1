"""The rule for class names, applied wherever a name enters: typed, imported or merged; and
spellings of a data set's splits.

Names that look the same must be the same, and no name may contain anything that a terminal, a table
or a file format would interpret. Stored names stay as they are.
"""

import unicodedata

from labeller.core.errors import LabellerError, quoted

LONGEST_NAME = 200
"""Maximum length in characters."""

_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners, needed to write Persian, Hindi and many emoji."""
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories: control and format characters, lone surrogates, line and paragraph breaks."""


def spelling(text: str) -> str:
    """The form in which class names are compared: names that look the same are equal."""
    return unicodedata.normalize("NFC", text.strip())


def class_name(text: str) -> str:
    """A class name as stored: stripped, in composed Unicode form (NFC).

    Raises:
        LabellerError: it is empty or too long, or holds characters that are not text, such as line
            breaks, escape sequences and marks that turn the direction of writing.
    """
    name = text.strip()
    if len(name) <= LONGEST_NAME * 4:  # composing a megabyte takes time, and may shorten the name
        name = unicodedata.normalize("NFC", name)
    if not name:
        raise LabellerError(
            "A class name is empty. Give names such as cat,dog.", settings=["classes"]
        )
    if len(name) > LONGEST_NAME:
        raise LabellerError(
            "A class name has {count} characters; at most {longest} are allowed.",
            count=len(name),
            longest=LONGEST_NAME,
        )
    if any(unicodedata.category(c) in _UNSEEN and c not in _JOINERS for c in name):
        raise LabellerError(
            "The class name '{name}' contains an unprintable character.", name=quoted(name)
        )
    return name


def is_name_of_person(name: object) -> bool:
    """Whether labels may be stored under this name; "" stands for nobody."""
    return type(name) is str and len(name) <= LONGEST_NAME and (not name or name.isprintable())


def require_name_of_person(name: object) -> None:
    """Raises LabellerError if labels cannot be stored under a name."""
    if not is_name_of_person(name):
        raise LabellerError(
            "“{name}” is not a valid name of a person: use one line of at most "
            "{longest} characters.",
            settings=["annotator"],
            name=quoted(str(name)),
            longest=LONGEST_NAME,
        )


TRAIN, TEST, VALIDATION = "train", "test", "validation"
_SPELT = {
    "train": TRAIN, "training": TRAIN, "trainset": TRAIN,
    "test": TEST, "testing": TEST, "testset": TEST,
    "val": VALIDATION, "valid": VALIDATION, "validation": VALIDATION, "validate": VALIDATION,
    "dev": VALIDATION, "eval": VALIDATION, "evaluation": VALIDATION,
}  # fmt: skip


def split_named(name: str) -> str | None:
    """The split that a name stands for, in any case, with or without "set" appended; None if it is
    not a split."""
    plain = name.strip().casefold().replace("-", " ").replace("_", " ")
    return _SPELT.get(plain.removesuffix(" set").removesuffix(" data"))
