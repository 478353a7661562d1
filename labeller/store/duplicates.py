"""Exact copies of images, and images that are no longer shown."""

from collections.abc import Sequence

from sqlite_utils import Database

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
