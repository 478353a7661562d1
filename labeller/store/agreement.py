"""How far several people agree about the same images."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlite_utils import Database

from labeller.store.database import of_ids
from labeller.store.labels import Label

Opinions = dict[int, dict[str, int]]
"""Image → annotator → the class that they gave it last, and did not take back."""


# What people did to images themselves, in order, without what was undone; and where an import took
# away what all had said, since the file was another one (labeller/store/labels.py).
_WORDS = """
    WITH undone AS (
        SELECT target_id FROM action WHERE kind <> 'do'
        GROUP BY target_id HAVING sum(CASE kind WHEN 'undo' THEN 1 ELSE -1 END) > 0
    )
    SELECT image_id, annotator, label_event.kind, class_id, reason, origin
    FROM label_event JOIN action ON action.id = action_id
    WHERE action.kind = 'do' AND action_id NOT IN undone
        AND (origin = 'person' OR origin = 'import' AND label_event.kind = 'clear')
        AND ifnull(edit, '') NOT LIKE '["settled"%' AND {}
    ORDER BY (
        CASE WHEN EXISTS (SELECT 1 FROM action WHERE edit LIKE '["merged"%') THEN at END
    ), label_event.id
"""


@dataclass(frozen=True)
class Pair:
    """Two people: how many images both labelled, how many alike, and Cohen's kappa (None where
    chance alone explains everything)."""

    first: str
    second: str
    images: int
    alike: int
    kappa: float | None


def opinions(db: Database) -> Opinions:
    """What each person says of each image; imports and the oracle are no people."""
    found: Opinions = {}
    for image_id, annotator, kind, class_id, _, origin in db.execute(_WORDS.format("TRUE")):
        given = found.setdefault(image_id, {})
        if origin == "import":
            given.clear()
        elif kind == "label":
            given[annotator] = class_id
        else:
            given.pop(annotator, None)
    return {image_id: given for image_id, given in found.items() if given}


def own_words(db: Database, annotator: str, image_ids: Sequence[int]) -> dict[int, Label]:
    """What one person says of some images, as if nobody else had labelled them."""
    found: dict[int, Label] = {}
    words = _WORDS.format("(annotator = ? OR origin = 'import') AND image_id IN ({ids})")
    for image_id, name, kind, class_id, reason, _ in of_ids(db, words, image_ids, [annotator]):
        if kind == "clear":
            found.pop(image_id, None)
        else:
            found[image_id] = Label(class_id, "person", name, "", reason)
    return found


def conflicts(found: Opinions) -> list[int]:
    """Images that were given different classes, ascending."""
    return sorted(i for i, given in found.items() if len(set(given.values())) > 1)


def decided(db: Database) -> set[int]:
    """Images that have been decided and not labelled again since."""
    rows = db.execute(
        "SELECT decision.image_id FROM decision JOIN current_label ON id = label_event_id"
    )
    return {row[0] for row in rows}


def pairs(found: Opinions) -> list[Pair]:
    """Every two people who have labelled an image both."""
    people = sorted({name for given in found.values() for name in given})
    agreed = []
    for first, second in combinations(people, 2):
        both = [(g[first], g[second]) for g in found.values() if first in g and second in g]
        if both:
            alike = sum(a == b for a, b in both)
            agreed.append(Pair(first, second, len(both), alike, cohens_kappa(both)))
    return agreed


def cohens_kappa(both: Sequence[tuple[int, int]]) -> float | None:
    """(p_o − p_e) / (1 − p_e) of two raters (J. Cohen, "A Coefficient of Agreement for Nominal
    Scales", 1960)."""
    if not both:
        return None
    count = len(both)
    observed = sum(a == b for a, b in both) / count
    ours, theirs = Counter(a for a, _ in both), Counter(b for _, b in both)
    expected = sum(ours[c] * theirs[c] for c in ours) / count**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def fleiss_kappa(found: Mapping[int, Mapping[str, int]]) -> float | None:
    """Agreement of any number of raters, over the images that most of them share in equal number
    (J. L. Fleiss, "Measuring nominal scale agreement among many raters", 1971)."""
    sizes = Counter(len(given) for given in found.values() if len(given) > 1)
    if not sizes:
        return None
    raters = max(sizes, key=lambda size: (sizes[size], size))
    tables = [Counter(given.values()) for given in found.values() if len(given) == raters]
    images = len(tables)
    totals: Counter[int] = sum(tables, Counter())
    observed = sum(
        (sum(n * n for n in table.values()) - raters) / (raters * (raters - 1)) for table in tables
    ) / images  # fmt: skip
    expected = sum((n / (images * raters)) ** 2 for n in totals.values())
    return None if expected == 1 else (observed - expected) / (1 - expected)
