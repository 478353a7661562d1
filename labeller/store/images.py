"""The images of a project: where they lie, what the import found, and which may be chosen."""

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
from labeller.pool.ingest import Verified
from labeller.pool.rows import key_of
from labeller.pool.spelling import comparable, one_spelling, tails
from labeller.pool.unchanged import CHANGED
from labeller.store.database import of_ids, writing
from labeller.store.duplicates import FORGOTTEN, mark_duplicates, separate
from labeller.store.settings import Settings

LEFT_OUT = "left out"
"""Why an image of a copy is not in its pool: somebody else labels it."""
SEEN = "roots_seen"
"""The setting that says where folders beside the project were when they were there last."""


@dataclass(frozen=True)
class StoredImage:
    """`path` is relative to its source's root; `file` is where it lies now."""

    id: int
    path: str
    file: Path
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class Whereabouts:
    """An image and the file that it was; `sha256` is empty and `bytes` 0 where it was never
    read."""

    id: int
    source: int
    path: str
    file: Path
    sha256: str
    bytes: int


WITHDRAWN = f"('{FORGOTTEN}', '{CHANGED}')"
"""Reasons of images whose labels count no more; others that cannot be read keep theirs."""
ANSWERED_BY_COPY = """image.id IN (
    SELECT copy.duplicate_of FROM image AS copy
    WHERE copy.duplicate_of IS NOT NULL AND copy.id IN (SELECT image_id FROM current_label)
)"""
"""Of an image, that one of its exact copies is labelled or put aside."""


class Images:
    def __init__(self, db: Database, project_folder: Path) -> None:
        self._db = db
        self._folder = project_folder

    # -- import

    def add_source(
        self, split: str, root: Path, paths: Iterable[str], name: str | None = None
    ) -> dict[str, int]:
        """Record the images of one place as still to be read; returns the ids by path. `name` is
        that of a part of the split, such as "validation" of the held-out images."""
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
        """Likewise, of more images of a place that may be known already."""
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
        """A folder as it is stored: relative to the project's own where it lies in that or beside
        it, so that both may move together."""
        if root.is_relative_to(self._folder):
            return root.relative_to(self._folder).as_posix()
        if root.is_relative_to(self._folder.parent):
            return Path(os.path.relpath(root, self._folder)).as_posix()
        return root.as_posix()

    def real_root(self, stored: str) -> Path:
        """Where a stored folder is."""
        return Path(os.path.normpath(self._folder / stored))

    def settle_roots(self, settings: Settings) -> None:
        """Folders that are stored as lying beside the project: where only one of the two has moved,
        they are where they were; where both have, they are still beside it."""
        rows = self._db.execute("SELECT id, root FROM source WHERE root LIKE '..%'").fetchall()
        try:
            seen = settings.get(SEEN, {})
        except LabellerError:  # damaged: it is only a help
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
        """How many places images came from."""
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
        """Every image with where it is thought to lie."""
        rows = self._db.execute(
            "SELECT image.id, source_id, path, root, sha256, bytes FROM image "
            "JOIN source ON source.id = source_id ORDER BY image.id"
        )
        return [
            Whereabouts(image_id, source, path, self.file(root, path), sha256 or "", size or 0)
            for image_id, source, path, root, sha256, size in rows
        ]

    def move(self, place: Path, found: Mapping[int, str]) -> None:
        """Images lie below another folder now (paths by id). A source whose images all have kept
        their paths moves as a whole."""
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
        """The source of a place; made where there is none."""
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
        """Ids and files of the images that the import has not read yet, with the hashes of those
        that it reads once more."""
        known = dict(
            self._db.execute(
                "SELECT id, sha256 FROM image WHERE state = 'pending' AND sha256 <> ''"
            )
        )
        return [(i, file, known.get(i, "")) for i, file in self._in_state("pending")]

    def record(self, found: Iterable[Verified], wait: bool = False) -> int:
        """Keep what the import found out of some images, in one transaction.

        An image that could be read before, and now cannot, stays as it was known.

        Args:
            wait: leave images whose files are gone as still to be read.

        Returns:
            How many are left so.
        """
        waiting = 0
        with writing(self._db):
            for v in found:
                known = self._db.execute(
                    "UPDATE image SET state = 'ready' WHERE id = ? AND sha256 <> ''", [v.image_id]
                ).rowcount
                if v.changed:
                    continue  # it stays as it was known
                if v.reason is None:
                    self._db.execute(
                        "UPDATE image SET state = 'ready', reason = NULL, width = ?, height = ?, "
                        "bytes = ?, sha256 = ?, bits = ?, pages = ? WHERE id = ?",
                        [v.width, v.height, v.bytes, v.sha256, v.bits, v.pages, v.image_id],
                    )
                elif v.gone and wait and not known:
                    waiting += 1
                elif not known:
                    self.mark_missing([v.image_id], v.reason)
        return waiting

    def mark_duplicates(self) -> None:
        """Point copies in the pool at the image that stands for them."""
        with writing(self._db):
            mark_duplicates(self._db)

    def mark_missing(self, image_ids: Iterable[int], reason: str) -> None:
        """Record images that cannot be read."""
        with writing(self._db):
            self._db.conn.executemany(
                "UPDATE image SET state = 'unreadable', reason = ? WHERE id = ?",
                ([reason, int(image_id)] for image_id in image_ids),
            )

    def read_again(self, image_ids: Iterable[int]) -> None:
        """Let the import read images once more; what it knows of them stays until then."""
        with writing(self._db):
            self._db.conn.executemany(
                "UPDATE image SET state = 'pending', reason = NULL WHERE id = ?",
                ([int(image_id)] for image_id in image_ids),
            )

    def set_aside(self, image_ids: Iterable[int], reason: str) -> None:
        """Leave images out until their files are as they were; copies of them stand for
        themselves."""
        with writing(self._db):
            ids = [int(image_id) for image_id in image_ids]
            self.mark_missing(ids, reason)
            separate(self._db, ids)

    def read_as_new(self, image_ids: Iterable[int]) -> None:
        """Let the import read images as if it had never read them."""
        with writing(self._db):
            ids = [int(image_id) for image_id in image_ids]
            self._db.conn.executemany(
                "UPDATE image SET state = 'pending', reason = NULL, sha256 = NULL, bytes = NULL "
                "WHERE id = ?",
                ([image_id] for image_id in ids),
            )
            separate(self._db, ids)

    def take_files_in(self, folder: Path, images: Iterable[StoredImage]) -> None:
        """Copy images into the project's folder and let their sources lie there; those whose files
        are gone stay without."""
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
        """Let the sources of a copy lie where those of the original do, from where the copy is
        going to be."""
        with writing(self._db):
            for source, root in self._db.execute("SELECT id, root FROM source").fetchall():
                real = Path(os.path.normpath(origin / root))
                beside = real.is_relative_to(final.parent)
                stored = os.path.relpath(real, final) if beside else str(real)
                self._db.execute(
                    "UPDATE source SET root = ? WHERE id = ?", [Path(stored).as_posix(), source]
                )

    def leave_out(self, image_ids: Iterable[int]) -> None:
        """Take images out of the pool of a copy, which others label or an experiment leaves out.
        They are no images that could not be read, and reading again does not bring them back."""
        with writing(self._db):
            self._db.conn.executemany(
                "UPDATE image SET state = 'unreadable', reason = ? WHERE id = ?",
                ([LEFT_OUT, int(image_id)] for image_id in image_ids),
            )

    # -- questions

    def count(self) -> int:
        """All images, readable or not; the tensor cache has a row for each."""
        return int(self._db.execute("SELECT count(*) FROM image").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """How many images of the pool are `ready`, `unreadable`, `duplicates`; and `test`."""
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
        """How many images there are to label: readable ones of the pool, and no copies."""
        row = self._db.execute(
            "SELECT count(*) FROM image JOIN source ON source.id = source_id "
            "WHERE split = 'pool' AND state = 'ready' AND duplicate_of IS NULL"
        ).fetchone()
        return int(row[0])

    def unreadable(self) -> list[tuple[str, str]]:
        """Paths and reasons of the images that could not be read, or were forgotten."""
        return self._db.execute(
            "SELECT path, reason FROM image WHERE state = 'unreadable' ORDER BY id"
        ).fetchall()

    def forgotten(self) -> list[int]:
        """Ids of the images that somebody let the project forget, ascending."""
        rows = self._db.execute(
            "SELECT id FROM image WHERE state = 'unreadable' AND reason = ? ORDER BY id",
            [FORGOTTEN],
        )
        return [row[0] for row in rows]

    def withdrawn(self) -> list[int]:
        """Ids of the images that were forgotten, or left out since their files were changed."""
        rows = self._db.execute(
            f"SELECT id FROM image WHERE state = 'unreadable' AND reason IN {WITHDRAWN} ORDER BY id"
        )
        return [row[0] for row in rows]

    def states(self, image_ids: Sequence[int]) -> list[tuple[int, str, str | None]]:
        """Id, state and reason of images."""
        sql = "SELECT id, state, reason FROM image WHERE id IN ({ids})"
        return [(i, state, reason) for i, state, reason in of_ids(self._db, sql, image_ids)]

    def by_bits(self) -> dict[int, list[int]]:
        """Ids of the readable images by the bits that they use, of grey images with more than 8
        (see `pool.decode.Decoded`)."""
        found: dict[int, list[int]] = {}
        for image_id, bits in self._db.execute(
            "SELECT id, bits FROM image WHERE state = 'ready' AND bits > 0 ORDER BY id"
        ):
            found.setdefault(bits, []).append(image_id)
        return found

    def perhaps_deep(self) -> np.ndarray:
        """Ids of the readable images that have more than 8 bits, and of those of which an earlier
        version did not ask: int64, ascending."""
        return self._ids("SELECT id FROM image WHERE state = 'ready' AND bits IS NOT 0 ORDER BY id")

    def paged(self) -> tuple[int, int]:
        """How many files have several pages, and how many pages of these are not shown."""
        count, left = self._db.execute(
            "SELECT count(*), ifnull(sum(pages - 1), 0) FROM image "
            "WHERE state = 'ready' AND pages > 1"
        ).fetchone()
        return int(count), int(left)

    def unreadable_files(self) -> list[tuple[int, Path]]:
        """Ids and files of the images that could never be read."""
        known = {image.id for image, _ in self.each_set_aside()} | set(self.forgotten())
        left_out = self._db.execute("SELECT id FROM image WHERE reason = ?", [LEFT_OUT])
        known |= {row[0] for row in left_out}
        return [(i, file) for i, file in self._in_state("unreadable") if i not in known]

    def unpacked(self) -> list[str]:
        """Images that were unpacked into the project, by their paths in its folder."""
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
        """Of each of these, in their order, the image that stands for it, and whether that one is
        held out."""
        rows = self._db.execute(
            "SELECT image.id, original.id, split = 'test' FROM image "
            "JOIN image AS original ON original.id = image.duplicate_of "
            "JOIN source ON source.id = original.source_id ORDER BY image.id"
        )
        return {copy: (original, bool(held_out)) for copy, original, held_out in rows}

    def candidates(self) -> np.ndarray:
        """Ids that may be chosen next: int64, ascending.

        Images of the pool that are readable, no copies, neither labelled nor skipped (nor is one of
        their copies), and not waiting in the newest batch.
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
        """Ids of the pool that carry no label, skipped ones included: int64, ascending."""
        return self._ids(f"""
            SELECT image.id FROM image JOIN source ON source.id = source_id
            WHERE split = 'pool' AND state = 'ready' AND duplicate_of IS NULL
                AND image.id NOT IN (SELECT image_id FROM current_label WHERE kind = 'label')
                AND NOT {ANSWERED_BY_COPY}
            ORDER BY image.id
        """)

    def named(self, part: str, limit: int, file_only: bool = False) -> list[int]:
        """Ids of the pool's readable images with `part` in their path, or only in their file's
        name, in any case; in their order, at most `limit`."""
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
        """The images with these ids, in this order. Raises KeyError for one that is not there."""
        sql = (
            "SELECT image.id, path, root, sha256, width, height FROM image "
            "JOIN source ON source.id = source_id WHERE image.id IN ({ids})"
        )
        found = {columns[0]: self._image(columns) for columns in of_ids(self._db, sql, image_ids)}
        return [found[int(image_id)] for image_id in image_ids]

    def missing_roots(self) -> list[Path]:
        """Folders of the images that are not there."""
        rows = self._db.execute("SELECT DISTINCT root FROM source ORDER BY root")
        roots = [self.real_root(root) for (root,) in rows]
        return [root for root in roots if not root.is_dir()]

    def each_file(self) -> Iterator[tuple[StoredImage, int]]:
        """Every readable image with the file size in bytes that the import saw."""
        yield from self._each_file("ready")

    def each_set_aside(self) -> Iterator[tuple[StoredImage, int]]:
        """Likewise, of images that could be read once and are left out now."""
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

    def contents(self) -> dict[int, str]:
        """The hash of each image's file by its id; "" where it is not known."""
        return dict(self._db.execute("SELECT id, ifnull(sha256, '') FROM image").fetchall())

    def keys(self) -> np.ndarray:
        """What stands for each image's hash in files of rows (labeller/pool/rows.py), by row:
        uint64 [images], 0 for those that could never be read."""
        found = np.zeros(self.count(), dtype=np.uint64)
        for image_id, digest in self._db.execute("SELECT id, sha256 FROM image WHERE sha256 <> ''"):
            if 0 < image_id <= len(found):
                found[image_id - 1] = key_of(digest)
        return found

    def by_sha256(self) -> dict[str, list[int]]:
        """Ids of the pool's readable images by the hash of their files."""
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
        """Finds readable images of some splits, or those `among` others."""
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
        return np.array([row[0] for row in self._db.execute(sql)], dtype=np.int64)

    def _image(self, columns: Sequence[Any]) -> StoredImage:
        image_id, path, root, sha256, width, height = columns
        return StoredImage(image_id, path, self.file(root, path), sha256 or "", width, height)

    def file(self, root: str, path: str) -> Path:
        """Where the image of a path lies, below a folder as it is stored."""
        if root.startswith(".."):  # beside the project
            return self.real_root(root) / path
        return self._folder / root / path


class ImageFinder:
    """Finds images by what people write: the path in the project (in capitals or small letters,
    where only one is meant), a full path, a unique name, or a path on another computer that ends
    like one here."""

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
            real = comparable(Path(near).resolve().as_posix())  # asks the disk, so it comes last
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
        """Images whose file ends with most of what was written: its whole path in the project, or
        at least a folder and the name; or the name, where nothing else was written."""
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
