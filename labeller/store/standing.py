"""The label that counts for images labelled by several people, in copies or by imports: the last
one in causal order, ignoring what was undone.

If concurrent labels contradict each other, the later time counts until somebody decides
(*Agreement*). Clearing a label removes only what was known at that time, so it never wins against a
concurrent label.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from labeller.store.causality import DO, SETTLED, Deed, Key, has_merged, latest, past_of
from labeller.store.ledger import Ledger
from labeller.store.log import actions
from labeller.store.oracle import final_classes


@dataclass(frozen=True)
class Word:
    """A statement about an image: `label`, `skip` or `clear`, with its class or reason, the action,
    and the origin of the label (person, oracle, import)."""

    kind: str
    class_id: int | None
    reason: str | None
    deed: Deed
    source: str

    @property
    def says(self) -> tuple[str, int | None, str | None]:
        return self.kind, self.class_id, self.reason


def last_words(db: Database, images: Collection[int] | None = None) -> dict[int, list[Word]]:
    """The concurrent last statements about each image, the one that counts last; for `images` or
    for all."""
    past = past_of(db)
    final = final_classes(db)
    said: dict[int, dict[str, Word]] = {}
    for action in actions(db):
        deed = past.by_action.get(action.id)
        if deed is None or deed.kind != DO or deed.origin in past.undone:
            continue
        if action.id in past.withdrawn:
            continue
        source = action.columns.origin
        for image_id, kind, class_id, reason in action.events:
            if images is None or image_id in images:
                own = None if class_id is None else final.get(class_id, class_id)
                word = Word(kind, own, reason, deed, source)
                said.setdefault(image_id, {})[deed.origin] = word
    return {
        image_id: _in_order(words[deed.origin] for deed in latest(w.deed for w in words.values()))
        for image_id, words in said.items()
    }


def _in_order(words: Iterator[Word]) -> list[Word]:
    return sorted(words, key=lambda word: (word.kind != "clear", word.deed.key))


def disputes(db: Database) -> dict[int, list[Word]]:
    """Images with contradictory concurrent statements."""
    found: dict[int, list[Word]] = {}
    if not has_merged(db):
        return found
    for image_id, words in last_words(db).items():
        given = [word for word in words if word.kind != "clear"]
        if len({word.says[:2] for word in given}) > 1 and len({_who(w) for w in given}) > 1:
            found[image_id] = given
    return found


def _who(word: Word) -> tuple[str, str]:
    return word.source, word.deed.annotator


def decided_anywhere(db: Database) -> set[int]:
    """Images resolved by somebody who knew of all statements about them."""
    past = past_of(db)
    touched: dict[int, list[Deed]] = {}
    decisions: dict[int, list[Deed]] = {}
    about: dict[str, set[int]] = {}  # the images of each deed
    for action in actions(db):
        deed = past.by_action.get(action.id)
        if deed is None or action.id in past.withdrawn:
            continue
        images = {event.image_id for event in action.events}
        target = past.by_action.get(deed.target or 0)
        images |= about.get(target.origin, set()) if target else set()
        about[deed.origin] = images
        for image_id in images:
            touched.setdefault(image_id, []).append(deed)
        if deed.word == "decision" and deed.edit:
            for image_id in deed.edit[1]:
                decisions.setdefault(image_id, []).append(deed)
    return {
        image_id
        for image_id, deeds in decisions.items()
        if any(all(deed.knows(other) for other in touched.get(image_id, ())) for deed in deeds)
        and image_id in touched
    }


def settle(db: Database, ledger: Ledger, images: Collection[int] | None = None) -> set[int]:
    """Repeat the label that counts where the log ends differently, with its author and time; return
    the images that changed.

    Args:
        images: only these; None stands for all.
    """
    counting = {image_id: words[-1] for image_id, words in last_words(db, images).items()}
    decided_before = decided(db)
    final = decided_anywhere(db) & {i for i, w in counting.items() if w.kind != "clear"}
    changed: set[int] = set()
    groups: dict[tuple[Key, tuple], tuple[Word | None, list[int]]] = {}
    for image_id, kind, class_id, reason, annotator, at in db.execute(
        "SELECT image_id, event.kind, class_id, reason, annotator, at "
        "FROM label_event AS event JOIN action ON action.id = action_id "
        "WHERE event.id IN (SELECT max(id) FROM label_event GROUP BY image_id) "
        "ORDER BY image_id"
    ).fetchall():
        if images is not None and image_id not in images:
            continue
        word = counting.get(image_id)
        wanted = word.says if word else ("clear", None, None)
        if wanted != (kind, class_id, reason):
            changed.add(image_id)
        elif wanted[0] == "clear" or (
            word is not None
            and (annotator, at) == (word.deed.annotator, word.deed.at)
            and (
                image_id in final or image_id not in decided_before
            )  # otherwise it is unresolved again
        ):
            continue
        key = word.deed.key if word else ("", 0, "")
        groups.setdefault((key, wanted), (word, []))[1].append(image_id)
    for (key, says), (word, members) in sorted(groups.items(), key=_by_key):
        ledger.take(
            [[image_id, *says] for image_id in members],
            word.deed.annotator if word else "",
            DO,
            word.source if word else "person",
            None,
            word.deed.at if word else ledger.time(),
            [SETTLED, key[2]],
        )
    fresh = sorted(final - decided(db))
    if images is not None:
        fresh = [image_id for image_id in fresh if image_id in images]
    if fresh:
        ledger.take([], "", DO, "person", None, ledger.time(), [SETTLED, None, fresh])
    return changed


def _by_key(group: tuple[tuple[Key, tuple], Any]) -> tuple[Key, str]:
    (key, says), _ = group
    return key, str(says)


def decided(db: Database) -> set[int]:
    """Images resolved and not relabelled since, at the end of the log."""
    rows = db.execute(
        "SELECT decision.image_id FROM decision JOIN current_label ON id = label_event_id"
    )
    return {row[0] for row in rows}
