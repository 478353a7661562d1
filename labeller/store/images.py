"""The images of a project: where they are, what the import found, and which may be selected."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from sqlite_utils import Database

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import make_folder, read_regular
from labeller.pool.cache import CHANGED
from labeller.pool.ingest import Verified
from labeller.pool.spelling import comparable, one_spelling, tails
from labeller.store.database import of_ids, writing
from labeller.store.edits import FORGOTTEN, mark_duplicates, separate
from labeller.store.settings import Settings

LEFT_OUT = "left out"
"""The reason why an image is not in a copy's pool: somebody else labels it."""
BLOCK = 50_000
"""Number of rows fetched from the database at a time."""
SEEN = "roots_seen"
"""Setting: where folders beside the project were last found."""


@dataclass(frozen=True)
class StoredImage:
    """`path` is relative to its source's root; `file` is the current absolute path."""

    id: int
    path: str
    file: Path
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class Whereabouts:
    """An image and its imported file; `sha256` is empty and `bytes` 0 if it was never read."""

    id: int
    source: int
    path: str
    file: Path
    sha256: str
    bytes: int


WITHDRAWN = f"('{FORGOTTEN}', '{CHANGED}')"
"""Reasons of images whose labels no longer count; other unreadable images keep theirs."""
ANSWERED_BY_COPY = """image.id IN (
    SELECT copy.duplicate_of FROM image AS copy
    WHERE copy.duplicate_of IS NOT NULL AND copy.id IN (SELECT image_id FROM current_label)
)"""
"""Condition: one of the image's exact copies is labelled or put aside."""


class Images:
    def __init__(self, db: Database, project_folder: Path) -> None:
        self._db = db
        self._folder = project_folder
        self._real_roots: dict[str, Path] = {}
        self._folders: dict[str, Path] = {}

    # -- import

    def add_source(
        self, split: str, root: Path, paths: Iterable[str], name: str | None = None
    ) -> dict[str, int]:
        """Record the images of one place as still to be read; return the ids by path. `name` is
        that of the split, such as "validation" for held-out images."""
        stored = self.stored_root(root)
        with writing(self._db):
            source = self._db.execute(
                "INSERT INTO source (split, root, name) VALUES (?, ?, ?)",
                [split, stored, name],
            ).lastrowid
            self._db.conn.executemany(
                "INSERT INTO image (source_id, path) VALUES (?, ?)",
                ([source, path] for path in paths),
            )
        rows = self._db.execute("SELECT path, id FROM image WHERE source_id = ?", [source])
        return dict(rows.fetchall())

    def extend_source(
        self, split: str, root: Path, paths: Iterable[str], name: str | None = None
    ) -> dict[str, int]:
        """Like `add_source`, for further images of a folder that may already be known."""
        wanted = list(paths)
        with writing(self._db):
            source = self._source(split, self.stored_root(root), name)
            self._db.conn.executemany(
                "INSERT OR IGNORE INTO image (source_id, path) VALUES (?, ?)",
                ([source, path] for path in wanted),
            )
        rows = self._db.execute("SELECT path, id FROM image WHERE source_id = ?", [source])
        found = dict(rows.fetchall())
        return {path: found[path] for path in wanted}

    def stored_root(self, root: Path) -> str:
        """A folder as stored: relative to the project if it is inside or beside it, so that both
        can be moved together."""
        if root.is_relative_to(self._folder):
            return root.relative_to(self._folder).as_posix()
        if root.is_relative_to(self._folder.parent):
            return Path(os.path.relpath(root, self._folder)).as_posix()
        return root.as_posix()

    def real_root(self, stored: str) -> Path:
        """The absolute path of a stored folder."""
        if stored not in self._real_roots:  # few folders, but looked up for every image
            self._real_roots[stored] = Path(os.path.normpath(self._folder / stored))
        return self._real_roots[stored]

    def settle_roots(self, settings: Settings) -> None:
        """Resolve folders stored relative to the project's parent: if they moved along with the
        project, they are still beside it; otherwise they are where they were last seen."""
        rows = self._db.execute("SELECT id, root FROM source WHERE root LIKE '..%'").fetchall()
        try:
            seen = settings.get(SEEN, {})
        except LabellerError:  # damaged, but it is only a hint
            seen = {}
        before = dict(seen) if isinstance(seen, dict) else {}
        now = dict(before)
        for source, root in rows:
            real, last = self.real_root(root), before.get(root)
            if real.is_dir():
                now[root] = str(real)
            elif isinstance(last, str) and Path(last).is_dir():
                stored = self.stored_root(Path(last))
                self._db.execute("UPDATE source SET root = ? WHERE id = ?", [stored, source])
        if now != before:
            settings.set(SEEN, now)

    def roots(self) -> list[Path]:
        """The folders of the pool's images."""
        rows = self._db.execute("SELECT DISTINCT root FROM source WHERE split = 'pool'")
        return [self.real_root(root) for (root,) in rows]

    def sources(self) -> int:
        """The number of places that images came from."""
        return int(self._db.execute("SELECT count(*) FROM source").fetchone()[0])

    def files(self) -> set[Path]:
        """Every image's file, links resolved."""
        rows = self._db.execute("SELECT root, path FROM image JOIN source ON source.id = source_id")
        resolved: dict[str, Path] = {}
        found = set()
        for root, path in rows:
            if root not in resolved:
                resolved[root] = self.real_root(root).resolve()
            file = resolved[root] / path
            found.add(file.resolve() if file.is_symlink() else file)
        return found

    def whereabouts(self) -> list["Whereabouts"]:
        """Every image with its expected file."""
        rows = self._db.execute(
            "SELECT image.id, source_id, path, root, sha256, bytes FROM image "
            "JOIN source ON source.id = source_id ORDER BY image.id"
        )
        return [
            Whereabouts(image_id, source, path, self.file(root, path), sha256 or "", size or 0)
            for image_id, source, path, root, sha256, size in rows
        ]

    def move(self, place: Path, found: Mapping[int, str]) -> None:
        """Record that images are now below another folder (paths by id). A source whose images all
        kept their paths moves as a whole."""
        stored = self.stored_root(place)
        with writing(self._db):
            by_source: dict[int, list[tuple[int, str, str]]] = {}
            for image_id, source, path in self._db.execute(
                "SELECT id, source_id, path FROM image ORDER BY id"
            ).fetchall():
                by_source.setdefault(source, []).append((image_id, path, found.get(image_id, "")))
            for source, images in by_source.items():
                if not any(new for _, _, new in images):
                    continue
                heads = {
                    new[: len(new) - len(path)] if new.endswith(path) else None
                    for _, path, new in images
                }
                if len(heads) == 1 and (head := heads.pop()) is not None and head[-1:] in ("", "/"):
                    root = self.stored_root(place / head.rstrip("/")) if head else stored
                    self._db.execute("UPDATE source SET root = ? WHERE id = ?", [root, source])
                    continue
                split, name = self._db.execute(
                    "SELECT split, name FROM source WHERE id = ?", [source]
                ).fetchone()
                target = self._source(split, stored, name)
                self._db.conn.executemany(
                    "UPDATE image SET source_id = ?, path = ? WHERE id = ?",
                    ([target, new, image_id] for image_id, _, new in images if new),
                )

    def _source(self, split: str, stored: str, name: str | None) -> int:
        """The source of a place, created if necessary."""
        row = self._db.execute(
            "SELECT id FROM source WHERE split = ? AND root = ? AND name IS ?",
            [split, stored, name],
        ).fetchone()
        if row is not None:
            return int(row[0])
        made = self._db.execute(
            "INSERT INTO source (split, root, name) VALUES (?, ?, ?)", [split, stored, name]
        ).lastrowid
        assert made is not None
        return made

    def pending(self) -> list[tuple[int, Path, str]]:
        """Ids and files of the images still to be read, with the hashes of those being reread."""
        known = dict(
            self._db.execute(
                "SELECT id, sha256 FROM image WHERE state = 'pending' AND sha256 <> ''"
            )
        )
        return [(i, file, known.get(i, "")) for i, file in self._in_state("pending")]

    def record(self, found: Iterable[Verified], wait: bool = False) -> int:
        """Store what the import found about some images, in one transaction.

        An image that could be read before and now cannot keeps its data.

        Args:
            wait: leave images whose files are gone as still to be read.

        Returns:
            The number of images left to be read.
        """
        every = list(found)
        new, bad, waiting = [], [], 0
        with writing(self._db):
            sql = "SELECT id FROM image WHERE sha256 <> '' AND id IN ({ids})"
            known = {row[0] for row in of_ids(self._db, sql, [v.image_id for v in every])}
            for v in every:
                if v.changed:
                    continue  # what is known about it stays
                if v.reason is None:
                    new.append((v.width, v.height, v.bytes, v.sha256, v.bits, v.pages, v.image_id))
                elif v.gone and wait and v.image_id not in known:
                    waiting += 1
                elif v.image_id not in known:
                    bad.append((v.reason, v.image_id))
            for change, rows in (
                ("state = 'ready'", [(image_id,) for image_id in known]),
                (
                    "state = 'ready', reason = NULL, width = ?, height = ?, bytes = ?, "
                    "sha256 = ?, bits = ?, pages = ?",
                    new,
                ),
                ("state = 'unreadable', reason = ?", bad),
            ):
                self._db.conn.executemany(f"UPDATE image SET {change} WHERE id = ?", rows)
        return waiting

    def mark_duplicates(self) -> None:
        """Point copies in the pool at the image that represents them."""
        with writing(self._db):
            mark_duplicates(self._db)

    def mark_missing(self, image_ids: Iterable[int], reason: str) -> None:
        """Record images as unreadable."""
        with writing(self._db):
            self._db.conn.executemany(
                "UPDATE image SET state = 'unreadable', reason = ? WHERE id = ?",
                ([reason, int(image_id)] for image_id in image_ids),
            )

    def read_again(self, image_ids: Iterable[int]) -> None:
        """Schedule images to be reread; what is known about them stays until then."""
        with writing(self._db):
            self._db.conn.executemany(
                "UPDATE image SET state = 'pending', reason = NULL WHERE id = ?",
                ([int(image_id)] for image_id in image_ids),
            )

    def set_aside(self, image_ids: Iterable[int], reason: str) -> None:
        """Leave out images until their files are restored; their copies count on their own."""
        with writing(self._db):
            ids = [int(image_id) for image_id in image_ids]
            self.mark_missing(ids, reason)
            separate(self._db, ids)

    def read_as_new(self, image_ids: Iterable[int]) -> None:
        """Schedule images to be read as if for the first time."""
        with writing(self._db):
            ids = [int(image_id) for image_id in image_ids]
            self._db.conn.executemany(
                "UPDATE image SET state = 'pending', reason = NULL, sha256 = NULL, bytes = NULL "
                "WHERE id = ?",
                ([image_id] for image_id in ids),
            )
            separate(self._db, ids)

    def take_files_in(self, folder: Path, images: Iterable[StoredImage]) -> None:
        """Copy images into the project's folder and point their sources there; missing files are
        skipped."""
        sources = dict(self._db.execute("SELECT id, source_id FROM image").fetchall())
        for image in images:
            target = folder / "images" / str(sources[image.id]) / image.path
            try:
                data = read_regular(image.file)
            except OSError:
                continue
            make_folder(target.parent, folder)
            target.write_bytes(data)
        with writing(self._db):
            for (source,) in self._db.execute("SELECT id FROM source").fetchall():
                self._db.execute(
                    "UPDATE source SET root = ? WHERE id = ?", [f"images/{source}", source]
                )

    def settle_as_if_at(self, final: Path, origin: Path) -> None:
        """Point the sources of a copy to those of the original, relative to the copy's
        final place."""
        with writing(self._db):
            for source, root in self._db.execute("SELECT id, root FROM source").fetchall():
                real = Path(os.path.normpath(origin / root))
                beside = real.is_relative_to(final.parent)
                stored = os.path.relpath(real, final) if beside else str(real)
                self._db.execute(
                    "UPDATE source SET root = ? WHERE id = ?", [Path(stored).as_posix(), source]
                )

    def leave_out(self, image_ids: Iterable[int]) -> None:
        """Take images out of a copy's pool because others label them or an experiment leaves them
        out. Rereading does not bring them back."""
        with writing(self._db):
            self._db.conn.executemany(
                "UPDATE image SET state = 'unreadable', reason = ? WHERE id = ?",
                ([LEFT_OUT, int(image_id)] for image_id in image_ids),
            )

    # -- questions

    def count(self) -> int:
        """The number of all images, readable or not; the tensor cache has a row for each."""
        return int(self._db.execute("SELECT count(*) FROM image").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Numbers of images of the pool that are `ready`, `unreadable`, `duplicates`; and of `test`
        images."""
        row = self._db.execute("""
            SELECT
                count(*) FILTER (WHERE split = 'pool' AND state = 'ready'),
                count(*) FILTER (WHERE split = 'test' AND state = 'ready' AND source_id IN (
                    SELECT id FROM measuring_source
                )),
                count(*) FILTER (WHERE state = 'unreadable'),
                count(*) FILTER (WHERE duplicate_of IS NOT NULL)
            FROM image JOIN source ON source.id = source_id
        """).fetchone()
        return dict(zip(("ready", "test", "unreadable", "duplicates"), row, strict=True))

    def pool_size(self) -> int:
        """The number of images to label: readable images of the pool without copies."""
        row = self._db.execute(
            "SELECT count(*) FROM image JOIN source ON source.id = source_id "
            "WHERE split = 'pool' AND state = 'ready' AND duplicate_of IS NULL"
        ).fetchone()
        return int(row[0])

    def unreadable(self) -> list[tuple[str, str]]:
        """Paths and reasons of images that are unreadable or forgotten."""
        return self._db.execute(
            "SELECT path, reason FROM image WHERE state = 'unreadable' ORDER BY id"
        ).fetchall()

    def forgotten(self) -> list[int]:
        """Ids of forgotten images, ascending."""
        rows = self._db.execute(
            "SELECT id FROM image WHERE state = 'unreadable' AND reason = ? ORDER BY id",
            [FORGOTTEN],
        )
        return [row[0] for row in rows]

    def withdrawn(self) -> list[int]:
        """Ids of images that were forgotten, or left out because their files changed."""
        rows = self._db.execute(
            f"SELECT id FROM image WHERE state = 'unreadable' AND reason IN {WITHDRAWN} ORDER BY id"
        )
        return [row[0] for row in rows]

    def states(self, image_ids: Sequence[int]) -> list[tuple[int, str, str | None]]:
        """Id, state and reason of images."""
        sql = "SELECT id, state, reason FROM image WHERE id IN ({ids})"
        return [(i, state, reason) for i, state, reason in of_ids(self._db, sql, image_ids)]

    def held_out(self, image_ids: Sequence[int]) -> set[int]:
        """The images among these that are held out to measure models."""
        sql = (
            "SELECT image.id FROM image JOIN source ON source.id = source_id "
            "WHERE split = 'test' AND image.id IN ({ids})"
        )
        return {row[0] for row in of_ids(self._db, sql, image_ids)}

    def by_bits(self) -> dict[int, list[int]]:
        """Ids of readable greyscale images of more than 8 bits, by the bits they use (see
        `pool.decode.Decoded`)."""
        found: dict[int, list[int]] = {}
        for image_id, bits in self._db.execute(
            "SELECT id, bits FROM image WHERE state = 'ready' AND bits > 0 ORDER BY id"
        ):
            found.setdefault(bits, []).append(image_id)
        return found

    def perhaps_deep(self) -> np.ndarray:
        """Ids of readable images that have more than 8 bits, or were imported by a version that did
        not check: int64, ascending."""
        return self._ids("SELECT id FROM image WHERE state = 'ready' AND bits IS NOT 0 ORDER BY id")

    def paged(self) -> tuple[int, int]:
        """The number of files with several pages, and of their pages that are not shown."""
        count, left = self._db.execute(
            "SELECT count(*), ifnull(sum(pages - 1), 0) FROM image "
            "WHERE state = 'ready' AND pages > 1"
        ).fetchone()
        return int(count), int(left)

    def unreadable_files(self) -> list[tuple[int, Path]]:
        """Ids and files of images that could never be read."""
        known = {image.id for image, _ in self.each_set_aside()} | set(self.forgotten())
        left_out = self._db.execute("SELECT id FROM image WHERE reason = ?", [LEFT_OUT])
        known |= {row[0] for row in left_out}
        return [(i, file) for i, file in self._in_state("unreadable") if i not in known]

    def unpacked(self) -> list[str]:
        """Images unpacked into the project, by their paths in its folder."""
        rows = self._db.execute("SELECT root, path FROM image JOIN source ON source.id = source_id")
        return [
            f"{root}/{path}" for root, path in rows
            if not PurePosixPath(root).is_absolute() and not Path(root).is_absolute()
            and ".." not in (*PurePosixPath(root).parts, *PurePosixPath(path).parts)
        ]  # fmt: skip

    def unreadable_ids(self) -> list[int]:
        return [int(i) for i in self._ids("SELECT id FROM image WHERE state = 'unreadable'")]

    def duplicates(self) -> np.ndarray:
        """Ids of the pool's exact copies of other images: int64, ascending."""
        return self._ids("SELECT id FROM image WHERE duplicate_of IS NOT NULL ORDER BY id")

    def copies(self) -> dict[int, tuple[int, bool]]:
        """For each exact copy in the pool, by id: the image that represents it and whether that is
        held out."""
        rows = self._db.execute(
            "SELECT image.id, original.id, split = 'test' FROM image "
            "JOIN image AS original ON original.id = image.duplicate_of "
            "JOIN source ON source.id = original.source_id ORDER BY image.id"
        )
        return {copy: (original, bool(held_out)) for copy, original, held_out in rows}

    def candidates(self) -> np.ndarray:
        """Ids that may be selected next: int64, ascending.

        Readable images of the pool that are not copies, neither labelled nor skipped (nor are their
        copies), and not waiting in the newest batch.
        """
        return self._ids(f"""
            SELECT image.id FROM image JOIN source ON source.id = source_id
            WHERE split = 'pool' AND state = 'ready' AND duplicate_of IS NULL
                AND image.id NOT IN (SELECT image_id FROM current_label)
                AND image.id NOT IN (
                    SELECT image_id FROM batch_item WHERE round_id = (SELECT max(id) FROM round)
                )
                AND NOT {ANSWERED_BY_COPY}
            ORDER BY image.id
        """)

    def open(self) -> np.ndarray:
        """Ids of the pool that are neither labelled nor skipped: int64, ascending."""
        return self._ids(f"""
            SELECT image.id FROM image JOIN source ON source.id = source_id
            WHERE split = 'pool' AND state = 'ready' AND duplicate_of IS NULL
                AND image.id NOT IN (SELECT image_id FROM current_label)
                AND NOT {ANSWERED_BY_COPY}
            ORDER BY image.id
        """)

    def unlabelled(self) -> np.ndarray:
        """Ids of the pool without a label, including skipped ones: int64, ascending."""
        return self._ids(f"""
            SELECT image.id FROM image JOIN source ON source.id = source_id
            WHERE split = 'pool' AND state = 'ready' AND duplicate_of IS NULL
                AND image.id NOT IN (SELECT image_id FROM current_label WHERE kind = 'label')
                AND NOT {ANSWERED_BY_COPY}
            ORDER BY image.id
        """)

    def named(self, part: str, limit: int, file_only: bool = False) -> list[int]:
        """Ids of the pool's readable images with `part` in their path (or only in their file name),
        case-insensitively; in order, at most `limit`."""
        if not part:
            return []
        rows = self._db.execute(
            "SELECT image.id, path FROM image JOIN source ON source.id = source_id "
            "WHERE split = 'pool' AND state = 'ready' ORDER BY image.id"
        )
        wanted = part.casefold()
        fits = (
            image_id
            for image_id, path in rows
            if wanted in (path.rpartition("/")[2] if file_only else path).casefold()
        )
        return list(islice(fits, limit))

    def get(self, image_ids: Sequence[int]) -> list[StoredImage]:
        """The images with these ids, in this order. Raises KeyError for an unknown id."""
        sql = (
            "SELECT image.id, path, root, sha256, width, height FROM image "
            "JOIN source ON source.id = source_id WHERE image.id IN ({ids})"
        )
        found = {columns[0]: self._image(columns) for columns in of_ids(self._db, sql, image_ids)}
        return [found[int(image_id)] for image_id in image_ids]

    def missing_roots(self) -> list[Path]:
        """Image folders that are missing."""
        rows = self._db.execute("SELECT DISTINCT root FROM source ORDER BY root")
        roots = [self.real_root(root) for (root,) in rows]
        return [root for root in roots if not root.is_dir()]

    def each_file(self) -> Iterator[tuple[StoredImage, int]]:
        """Every readable image with its file size in bytes at import."""
        yield from self._each_file("ready")

    def each_set_aside(self) -> Iterator[tuple[StoredImage, int]]:
        """Like `each_file`, for images that were readable and are now excluded."""
        yield from self._each_file("unreadable")

    def _each_file(self, state: str) -> Iterator[tuple[StoredImage, int]]:
        rows = self._db.execute(
            "SELECT image.id, path, root, sha256, width, height, bytes FROM image "
            "JOIN source ON source.id = source_id WHERE state = ? AND (state = 'ready' OR "
            "ifnull(sha256, '') <> '' AND ifnull(reason, '') <> ?) ORDER BY image.id",
            [state, LEFT_OUT],
        )
        for *columns, size in rows:
            yield self._image(columns), size

    def in_columns(self) -> Iterator[list[tuple]]:
        """Blocks of readable images: id, source, path, SHA-256, width, height, bits; ascending."""
        rows = self._db.execute(
            "SELECT id, source_id, path, iif(length(sha256) = 64, sha256, ''), "
            "ifnull(width, 0), ifnull(height, 0), bits FROM image "
            "WHERE state = 'ready' ORDER BY id"
        )
        while block := rows.fetchmany(BLOCK):
            yield block

    def roots_by_source(self) -> dict[int, Path]:
        """The folder of each source."""
        rows = self._db.execute("SELECT id, root FROM source")
        return {source: self.file(root, "") for source, root in rows}

    def contents(self) -> dict[int, str]:
        """The SHA-256 of each image's file by id; "" if unknown."""
        return dict(self._db.execute("SELECT id, ifnull(sha256, '') FROM image").fetchall())

    def keys(self) -> np.ndarray:
        """The key of each image's hash in row files (labeller/pool/rows.py), by row: uint64
        [images], 0 for images that could never be read."""
        found = np.zeros(self.count(), dtype=np.uint64)
        rows = self._db.execute(
            "SELECT id, substr(sha256, 1, 16) FROM image WHERE length(sha256) = 64 ORDER BY id"
        )
        while block := rows.fetchmany(BLOCK):  # one by one takes seconds for a million
            ids, digests = zip(*block, strict=True)
            keys = np.frombuffer(bytes.fromhex("".join(digests)), dtype=">u8")
            places = np.array(ids) - 1
            inside = places < len(found)
            found[places[inside]] = keys[inside]
        return found

    def by_sha256(self) -> dict[str, list[int]]:
        """Ids of the pool's readable images by SHA-256."""
        found: dict[str, list[int]] = {}
        for digest, image_id in self._db.execute(
            "SELECT sha256, image.id FROM image JOIN source ON source.id = source_id "
            "WHERE split = 'pool' AND state = 'ready' AND sha256 <> '' ORDER BY image.id"
        ):
            found.setdefault(digest, []).append(image_id)
        return found

    def finder(
        self, splits: tuple[str, ...] = ("pool",), among: Collection[int] = ()
    ) -> "ImageFinder":
        """A finder for readable images of some splits, or for those in `among`."""
        rows = self._db.execute(
            "SELECT image.id, path, root, split, state FROM image "
            "JOIN source ON source.id = source_id ORDER BY image.id"
        )
        return ImageFinder(
            (image_id, path, self.file(root, path))
            for image_id, path, root, split, state in rows
            if split in splits and (image_id in among if among else state == "ready")
        )

    def _in_state(self, state: str) -> list[tuple[int, Path]]:
        rows = self._db.execute(
            "SELECT image.id, root, path FROM image JOIN source ON source.id = source_id "
            "WHERE state = ? ORDER BY image.id",
            [state],
        )
        return [(image_id, self.file(root, path)) for image_id, root, path in rows]

    def _ids(self, sql: str) -> np.ndarray:
        """The ids that a query finds, ascending; SQLite joins them into one text, for speed."""
        text = self._db.execute(f"SELECT group_concat(id) FROM ({sql})").fetchone()[0]
        return np.sort(np.fromstring(text, np.int64, sep=",")) if text else np.zeros(0, np.int64)

    def _image(self, columns: Sequence[Any]) -> StoredImage:
        image_id, path, root, sha256, width, height = columns
        return StoredImage(image_id, path, self.file(root, path), sha256 or "", width, height)

    def file(self, root: str, path: str) -> Path:
        """The file of an image path below a stored folder."""
        if root.startswith(".."):  # beside the project
            return self.real_root(root) / path
        if root not in self._folders:
            self._folders[root] = self._folder / root
        return self._folders[root] / path


class ImageFinder:
    """Finds images by what people write: the path in the project (case-insensitively if
    unambiguous), an absolute path, a unique name, or a path from another computer with the same
    ending."""

    def __init__(self, images: Iterable[tuple[int, str, Path]]) -> None:
        self._by_path: dict[str, int] = {}
        self._by_file: dict[str, int] = {}
        self._by_name: dict[str, list[tuple[int, str]]] = {}
        self._by_folded: dict[str, list[int]] = {}
        for image_id, path, file in images:
            self._by_path.setdefault(comparable(path), image_id)
            self._by_folded.setdefault(comparable(path).casefold(), []).append(image_id)
            whole = comparable(file.as_posix())
            self._by_file.setdefault(whole, image_id)
            self._by_name.setdefault(comparable(file.name), []).append((image_id, whole))

    def find(self, written: str, beside: Path) -> int:
        """The id of an image; relative paths may also start from the folder `beside`.

        Raises:
            LabellerError: no image, or several, could be meant.
        """
        for spelt in dict.fromkeys((comparable(written), comparable(one_spelling(written)))):
            if spelt in self._by_path:
                return self._by_path[spelt]
            near = (beside / spelt).as_posix()
            for key in (near, one_spelling(near)):
                if key in self._by_file:
                    return self._by_file[key]
            real = comparable(
                Path(near).resolve().as_posix()
            )  # needs disk access, so it comes last
            if real in self._by_file:
                return self._by_file[real]
        folded = comparable(one_spelling(written)).casefold()
        found = self._by_tail(written) or self._by_folded.get(folded, [])
        if len(found) > 1:
            raise LabellerError(
                "{written} could be {count} images; give its full path",
                written=quoted(written),
                count=len(found),
            )
        if not found:
            raise LabellerError(
                "{written} is not an image of this project", written=quoted(written)
            )
        return found[0]

    def _by_tail(self, written: str) -> list[int]:
        """Images whose file matches the longest suffix of the written path: the whole path in the
        project, or at least a folder and the name; or the name alone if nothing else was written.
        """
        ends = tails(comparable(written))
        named = self._by_name.get(ends[-1], []) if ends else []
        if len(ends) == 1:
            return [image_id for image_id, _ in named]
        for end in ends:
            if end in self._by_path:
                return [self._by_path[end]]
            if "/" in end and (found := [i for i, whole in named if whole.endswith("/" + end)]):
                return found
        return []
