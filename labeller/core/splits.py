"""Spellings of a data set's splits in folder names, table columns and other programs' files."""

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
