"""How the splits of a data set are spelt: in names of folders, in columns of tables, in files of
other programs."""

TRAIN, TEST, VALIDATION = "train", "test", "validation"
_SPELT = {
    "train": TRAIN, "training": TRAIN, "trainset": TRAIN,
    "test": TEST, "testing": TEST, "testset": TEST,
    "val": VALIDATION, "valid": VALIDATION, "validation": VALIDATION, "validate": VALIDATION,
    "dev": VALIDATION, "eval": VALIDATION, "evaluation": VALIDATION,
}  # fmt: skip


def split_named(name: str) -> str | None:
    """The split that a name stands for, whatever its case and with or without "set" behind it; None
    where it is no split's."""
    plain = name.strip().casefold().replace("-", " ").replace("_", " ")
    return _SPELT.get(plain.removesuffix(" set").removesuffix(" data"))
