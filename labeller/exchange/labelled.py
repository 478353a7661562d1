"""What an export writes of one image."""

from dataclasses import dataclass
from pathlib import Path

PERSON, SUGGESTION, ORACLE, IMPORT, MODEL = "person", "suggestion", "oracle", "import", "model"
SOURCES = (PERSON, SUGGESTION, ORACLE, IMPORT, MODEL)
"""Who gave a label: a person, a person who accepted what a model suggested, hidden labels, another
program, or a model alone."""


@dataclass(frozen=True)
class LabelledImage:
    """`path` is relative to its source's root, `file` is where it lies, `at` is UTC, ISO 8601;
    `sha256` (hexadecimal) is of its bytes as they were imported. `source` is one of `SOURCES`;
    `confidence` is the model's, between 0 and 1, None where a model had no part in the label."""

    path: str
    file: Path
    label: str
    annotator: str
    at: str
    sha256: str
    source: str = PERSON
    confidence: float | None = None
