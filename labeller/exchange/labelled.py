"""What an export writes of one image."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LabelledImage:
    """`path` is relative to its source's root, `file` is where it lies, `at` is UTC, ISO 8601;
    `sha256` (hexadecimal) is of its bytes as they were imported."""

    path: str
    file: Path
    label: str
    annotator: str
    at: str
    sha256: str
