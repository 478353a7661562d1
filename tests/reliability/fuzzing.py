"""Every reader against damaged or malicious input: one clear error or a complete result.

`hypothesis` draws the cases from the seed and shrinks failures.
"""

import hashlib
import io
import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from PIL import Image

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.exchange.dataset import Dataset, Item, Writing
from labeller.exchange.formats import read
from labeller.exchange.imagefolder import write_imagefolder
from labeller.exchange.tables import read_table, write_csv, write_raw_csv
from labeller.experiments.plan import Plan
from labeller.experiments.queue import Experiment, experiments
from labeller.experiments.results import read_results
from labeller.learning.checkpoint import load_model
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.loop.round_settings import round_settings
from labeller.pool.decode import Reading, UnreadableImage, decode, know_heif, square
from labeller.pool.pages import take_pages_apart
from labeller.pool.sources import FoundImage, Listing, list_images, unpack
from labeller.project.importing import import_labels
from labeller.project.project import DATABASE, Project
from labeller.store.classes import checked_names
from tests.pool.test_colour import SWAPPED
from tests.pool.test_deep_colour import picture as deep_picture
from tests.pool.test_deep_colour import png, tiff
from tests.reliability.children import FAST
from tests.reliability.outcome import Outcome, label_some, make_project, state
from tests.reliability.readers import PATIENCE, samples, within

RESERVED = [
    "con",
    "NUL",
    "aux.txt",
    "..",
    ".",
    "/",
    "a/b",
    "a\\b",
    "=1+1",
    "-x",
    "@y",
    "\u202eabc",
    "🦊",
]
HOSTILE_BYTES = [
    b"\0" * 5000, b"[" * 5000, b'{"a":' * 5000, b"9" * 5000, "²\ud800".encode("utf-8", "replace"),
    b"\xff\xfe", b"path,label\n\0,\0\n", b'["\\ud800"]',
]  # fmt: skip
names = st.one_of(st.text(max_size=30), st.sampled_from(RESERVED), st.just("x" * 10_000))
ENTRIES = [
    "a/1.png", "b/2.jpg", "../x.png", "/etc/x.png", "C:\\x.png", "a/../../y.png", "a/1.png/",
    ".hidden.png", "__MACOSX/1.png", "//x.png", "a\\..\\b.png",
]  # fmt: skip
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


def try_cases(
    outcome: Outcome, times: int, number: int, strategy: Any, test: Callable[[Any], None]
) -> None:
    """Run `test` on generated cases; any exception is a loss."""

    def counted(case: Any) -> None:
        outcome.tried += 1
        test(case)

    run = given(strategy)(counted)
    run = settings(
        max_examples=times,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )(run)
    try:
        seed(number)(run)()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        outcome.lost.append(f"{type(error).__name__}: {error} {getattr(error, '__notes__', '')}")


def _one_line(error: Exception) -> None:
    assert len(str(error).splitlines()) == 1, f"more than a line: {error!r}"
    assert len(str(error)) < 2000, "a long line"


@st.composite
def damaged(draw: Any, wholes: list[bytes]) -> bytes:
    """One of these files, truncated, overwritten, extended or mixed with another one."""
    data = bytearray(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            del data[at:]
        elif kind == 1:
            data[at : at + 4] = draw(st.binary(min_size=4, max_size=4))
        elif kind == 2:
            data[at:at] = draw(st.binary(max_size=64))
        elif kind == 3:
            data[at:] = draw(st.sampled_from(wholes))[at:]
        else:
            data[at : at + 8] = b"\xff" * 8
    return bytes(data)


def image_files() -> list[bytes]:
    """Small files of every supported format and kind."""
    know_heif()
    pixels = np.random.default_rng(0).integers(0, 255, (9, 13, 3), dtype=np.uint8)
    colour = Image.fromarray(pixels)
    exif = Image.Exif()
    exif[0x0112] = 6
    pictures: list[tuple[Image.Image, str, dict[str, Any]]] = [
        (colour, "PNG", {}), (colour, "JPEG", {"exif": exif}), (colour, "WEBP", {}),
        (colour, "BMP", {}), (colour, "TIFF", {}), (colour.convert("P"), "GIF", {}),
        (colour, "GIF", {"save_all": True, "append_images": [colour.rotate(90)]}),
        (colour.convert("CMYK"), "JPEG", {}), (colour.convert("RGBA"), "PNG", {}),
        (Image.fromarray(pixels[..., 0].astype(np.uint16) * 200), "PNG", {}),
        (Image.fromarray(pixels[..., 0].astype(np.float32)), "TIFF", {}),
        (Image.new("L", (100_000, 1)), "PNG", {}), (Image.new("1", (1, 3000)), "TIFF", {}),
        (colour, "TIFF", {"compression": "tiff_lzw"}), (colour, "WEBP", {"lossless": True}),
        (colour, "TIFF", {"save_all": True, "append_images": [colour.rotate(90)]}),
        (Image.fromarray(pixels[..., 0].astype(np.uint16) * 16), "TIFF", {"tiffinfo": {281: 4095}}),
        (colour, "AVIF", {}), (colour, "HEIF", {}), (colour, "JPEG2000", {}), (colour, "PPM", {}),
        (colour, "TIFF", {"icc_profile": SWAPPED}), (colour, "JPEG", {"icc_profile": SWAPPED}),
        (colour.convert("L"), "PNG", {"icc_profile": SWAPPED}),
        (colour, "TGA", {}), (colour, "TGA", {"compression": "tga_rle"}),
    ]  # fmt: skip
    deep = [
        png(deep_picture(12, 3, 9)),
        png(deep_picture(10, 4, 9)),
        tiff(deep_picture(12, 3, 9), ">"),
    ]
    channels = [tiff(deep_picture(8, n, 9).astype(np.uint8)) for n in (3, 4)]
    channels += [tiff(deep_picture(12, 3, 9), planar=True), tiff(np.zeros((9, 9, 5), np.uint16))]
    files = [*deep, *channels]
    for picture, kind, options in pictures:
        buffer = io.BytesIO()
        picture.save(buffer, kind, **options)
        files.append(buffer.getvalue())
    files.append(files[-2].removesuffix(files[-2][-26:]))  # a TGA without a signature
    bomb = bytearray(files[len(deep) + len(channels)])
    bomb[16:24] = (100_000).to_bytes(4, "big") * 2
    return [*files, bytes(bomb), b"", b"\0" * 64, b"not an image", b"<svg/>", b"%PDF-1.4"]


def of_images(folder: Path, times: int, number: int) -> Outcome:
    outcome = Outcome("fuzz: image files")

    def read(data: bytes) -> None:
        reading = (
            Reading(), Reading(grey=(0.0, 300.0)), Reading(channels="2,1"),
            Reading(channels="1=red:0:9,3=cyan"),
        )[len(data) % 4]  # fmt: skip
        try:
            decoded = decode(data, 32, reading)
        except UnreadableImage as error:
            assert str(error)
            return
        assert decoded.picture.mode == "RGB" and decoded.width > 0 and decoded.height > 0
        assert square(decoded.picture, 16).shape == (16, 16, 3)

    try_cases(outcome, times, number, damaged(image_files()), read)
    return outcome


def of_pages(folder: Path, times: int, number: int) -> Outcome:
    """Pages are extracted completely or the file is left as it is, and nothing else is written."""
    outcome = Outcome("fuzz: files with several pages")
    picture = Image.fromarray(np.arange(144, dtype=np.uint8).reshape(12, 12))
    deep = Image.fromarray(np.arange(144, dtype=np.uint16).reshape(12, 12) * 9)
    wholes = []
    for first, kind, options in (
        (picture, "TIFF", {}), (picture, "GIF", {}), (deep, "TIFF", {"tiffinfo": {281: 4095}}),
        (picture.convert("RGB"), "WEBP", {"lossless": True}), (picture, "PNG", {}),
        (picture.convert("CMYK"), "TIFF", {"compression": "tiff_lzw"}),
    ):  # fmt: skip
        stream = io.BytesIO()
        first.save(stream, kind, save_all=True, append_images=[first.rotate(90)], **options)
        wholes.append(stream.getvalue())
    source, place = folder / "scans", folder / "pages"
    source.mkdir()
    listing = Listing(source, source, (FoundImage("a.tif", "red"),))

    def read(data: bytes) -> None:
        (source / "a.tif").write_bytes(data)
        place.mkdir()
        rest, pages = take_pages_apart(listing, place, Run(), megapixels=1)
        found = sorted(p.relative_to(place).as_posix() for p in place.rglob("*"))
        if pages is None:
            assert rest.images == listing.images and not found, found
        else:
            assert not rest.images and found == sorted(image.path for image in pages.images)
            for image in pages.images:
                assert image.label == "red"
                decode((place / image.path).read_bytes())
        shutil.rmtree(place)

    try_cases(outcome, times, number, damaged(wholes), read)
    return outcome


def of_tables(folder: Path, times: int, number: int) -> Outcome:
    """An import takes all labels of a table or none."""
    outcome = Outcome("fuzz: tables of labels")
    project_folder = make_project(folder, each=4)
    table = folder / "labels.csv"
    with Project(project_folder) as project:
        paths = [image.path for image, _ in project.images.each_file()][:8]
        cells = st.sampled_from([*paths, "red", "green", "blue", "'=x", "=x", "", '"'])
        text = st.lists(st.lists(st.one_of(cells, names), max_size=4), max_size=6)
        head = st.sampled_from(
            ["path,label", "label,path,more", "path", "", "path;label", "Path,label", "path\tlabel",
             "sep=;\npath;label", " PATH ; Label "]
        )  # fmt: skip
        separators = st.sampled_from([",", ",", ";", "\t"])
        coding = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])
        ends = st.sampled_from(["\n", "\r\n", "\r"])
        good = st.lists(
            st.tuples(st.sampled_from(paths), st.sampled_from(["red", "green"])), max_size=5
        )

        def encoded(case: tuple) -> bytes:
            first, rows, code, end, quoted, separator = case
            wrap = (lambda cell: '"' + cell.replace('"', '""') + '"') if quoted else str
            lines = [first, *(separator.join(map(wrap, row)) for row in rows)]
            return end.join(lines).encode(code, errors="replace")

        parts = (head, st.one_of(text, good), coding, ends, st.booleans(), separators)
        written = st.tuples(*parts).map(encoded)
        files = st.one_of(written, damaged([b"path,label\n" + paths[0].encode() + b",red\n"]))

        def read(data: bytes) -> None:
            table.write_bytes(data)
            before, actions = state(project), project.table_sizes()["action"]
            try:
                done = import_labels(project, table, "fuzz")
            except LabellerError as error:
                _one_line(error)
                assert state(project) == before, "a refused table changed labels"
                return
            after = state(project)
            changed = {i for i in after if after[i] != before.get(i)}
            assert done.count + done.unchanged > 0 and len(changed) == done.count
            made = project.table_sizes()["action"] - actions
            assert made == (done.count > 0), "not one action"

        try_cases(outcome, times, number, files, read)
        outcome.expect(not project.labels.log_problems(), "the log is damaged")
    return outcome


def of_formats(folder: Path, times: int, number: int) -> Outcome:
    """Data sets of other programs with one damaged file: one sentence, or items with valid
    values."""
    outcome = Outcome("fuzz: data sets of other programs")
    wholes = []
    for name, sample in samples(folder).items():
        files = [p for p in sample.rglob("*") if p.is_file()] if sample.is_dir() else [sample]
        wholes += [(name, sample, file, file.read_bytes()) for file in sorted(files)]

    @st.composite
    def broken(draw: Any) -> tuple[str, Path, Path, bytes]:
        name, sample, file, data = draw(st.sampled_from(wholes))
        return name, sample, file, draw(damaged([data, *HOSTILE_BYTES]))

    def read_one(case: tuple[str, Path, Path, bytes]) -> None:
        name, sample, file, data = case
        whole = file.read_bytes()
        file.write_bytes(data)
        try:
            with within(PATIENCE):
                for item in read(sample, name).items():
                    assert isinstance(item.path, str) and item.path.encode() is not None
                    assert item.label is None or item.label.encode() is not None
                    assert item.confidence is None or 0 <= item.confidence <= 1
        except LabellerError as error:
            _one_line(error)
        finally:
            file.write_bytes(whole)

    try_cases(outcome, times, number, broken(), read_one)
    return outcome


def of_archives(folder: Path, times: int, number: int) -> Outcome:
    """Nothing is written outside the folder, whatever the entries are called."""
    outcome = Outcome("fuzz: zip archives")
    pictures = image_files()
    entry = st.one_of(
        names,
        st.sampled_from(ENTRIES),
        names.map(lambda name: f"a/{name}.png"), names.map(lambda name: f".\\a\\{name}.png"),
    )  # fmt: skip
    kinds = st.sampled_from(["file", "link", "encrypted", "bomb"])
    entries = st.lists(st.tuples(entry, kinds, st.sampled_from(pictures)), max_size=5)
    flips = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=3)), max_size=2)
    place, archive = folder / "place", folder / "a.zip"

    def read(case: tuple) -> None:
        listed, noise = case
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
            for name, kind, data in listed:
                try:
                    info = zipfile.ZipInfo(name)
                    info.compress_type = zipfile.ZIP_DEFLATED
                    if kind == "link":
                        info.external_attr = (stat.S_IFLNK | 0o777) << 16
                        data = b"/etc/passwd"
                    made.writestr(info, b"\0" * 100_000 if kind == "bomb" else data)
                    if kind == "encrypted":
                        info.flag_bits |= 1
                except (ValueError, UnicodeError, IndexError):
                    continue  # not representable in a zip
        packed = bytearray(archive.read_bytes())
        for share, with_ in noise:
            at = int(share * (len(packed) - 1))
            packed[at : at + len(with_)] = with_
        archive.write_bytes(packed)
        before = {p for p in folder.rglob("*") if place not in p.parents and p != place}
        try:
            listing = unpack(list_images(archive), place / "images")
            for image in listing.images:
                file = (listing.root / image.path).resolve()
                assert file.is_relative_to(place.resolve()) and not file.is_symlink()
        except LabellerError as error:
            _one_line(error)
        assert {p for p in folder.rglob("*") if place not in p.parents and p != place} == before
        shutil.rmtree(place, ignore_errors=True)

    try_cases(outcome, times, number, st.tuples(entries, flips), read)
    return outcome


def of_class_names(folder: Path, times: int, number: int) -> Outcome:
    """Names are refused or kept exactly, in the store, in tables and as folders."""
    outcome = Outcome("fuzz: class names")
    picture = folder / "picture.png"
    Image.new("RGB", (2, 2)).save(picture)
    sha256 = hashlib.sha256(picture.read_bytes()).hexdigest()
    place = folder / "place"
    place.mkdir()

    def read(given_names: list[str]) -> None:
        try:
            checked = checked_names(given_names)
        except LabellerError as error:
            _one_line(error)
            return
        images = [
            Item(f"{n}/{name[:20]}.png", name, picture, sha256=sha256, annotator="anna")
            for n, name in enumerate(checked)
        ]
        dataset = Dataset(tuple(checked), lambda: iter(images), len(images))
        for write in (write_csv, write_raw_csv):
            write(dataset, place / "t.csv", Writing())
            if write is write_csv:
                lines = (place / "t.csv").read_bytes().split(b"\r\n")[1:-1]
                assert not any(line.startswith((b"=", b"+", b"-", b"@")) for line in lines)
                assert [row.label for row in read_table(place / "t.csv").items()] == checked
        write_imagefolder(dataset, place / "out", Writing())
        folders = [p for p in (place / "out").iterdir() if p.is_dir()]
        assert len(folders) == len(checked), "two classes in one folder"
        assert sorted(p.name for p in place.iterdir()) == ["out", "t.csv"]
        shutil.rmtree(place / "out")
        with sqlite3.connect(":memory:") as connection:
            assert [connection.execute("SELECT ?", [n]).fetchone()[0] for n in checked] == checked

    try_cases(outcome, times, number, st.lists(names, min_size=2, max_size=5), read)
    return outcome


def of_settings(folder: Path, times: int, number: int) -> Outcome:
    """Settings with invalid JSON or the wrong type give one line, and the labels are kept."""
    outcome = Outcome("fuzz: project settings")
    project_folder = make_project(folder, each=4)
    expected = label_some(project_folder)
    with Project(project_folder) as project:
        usual = project._db.execute("SELECT key, value FROM setting").fetchall()
    keys = st.sampled_from([key for key, _ in usual] + ["shown_round", "rounds", "experiments"])
    experiment = Experiment("a", Plan(1, 1, 1)).as_dict()
    changed = st.tuples(
        st.sampled_from([*experiment, "trains_itself", "oracle_pause"]), json_values
    )
    nearly = changed.map(lambda each: {**experiment, each[0]: each[1]})
    near = st.one_of(json_values, nearly.map(lambda e: [e]), changed.map(lambda e: dict([e])))
    values = st.one_of(near.map(lambda v: json.dumps(v)), st.text(max_size=20).filter(
        lambda text: not any(0xD800 <= ord(c) < 0xE000 for c in text)))  # fmt: skip

    def read(case: tuple[str, str]) -> None:
        connection = sqlite3.connect(project_folder / DATABASE)
        with connection:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", case)
        try:
            with Project(project_folder) as project:
                assert state(project) == expected
                for question in (
                    lambda: project.complete, lambda: project.status(), lambda: project.resolution,
                    lambda: project.batch_size, lambda: project.seed, lambda: project.hides_labels,
                    lambda: project.settings.get("shown_round"),
                    lambda: round_settings(project), lambda: experiments(project),
                ):  # fmt: skip
                    try:
                        question()
                    except LabellerError as error:
                        _one_line(error)
        finally:
            with connection:
                connection.execute("DELETE FROM setting")
                connection.executemany("INSERT INTO setting VALUES (?, ?)", usual)
            connection.close()

    try_cases(outcome, times, number, st.tuples(keys, values), read)
    return outcome


def of_results(folder: Path, times: int, number: int) -> Outcome:
    outcome = Outcome("fuzz: result files, journals and checkpoints")
    file = folder / "r.json"
    cycle = {
        "labelled": 10,
        "selected": [],
        "test_accuracy": 0.5,
        "per_class": {"a": 1},
        "seconds": 1,
        "selection_seconds": 0.5,
        "selection_bytes": 1000,
        "pool_per_class": {"a": 1},
    }
    run = {"seed": 0, "strategy": "coreset", "encoder": "x", "recipe": "quick", "cycles": [cycle]}
    whole = json.dumps({"runs": [run], "plan": {}}).encode()

    def read(data: bytes) -> None:
        file.write_bytes(data)
        try:
            read_results([file])
        except LabellerError as error:
            _one_line(error)

    mixed = st.one_of(damaged([whole]), json_values.map(lambda value: json.dumps(value).encode()))
    try_cases(outcome, times // 3, number, mixed, read)
    project_folder = make_project(folder, each=4)
    with Project(project_folder) as project:
        backup = project.back_up("daily")
    label_some(project_folder)
    with Project(project_folder) as project:
        rounds.train_round(
            project, rounds.Method(recipe_named("quick", **FAST), device="cpu", learner="mobyv2al")
        )
        checkpoint = project.folder / str(project.runs.all()[-1].checkpoint)
    journal = project_folder / "labels.jsonl"
    lines = journal.read_bytes()

    def replay(data: bytes) -> None:
        shutil.copy(backup, project_folder / DATABASE)
        journal.write_bytes(data)
        with Project(project_folder, lock=False) as project:
            project.reconciliation.reconcile()
            assert not project.labels.log_problems() and not project.integrity_problems()

    try_cases(outcome, times // 3, number, damaged([lines, lines[: len(lines) // 2]]), replay)
    weights = checkpoint.read_bytes()

    def load(data: bytes) -> None:
        checkpoint.write_bytes(data)
        try:
            load_model(checkpoint)
        except LabellerError as error:
            _one_line(error)

    head = damaged([weights[:4000]]).map(lambda start: start + weights[4000:])
    try_cases(outcome, times // 3, number, head, load)
    return outcome


FUZZES = (
    (of_images, 5000),
    (of_tables, 2500),
    (of_formats, 2500),
    (of_pages, 2000),
    (of_archives, 2000),
    (of_class_names, 1500),
    (of_settings, 750),
    (of_results, 750),
)
