"""Which images stand for which: exact copies, and images that are not to be seen any more."""

from collections.abc import Sequence

from sqlite_utils import Database

FORGOTTEN = "forgotten"
"""The reason of images that somebody does not want in the project any more."""


def mark_duplicates(db: Database) -> None:
    """Point copies in the pool at the image that stands for them; within a transaction.

    A held-out image stands before one of the pool (else the test would be trained on), then the
    earlier one. Held-out images are never marked.
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
    """Images are no copies of others, nor others of them, until that is looked for again."""
    db.conn.executemany(
        "UPDATE image SET duplicate_of = NULL WHERE ?1 IN (id, duplicate_of)",
        ([image_id] for image_id in image_ids),
    )
