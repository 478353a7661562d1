"""Edits: what people change besides labels, as stored in the log: notes, classes, examples,
decisions, settings, model labels; also the marks of exact copies. Each edit is a JSON list of a
word and its values, so that the journal can restore it.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlite_utils import Database

from labeller.store.causality import JOINED, MERGED, PARTED, SETTLED
from labeller.store.derived import DERIVED, GUIDELINES, derive, is_wrong
from labeller.store.log import Columns

Edit = list[Any]
AUDIT = "audit"
"""The strategy of rounds whose labels measure models and are never trained on, and the edit that
starts one."""
RESTORED = "restored"
"""The strategy of rounds of which only the labels are known."""


def add_classes(db: Database, edit: Edit, columns: Columns) -> None:
    """["classes", [[id, name, position, its key if it was created with one], ...]]"""
    db.conn.executemany(
        "INSERT OR IGNORE INTO class (id, name, position, shortcut) VALUES (?, ?, ?, ?)",
        ([*row[:3], row[3] if len(row) > 3 else None] for row in edit[1]),
    )
    # A label may have been restored before the name of its class.
    db.conn.executemany(
        "UPDATE class SET name = ?2, position = ?3 "
        "WHERE id = ?1 AND name = 'restored class ' || ?1",
        (row[:3] for row in edit[1]),
    )


def change_class(db: Database, edit: Edit, columns: Columns) -> None:
    """["class", id, {column: value}]; unarchiving a class undoes its merge."""
    class_id, values = edit[1], edit[2]
    db.execute(
        "UPDATE class SET name = ?, colour = ?, shortcut = ?, description = ?, archived = ?, "
        "merged_into = CASE WHEN ?5 THEN merged_into END WHERE id = ?",
        [*(values[n] for n in ("name", "colour", "shortcut", "description", "archived")), class_id],
    )


def order_classes(db: Database, edit: Edit, columns: Columns) -> None:
    """["order", [ids]]"""
    for position, class_id in enumerate(edit[1]):
        db.execute("UPDATE class SET position = ? WHERE id = ?", [position, class_id])


def merge_class(db: Database, edit: Edit, columns: Columns) -> None:
    """["merge", class, into, its key before, whether it was archived before]"""
    db.execute(
        "UPDATE class SET merged_into = ?, archived = 1, shortcut = NULL WHERE id = ?",
        [edit[2], edit[1]],
    )


def unmerge_class(db: Database, edit: Edit, columns: Columns) -> None:
    """["unmerge", ...] with the values of the merge. A key reassigned since then stays
    where it is."""
    _, class_id, _, shortcut, archived = edit
    db.execute(
        "UPDATE class SET merged_into = NULL, archived = ?1, shortcut = CASE WHEN NOT EXISTS "
        "(SELECT 1 FROM class WHERE shortcut = ?2 AND NOT archived AND id <> ?3) THEN ?2 END "
        "WHERE id = ?3",
        [archived, shortcut, class_id],
    )


def change_examples(db: Database, edit: Edit, columns: Columns) -> None:
    """["examples", whether to add, [[image, class], ...]]; with a fourth value, true, the images
    show what the class is not."""
    sql = "DELETE FROM example WHERE image_id = ?1 AND class_id = ?2"
    if edit[1]:
        sql = "INSERT OR REPLACE INTO example (image_id, class_id, wrong) VALUES (?1, ?2, ?3)"
    wrong = is_wrong(edit)
    db.conn.executemany(sql, ([*pair, wrong] if edit[1] else pair for pair in edit[2]))


def write_guidelines(db: Database, edit: Edit, columns: Columns) -> None:
    """["guidelines", text]"""
    change_setting(db, ["setting", GUIDELINES, edit[1]], columns)


def write_note(db: Database, edit: Edit, columns: Columns) -> None:
    """["note", image, text]; the action tells who and when."""
    db.execute(
        "INSERT INTO note (image_id, text, annotator, at) VALUES (?, ?, ?, ?)",
        [edit[1], edit[2], columns.annotator, columns.at],
    )


def decide(db: Database, edit: Edit, columns: Columns) -> None:
    """["decision", [images]]: their labels at this point of the log resolve the disagreement."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO decision SELECT image_id, id FROM current_label WHERE image_id = ?",
        ([image_id] for image_id in edit[1]),
    )


def change_setting(db: Database, edit: Edit, columns: Columns) -> None:
    """["setting", key, value]"""
    db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [edit[1], json.dumps(edit[2])])


def change_model_labels(db: Database, edit: Edit, columns: Columns) -> None:
    """["model_labels", removed rows, added rows]; a row is [image, class, confidence]."""
    db.conn.executemany("DELETE FROM model_label WHERE image_id = ?", ([r[0]] for r in edit[1]))
    db.conn.executemany("INSERT OR REPLACE INTO model_label VALUES (?, ?, ?)", edit[2])


def begin_audit(db: Database, edit: Edit, columns: Columns) -> None:
    """["audit", round, [images]]: labels given in that round are never trained on. The round exists
    already, unless the log is read from the journal."""
    round_id, image_ids = edit[1], edit[2]
    db.execute(
        "INSERT INTO round (id, number, strategy, seed, created_at) "
        "VALUES (?1, (SELECT coalesce(max(number), -1) + 1 FROM round), ?2, 0, ?3) "
        "ON CONFLICT (id) DO UPDATE SET strategy = ?2 WHERE strategy = ?4",
        [round_id, AUDIT, columns.at, RESTORED],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO batch_item (round_id, position, image_id) VALUES "
        "(?1, (SELECT coalesce(max(position), -1) + 1 FROM batch_item WHERE round_id = ?1), ?2)",
        ((round_id, image_id) for image_id in image_ids),
    )


def keep_from_learning(db: Database, edit: Edit, columns: Columns) -> None:
    """["audited", [images]]: they were labelled in an audit, here or elsewhere."""
    db.conn.executemany("INSERT OR IGNORE INTO audited VALUES (?)", ([i] for i in edit[1]))


def forget_images(db: Database, edit: Edit, columns: Columns) -> None:
    """["forget", [[image, previous state, its reason], ...], whether they are forgotten or
    restored]"""
    _, rows, forgotten = edit
    db.conn.executemany(
        "UPDATE image SET state = ?, reason = ? WHERE id = ?",
        (
            ["unreadable", FORGOTTEN, image_id] if forgotten else [state, reason, image_id]
            for image_id, state, reason in rows
        ),
    )
    separate(db, [row[0] for row in rows])
    mark_duplicates(db)


def merge_action(db: Database, edit: Edit, columns: Columns) -> None:
    """["merged", origin, its edit or null, origins of its parents]: classes, examples and notes are
    updated when the merge ends. Merges of earlier versions record neither parents nor their end."""
    inner = edit[2]
    if inner is None:
        return
    if inner[0] == "classes":
        _make_room(db, inner)
    if inner[0] in ("classes", "note", "audited"):
        KINDS[inner[0]](db, inner, columns)
    if len(edit) < 4 and inner[0] in DERIVED:
        derive(db)


def _make_room(db: Database, edit: Edit) -> None:
    """Free a name that may belong to another class until the merge ends."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO class (id, name, position) "
        "VALUES (?1, ' ' || ?1, (SELECT coalesce(max(position), -1) + 1 FROM class))",
        ([row[0]] for row in edit[1]),
    )


def join(db: Database, edit: Edit, columns: Columns) -> None:
    """["joined"]: the preceding actions came with one merge; ["parted"] undoes it."""
    derive(db)


def settle(db: Database, edit: Edit, columns: Columns) -> None:
    """["settled", origin of the action whose labels count], with its events; or ["settled", null,
    images whose disagreement is resolved]."""
    if len(edit) > 2:
        decide(db, [edit[0], edit[2]], columns)


KINDS: dict[str, Callable[[Database, Edit, Columns], None]] = {
    "classes": add_classes,
    "class": change_class,
    "order": order_classes,
    "merge": merge_class,
    "unmerge": unmerge_class,
    "examples": change_examples,
    "note": write_note,
    GUIDELINES: write_guidelines,
    "decision": decide,
    "setting": change_setting,
    "model_labels": change_model_labels,
    AUDIT: begin_audit,
    "audited": keep_from_learning,
    "forget": forget_images,
    MERGED: merge_action,
    JOINED: join,
    PARTED: join,
    SETTLED: settle,
}


def apply(db: Database, edit: str, columns: Columns) -> None:
    """Apply a stored edit.

    Args:
        columns: those of its action, as in labeller/store/log.py.

    Raises:
        ValueError, TypeError, KeyError, IndexError, sqlite3.Error: it is not an edit, or refers to
            something that does not exist.
    """
    read = json.loads(edit)
    KINDS[read[0]](db, read, columns)


def reverted(edit: str | None) -> str | None:
    """The reverse of a merge of classes, model labels or forgotten images, or its redo; other edits
    come without labels and are not undone."""
    if edit is None:
        return None
    word, *values = json.loads(edit)
    if word == "model_labels":
        return json.dumps([word, *reversed(values)])
    if word == "forget":
        return json.dumps([word, values[0], not values[1]])
    return json.dumps([{"merge": "unmerge", "unmerge": "merge"}[word], *values])


FORGOTTEN = "forgotten"
"""The reason stored for images removed by a person."""


def mark_duplicates(db: Database) -> None:
    """Mark copies in the pool with the image that represents them; within a transaction.

    Held-out images take precedence over the pool (otherwise the test would be trained on), then
    earlier images. Held-out images are never marked.
    """
    db.execute("""
        UPDATE image SET duplicate_of = first.id FROM (
            SELECT image.id, sha256, row_number() OVER (
                PARTITION BY sha256 ORDER BY split = 'test' DESC, image.id
            ) AS place
            FROM image JOIN source ON source.id = source_id WHERE state = 'ready'
        ) AS first
        WHERE first.place = 1 AND first.sha256 = image.sha256 AND first.id <> image.id
            AND state = 'ready'
            AND source_id IN (SELECT id FROM source WHERE split = 'pool')
    """)


def separate(db: Database, image_ids: Sequence[int]) -> None:
    """Unmark images as copies or originals until duplicates are detected again."""
    db.conn.executemany(
        "UPDATE image SET duplicate_of = NULL WHERE ?1 IN (id, duplicate_of)",
        ([image_id] for image_id in image_ids),
    )
