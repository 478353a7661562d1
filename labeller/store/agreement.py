"""Agreement between people who labelled the same images."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlite_utils import Database

from labeller.store.causality import DO, has_merged, past_of
from labeller.store.database import of_ids
from labeller.store.labels import Label
from labeller.store.ledger import Ledger
from labeller.store.oracle import final_classes
from labeller.store.standing import decided, disputes

Opinions = dict[int, dict[str, int]]
"""Image → annotator → their last class that was not withdrawn."""
Disputed = dict[int, dict[str, int | None]]
"""Likewise for images that people disagree about; None means skipped."""


# People's own label events in log order, each with its action; and the events by which an import
# cleared everybody's labels because the file had changed (labeller/store/labels.py).
_EVENTS = """
    SELECT action_id, image_id, annotator, label_event.kind, class_id, reason, origin
    FROM label_event JOIN action ON action.id = action_id
    WHERE action.kind = 'do' AND {}
        AND (origin = 'person' OR origin = 'import' AND label_event.kind = 'clear')
        AND ifnull(edit, '') NOT LIKE '["settled"%' AND ifnull(edit, '') NOT LIKE '["merge"%'
    ORDER BY label_event.id
"""
_NOT_UNDONE = """action_id NOT IN (
    SELECT target_id FROM action WHERE kind <> 'do'
    GROUP BY target_id HAVING sum(CASE kind WHEN 'undo' THEN 1 ELSE -1 END) > 0
)"""


@dataclass(frozen=True)
class Pair:
    """Two people: how many images both labelled, how many of those they labelled alike, and Cohen's
    kappa (None if undefined)."""

    first: str
    second: str
    images: int
    alike: int
    kappa: float | None


class Agreement:
    """What each person said, and which disagreements have been resolved."""

    def __init__(self, db: Database, ledger: Ledger) -> None:
        self._db = db
        self._ledger = ledger

    def opinions(self) -> Opinions:
        """Each person's label for each image. Imports and the oracle do not count as people, and
        merging classes says nothing about single images."""
        found: Opinions = {}
        merged = final_classes(self._db)
        for image_id, annotator, kind, class_id, _, origin in _words(self._db):
            given = found.setdefault(image_id, {})
            if origin == "import":
                given.clear()
            elif kind == "label":
                given[annotator] = merged.get(class_id, class_id)
            else:
                given.pop(annotator, None)
        return {image_id: given for image_id, given in found.items() if given}

    def labels_by(self, annotator: str, image_ids: Sequence[int]) -> dict[int, Label]:
        """One person's labels for some images, as if nobody else had labelled them."""
        found: dict[int, Label] = {}
        for image_id, name, kind, class_id, reason, _ in _words(self._db, annotator, image_ids):
            if kind == "clear":
                found.pop(image_id, None)
            else:
                found[image_id] = Label(class_id, "person", name, "", reason)
        return found

    def decide(self, image_ids: Sequence[int], annotator: str) -> None:
        """Record that the current labels of these images resolve their disagreements."""
        images = [int(image_id) for image_id in image_ids]
        self._ledger.record(annotator=annotator, edit=["decision", images])

    def decided(self) -> set[int]:
        """Images whose disagreement has been resolved, not relabelled since."""
        return decided(self._db)

    def disputed(self) -> Disputed:
        """Images with unresolved disagreements, ascending, with everybody's answers: those given
        different classes, and those labelled by one person and independently skipped by another."""
        found, settled = self.opinions(), self.decided()
        waiting: Disputed = {i: dict(found[i]) for i in conflicts(found) if i not in settled}
        for image_id, words in disputes(self._db).items():
            if image_id not in settled:
                given = waiting.setdefault(image_id, {})
                for word in words:
                    given.setdefault(word.deed.annotator, word.class_id)
        return dict(sorted(waiting.items()))


def _words(
    db: Database, annotator: str | None = None, image_ids: Sequence[int] = ()
) -> Iterator[tuple]:
    """People's labels in causal order: of everybody, or of one person and some images."""

    def rows(which: str) -> Iterator[tuple]:
        if annotator is None:
            return iter(db.execute(_EVENTS.format(which)))
        which += " AND (annotator = ? OR origin = 'import') AND image_id IN ({ids})"
        return of_ids(db, _EVENTS.format(which), image_ids, [annotator])

    if not has_merged(db):
        return (tuple(rest) for _, *rest in rows(_NOT_UNDONE))
    past = past_of(db)
    counting = (
        (deed.key, rest)
        for action, *rest in rows("TRUE")
        if (deed := past.by_action.get(action)) is not None
        and action not in past.withdrawn
        and deed.kind == DO
        and deed.origin not in past.undone
    )
    return (tuple(rest) for _, rest in sorted(counting, key=lambda each: each[0]))


def conflicts(found: Opinions) -> list[int]:
    """Images that were given different classes, ascending."""
    return sorted(i for i, given in found.items() if len(set(given.values())) > 1)


def pairs(found: Opinions) -> list[Pair]:
    """All pairs of people with an image labelled by both."""
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
    """Agreement of any number of raters (J. L. Fleiss, "Measuring nominal scale agreement among
    many raters", 1971). It needs the same number of raters for every image, so only images with the
    most common number of them (at least two) are counted."""
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
