"""Readers of other programs' files: whatever the file is, one clear sentence or a complete result,
quickly and with little memory."""

import io
import json
import os
import resource
import signal
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from labeller.core.errors import LabellerError
from labeller.exchange.dataset import Dataset, Item, Writing
from labeller.exchange.formats import FORMATS, guess, read, write
from labeller.pool.sources import list_images
from labeller.project.importing import ImportOptions, import_labels
from labeller.project.project import Project
from tests.reliability.outcome import Outcome, make_project, state

READ = [name for name, one in FORMATS.items() if one.reads]
PATIENCE = 20
"""Seconds within which every file must be read or refused."""
MEMORY = 400
"""Maximum memory in MiB for a refused file."""


class Late(BaseException):
    """A BaseException, so that no reader catches it."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise `Late` in a block that takes longer."""

    def ring(*_: object) -> None:
        raise Late(f"not done in {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def samples(folder: Path) -> dict[str, Path]:
    """A small data set in each readable format, with images of `folder/images`."""
    picture = folder / "picture.png"
    Image.fromarray(np.arange(192, dtype=np.uint8).reshape(8, 8, 3)).save(picture)
    items = [
        Item(
            f"red/{n:02d}.png", ("red", "green")[n % 2], picture, width=8, height=8,
            annotator="anna", at="2026-01-01T00:00:00.000+00:00", split=("train", "test")[n // 3],
        )
        for n in range(4)
    ]  # fmt: skip
    dataset = Dataset(("red", "green", "blue"), lambda: iter(items), len(items))
    found = {}
    for name in READ:
        found[name] = folder / "samples" / f"{name}{FORMATS[name].suffix}"
        found[name].parent.mkdir(exist_ok=True)
        write(dataset, name, found[name], Writing(side=8))
    return found


def everything(dataset: Dataset) -> list[Item]:
    return list(dataset.items())


def refused(outcome: Outcome, name: str, call: Callable[[], Any], word: str = "") -> None:
    """Expect `call` to end quickly with one sentence."""
    outcome.tried += 1
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with within(PATIENCE):
            call()
        outcome.expect(False, f"{name}: taken")
    except LabellerError as error:
        text = str(error)
        sound = len(text.splitlines()) == 1 and len(text) < 1500 and word in text
        outcome.expect(sound, f"{name}: {text[:300]!r}")
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        outcome.expect(False, f"{name}: {type(error).__name__}: {str(error)[:200]}")
    taken = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    outcome.expect(taken < MEMORY, f"{name}: {taken:.0f} MiB")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _holes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 << 30)


KINDS: dict[str, Callable[[Path], object]] = {
    "pipe": _pipe,
    "/dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "holes": _holes,
    "empty": lambda path: path.touch(),
}


def of_kinds_of_file(folder: Path, times: int, seed: int) -> Outcome:
    """Each file of each format is replaced by a pipe, a device or a sparse file of 3 GiB."""
    outcome = Outcome("pipes, devices and sparse files for the importers")
    for name, sample in samples(folder).items():
        parts = sorted(p for p in sample.rglob("*") if p.is_file()) if sample.is_dir() else [sample]
        parts = [p for p in parts if p.suffix not in (".png", "") and p.name != "README.md"]
        for part in parts:
            kept = part.with_name(part.name + ".kept")
            part.rename(kept)
            for kind, make in KINDS.items():
                make(part)
                if part.name in ("flags.txt", "classes.txt", "config.xml") or kind == "empty":
                    _returns(outcome, f"{name}: {kind} {part.name}", sample, name)
                else:
                    call = lambda s=sample, n=name: everything(read(s, n))  # noqa: E731
                    refused(outcome, f"{name}: {kind} {part.name}", call)
                part.unlink()
            kept.rename(part)
    for suffix in (".csv", ".tsv", ".zip", ".json", ".jsonl", ".npz", ".parquet", ".tar"):
        for kind, make in KINDS.items():
            path = folder / f"x{suffix}"
            make(path)
            if (suffix, kind) == (".jsonl", "empty"):  # valid, but without labels
                _returns(outcome, "guessed", path, "jsonl")
            else:
                refused(outcome, f"guessed: {kind} {suffix}", lambda p=path: everything(read(p)))
            if suffix in (".csv", ".tsv", ".zip"):
                refused(outcome, f"images: {kind} {suffix}", lambda p=path: list_images(p))
            path.unlink()
    return outcome


def _returns(outcome: Outcome, what: str, place: Path, name: str) -> None:
    """Expect a complete result or one sentence, quickly."""
    outcome.tried += 1
    try:
        with within(PATIENCE):
            everything(read(place, name))
    except LabellerError as error:
        outcome.expect(len(str(error).splitlines()) == 1, f"{what}: {error}")
    except (Exception, Late) as error:
        outcome.expect(False, f"{what}: {type(error).__name__}: {error}")


LONG = "9" * 5000
HOSTILE: list[Any] = [
    None, True, -1, 0, 7, 10**400, 1e308, float("nan"), "", "\0", "\ud800", "²", "x" * 200_000,
    "../" * 300_000, [], [[]], {}, {"a": {"b": []}}, "http://[::1", "http://[bad]/x.png", "-", "٣",
]  # fmt: skip


def of_hostile_values(folder: Path, times: int, seed: int) -> Outcome:
    """Each value in other programs' JSON is replaced: another type, invalid text, thousands of
    digits, an invalid address, a megabyte of `../`."""
    outcome = Outcome("hostile values in place of every value in other programs' JSON")
    project_folder = make_project(folder, each=4)
    with Project(project_folder) as project:
        before = state(project)
        for name, sample in samples(folder).items():
            files = [sample] if sample.suffix == ".json" else []
            if sample.is_dir():
                files = sorted(p for p in sample.rglob("*.json*") if p.name != "config.xml")[:2]
            if name == "jsonl":
                files = [sample]
            for file in files:
                text = file.read_text(encoding="utf-8")
                for changed in _each_changed(text, file.suffix == ".jsonl", times):
                    file.write_text(changed, encoding="utf-8")
                    _imports(outcome, project, sample, name)
                file.write_text(text, encoding="utf-8")
        outcome.expect(state(project) == before, "labels were changed")
    return outcome


def _imports(outcome: Outcome, project: Project, place: Path, name: str) -> None:
    """Expect a complete result or one sentence, quickly, without changing labels."""
    outcome.tried += 1
    try:
        with within(PATIENCE):
            everything(read(place, name))
            options = ImportOptions(
                as_="suggestions", new_classes=False, skip_unknown=True, of_models=True
            )
            import_labels(project, place, "fuzz", name, options)
    except LabellerError as error:
        text = str(error)
        outcome.expect(len(text.splitlines()) == 1 and len(text) < 2000, f"{name}: {text[:200]!r}")
    except (Exception, Late) as error:
        outcome.expect(False, f"{name}: {type(error).__name__}: {str(error)[:200]}")


def _each_changed(text: str, by_line: bool, every: int) -> Iterator[str]:
    """Yield a JSON text with one value replaced at a time, taking every `every`-th variant."""
    first, newline, rest = text.partition("\n") if by_line else (text, "", "")
    content = json.loads(first)
    number = 0
    for keys in list(_places(content)):
        for value in HOSTILE:
            number += 1
            if number % every:
                continue
            changed = json.loads(first)
            inner = changed
            for key in keys[:-1]:
                inner = inner[key]
            inner[keys[-1]] = value
            yield json.dumps(changed) + newline + rest
    yield first.replace("0", LONG, 1) + newline + rest


def _places(value: Any, before: tuple = ()) -> Iterator[tuple]:
    if before:
        yield before
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from _places(inner, (*before, key))


def of_contradictions(folder: Path, times: int, seed: int) -> Outcome:
    """Contradictory files are refused, naming the contradiction."""
    outcome = Outcome("files with contradictions or impossible values")
    image, other = "red/00.png", "red/01.png"

    def table(text: str, suffix: str = ".csv") -> Path:
        path = folder / f"t{suffix}"
        path.write_text(text, encoding="utf-8")
        return path

    def coco(**parts: Any) -> Path:
        whole = {
            "images": [{"id": 1, "file_name": image}],
            "categories": [{"id": 1, "name": "red"}, {"id": 2, "name": "green"}],
            "annotations": [{"id": 1, "image_id": 1, "category_id": 1}],
        }
        return table(json.dumps(whole | parts), ".json")

    def answers(*labels: str) -> Path:
        made = [
            {"completed_by": n, "result": [{"type": "choices", "value": {"choices": [label]}}]}
            for n, label in enumerate(labels)
        ]
        return table(json.dumps([{"data": {"image": image}, "annotations": made}]), ".json")

    cases: list[tuple[str, Callable[[], Path], str]] = [
        ("two categories with one id",
         lambda: coco(categories=[{"id": 1, "name": "red"}, {"id": 1, "name": "green"}]), "id 1"),
        ("two images with one id",
         lambda: coco(images=[{"id": 1, "file_name": image}, {"id": 1, "file_name": other}]),
         "image 1"),
        ("a score of 7",
         lambda: coco(annotations=[{"image_id": 1, "category_id": 1, "score": 7}]), "7"),
        ("two columns label", lambda: table(f"path,label,label\n{image},red,green\n"), "label"),
        ("two columns path", lambda: table(f"path,label,path\n{image},red,x\n"), "path"),
        ("a confidence of 7", lambda: table(f"path,label,confidence\n{image},red,7\n"), "line 2"),
        ("two labels of one image", lambda: table(f"path,label\n{image},red\n{image},green\n"),
         "line 3"),
        ("annotators who disagree", lambda: answers("red", "green", "red"), "task 1"),
    ]  # fmt: skip
    for number in range(times):
        place = folder / f"try-{number}"
        with Project(make_project(place, each=4)) as project:
            for name, made, word in cases:
                path = made()
                refused(outcome, name, lambda p=path: import_labels(project, p, "bea"), word)
            agreed = import_labels(project, answers("red", "red"), "bea")
            outcome.expect(agreed.count == 1, "annotators who agree are refused")
            outcome.expect(len(state(project)) == 1, "labels were changed")
    return outcome


def _npz(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path, **arrays)
    return path


def of_odd_archives(folder: Path, times: int, seed: int) -> Outcome:
    """Archives and tables that are not what they claim to be."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    outcome = Outcome("malformed npz, zip, tar and Parquet files")
    labels = np.zeros(3, dtype=np.int64)

    def npy_as_npz() -> Path:
        np.save(folder / "a.npy", np.zeros((3, 4, 4, 3), dtype=np.uint8))
        return (folder / "a.npy").rename(folder / "a.npz")

    def huge_header() -> Path:
        head = io.BytesIO()
        shape = (1 << 40, 8, 8, 3)
        np.lib.format.write_array_header_1_0(
            head, {"descr": "|u1", "fortran_order": False, "shape": shape}
        )
        with zipfile.ZipFile(folder / "h.npz", "w") as archive:
            archive.writestr("images.npy", head.getvalue())
        return folder / "h.npz"

    def sparse_tar() -> Path:
        path = folder / "s.tar"
        info = tarfile.TarInfo("0.png")
        info.size = 1 << 30
        info.type = tarfile.GNUTYPE_SPARSE
        header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        header[386:398] = b"00000000000\0"
        header[398:410] = b"00000000000\0"
        header[124:136] = b"00000000000\0"
        header[483:495] = b"10000000000\0"
        header[148:156] = b" " * 8
        header[148:156] = f"{sum(header):06o}\0 ".encode()
        path.write_bytes(bytes(header) + bytes(1024))
        return path

    def parquet(**columns: Any) -> Path:
        pq.write_table(pa.table(columns), folder / "p.parquet")
        return folder / "p.parquet"

    def no_utf8() -> Path:
        bad = pa.Array.from_buffers(
            pa.string(),
            1,
            [None, pa.py_buffer(np.array([0, 2], np.int32)), pa.py_buffer(b"\xff\xfe")],
        )
        return parquet(path=pa.array(["red/00.png"]), label=bad)

    def cvat(index: str) -> Path:
        with zipfile.ZipFile(folder / "c.zip", "w") as archive:
            archive.writestr("synsets.txt", "red\ngreen\n")
            archive.writestr("default.txt", f"red/00.png {index}\n")
        return folder / "c.zip"

    def shard(cls: bytes) -> Path:
        (folder / "classes.txt").write_text("red\ngreen\n")
        with tarfile.open(folder / "w.tar", "w") as archive:
            for name, data in (("0.png", b"x"), ("0.cls", cls)):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return folder / "w.tar"

    pixels = np.zeros((3, 4, 4, 3), dtype=np.uint8)
    cases: list[tuple[str, Callable[[], Path]]] = [
        ("an npy as npz", npy_as_npz),
        ("images of no pixels",
         lambda: _npz(folder / "z.npz", images=pixels[:, :0], labels=labels)),
        ("labels of fractions", lambda: _npz(folder / "f.npz", images=pixels, labels=labels + 0.5)),
        ("a million million images", huge_header),
        ("a class index of ²", lambda: cvat("²")),
        ("a class index of 5,000 digits", lambda: cvat(LONG)),
        ("a shard's class of 5,000 digits", lambda: shard(LONG.encode())),
        ("a sparse tar", sparse_tar),
        ("Parquet that is not UTF-8", no_utf8),
        ("nested labels",
         lambda: parquet(path=["red/00.png"], label=[{"a": [1]}])),
        ("nested paths", lambda: parquet(path=[["x"]], label=["red"])),
        ("nested splits", lambda: parquet(path=["red/00.png"], label=["red"], split=[{"a": 1}])),
    ]  # fmt: skip
    for _ in range(times):
        for name, made in cases:
            path = made()
            refused(outcome, name, lambda p=path: everything(read(p, guess(p))))
            path.unlink()
        narrow = _npz(folder / "n.npz", images=pixels[:, :1], labels=labels)
        outcome.expect(len(everything(read(narrow))) == 3, "images of one row are refused")
    return outcome


def of_large_inputs(folder: Path, times: int, seed: int) -> Outcome:
    """Very many rows for one image, and a path with a megabyte of `../`, are handled in seconds."""
    outcome = Outcome("very many rows for one image, and endless paths")
    rows = times * 20_000
    with Project(make_project(folder, each=2)) as project:
        image = project.images.get([1])[0]
        (folder / "set").mkdir()
        text = json.dumps({"file_name": str(image.file), "label": "red"}) + "\n"
        (folder / "set" / "metadata.jsonl").write_text(text * rows)
        table = folder / "rows.csv"
        table.write_text("path,label\n" + f"{image.path},red\n" * rows)
        for place in (folder / "set", table):
            began = time.perf_counter()
            plan = import_labels(project, place, "bea", None, ImportOptions(conflicts="replace"))
            took = time.perf_counter() - began
            outcome.expect(plan.count + plan.unchanged == 1, f"{place.name}: {plan.count} labels")
            soon = took < 5 + rows * 1.2e-4
            outcome.expect(soon, f"{place.name}: {took:.1f} s for {rows:,} rows")
            outcome.tried += 1
            outcome.note = f"{rows:,} rows in {took:.0f} s"
        table.write_text("path,label\n" + "../" * 350_000 + "x.png,red\n")
        refused(outcome, "a path of a megabyte", lambda: import_labels(project, table, "bea"))
        refused(outcome, "as a manifest", lambda: list_images(table))
        table.write_text("path,label\n" + "x" * 3000 + ".png,red\n")
        refused(outcome, "a name of 3,000 letters", lambda: import_labels(project, table, "bea"))
    return outcome


READERS = (
    (of_kinds_of_file, 1),
    (of_hostile_values, 1),
    (of_contradictions, 3),
    (of_odd_archives, 3),
    (of_large_inputs, 50),
)
