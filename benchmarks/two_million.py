"""Two million synthetic images of 32 × 32 pixels: importing them (killed once and resumed),
opening, filters, a round, and the memory of the window, each in its own process.

    python -m benchmarks.two_million FOLDER [--images 2000000] [--only PART ...]

FOLDER needs 35 GB; existing files are reused. The features of a round are synthetic too, since
extracting them would take a day.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import torch
from PIL import Image

from benchmarks.reading import seconds
from labeller.core.run import Run

FOLDER = 1000
"""Files in each folder."""
PICTURES = 2000
"""The number of distinct pictures; every file has a different comment."""
CLASSES, LABELLED, DIM_BLOCK = 10, 1000, 20_000
FILTERS = (
    "", "777.jpg", "folder:0012", "class:class3", "is:unlabelled", "source:none", "by:anna",
    "confidence<0.6", "note:blur", "size>600 width<100", "date>2020-01-01 -class:class3",
)  # fmt: skip


def write_images(folder: Path, count: int) -> None:
    """Write the image files."""
    rng = np.random.default_rng(0)
    heads = []
    for _ in range(PICTURES):
        coarse = rng.integers(0, 255, (6, 6, 3), dtype=np.uint8)
        place = folder.parent / "picture.jpg"
        Image.fromarray(coarse).resize((32, 32), Image.Resampling.BICUBIC).save(place, quality=85)
        heads.append(place.read_bytes())
    place.unlink()
    for start in range(0, count, FOLDER):
        part = folder / f"{start // FOLDER:04d}"
        part.mkdir(parents=True, exist_ok=True)
        for number in range(start, min(start + FOLDER, count)):
            head, comment = heads[number % PICTURES], b"%09d" % number
            data = head[:2] + b"\xff\xfe\x00\x0b" + comment + head[2:]
            (part / f"{number}.jpg").write_bytes(data)


def measure_import(project: Path, images: Path, count: int) -> None:
    """Import the images: kill the import after about a third, and resume it."""
    command = [
        sys.executable, "-m", "labeller", "create", str(project), "--images", str(images),
        "--classes", ",".join(f"class{n}" for n in range(CLASSES)),
    ]  # fmt: skip
    began = time.perf_counter()
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rows = project / "cache"
    while first.poll() is None and _read_so_far(project) < count // 3:
        time.sleep(2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    killed, before = time.perf_counter() - began, _read_so_far(project)
    assert rows.exists()
    again = seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL))  # fmt: skip
    print(f"| import, killed after {before:,} images in {killed:.0f} s, then resumed | "
          f"{killed + again:.0f} s | {count / (killed + again):.0f} images/s |",
          flush=True)  # fmt: skip


def _read_so_far(project: Path) -> int:
    import sqlite3

    from labeller.project.project import DATABASE

    try:
        with sqlite3.connect(f"file:{project / DATABASE}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM image WHERE state = 'ready'").fetchone()[0])
    except sqlite3.Error:
        return 0


def write_features_and_labels(folder: Path) -> None:
    """Write features around one centre per class, and add random labels."""
    from labeller.learning.frozen_features import FrozenFeatures
    from labeller.loop.training_data import pool_of
    from labeller.project.project import Project

    with Project(folder) as project:
        pool = pool_of(project, "cpu")
        features = FrozenFeatures("efficientnet-lite0", pool)
        rng = torch.Generator().manual_seed(0)
        dim = features.encoder.dim
        centres = torch.randn(CLASSES, dim, generator=rng)
        for rows in torch.arange(len(pool)).split(DIM_BLOCK):
            noise = torch.randn(len(rows), dim, generator=rng)
            features.store.put(rows, centres[rows % CLASSES] + 2 * noise)
        features.store.flush()
        if not project.labels.counts()[0]:
            chosen = torch.randperm(len(pool), generator=rng)[:LABELLED]
            project.labels.assign({int(r) + 1: int(r) % CLASSES + 1 for r in chosen}, "anna")


def measure_window(folder: Path) -> None:
    """Measure the window until the first batch is on screen, and while a batch is labelled."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from benchmarks.keyboard import open_window
    from benchmarks.timing import pause, until
    from labeller.window.shell.application import warm_up

    warm_up()
    window = open_window()
    empty = psutil.Process().memory_info().rss
    began = time.perf_counter()
    window.open_project(folder)
    until(lambda: window.page is not None and bool(window.page.session.images))
    window.grab()
    print(f"| opening, to the first batch on screen | {time.perf_counter() - began:.1f} s | |")
    session = window.page.session
    keys = []
    for number in range(30):
        began = time.perf_counter()
        QTest.keyClick(window.page.grid, Qt.Key(Qt.Key.Key_1 + number % 9))
        QApplication.processEvents()
        keys.append(time.perf_counter() - began)
        pause(50)
    print(f"| a key, stored and painted (median, longest of 30) | {np.median(keys):.3f} s | "
          f"{max(keys):.3f} s |")  # fmt: skip
    window.page.changes.clear(list(range(len(session.images))))
    began = time.perf_counter()
    QTest.keyClick(window.page.grid, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    window.grab()
    print(f"| all images on screen | {time.perf_counter() - began:.2f} s | |")
    pause(30_000)  # background work has started
    memory = psutil.Process().memory_info().rss
    print(f"| memory of the window | {memory / 1e9:.2f} GB | "
          f"{empty / 1e9:.2f} GB without a project |", flush=True)  # fmt: skip
    window.close()


def measure_filters(folder: Path) -> None:
    """Measure counting and finding the images of filters."""
    from labeller.project.project import Project
    from labeller.store.review import ALL, POOL_ORDERS, Question
    from labeller.window.labelling.session import PAGE

    with Project(folder, lock=False) as project:
        questions = [(text, Question(ALL, order="imported", text=text)) for text in FILTERS]
        questions += [(f"order {order}", Question(ALL, order=order)) for order in POOL_ORDERS]
        for text, question in questions:
            review = project.review
            found = review.count(question)
            taken = seconds(
                lambda: (review.find(question, PAGE), review.count(question)),  # noqa: B023
                times=3,
            )
            print(f"| filter `{text}` | {taken:.2f} s | {found:,} images |", flush=True)
        taken = seconds(project.status, times=3)
        print(f"| all counts of `status` | {taken:.2f} s | |", flush=True)


def measure_round(folder: Path) -> None:
    """Measure a round: fit a head, estimate its accuracy, select a batch and suggest labels."""
    from labeller.loop import rounds
    from labeller.loop.method import Method
    from labeller.project.project import Project

    with Project(folder) as project:
        began = time.perf_counter()
        method = Method(device="cpu")
        trained = rounds.learn(project, method, Run(), deeper=False)
        between = time.perf_counter()
        rounds.select(project, 50, method, model=trained.model, keep_suggestions=True,
                      reads_on=False)  # fmt: skip
        end = time.perf_counter()
        peak = psutil.Process().memory_info().rss
        print(f"| a round: head and estimate, then the next batch | {end - began:.0f} s | "
              f"{between - began:.0f} + {end - between:.0f} s, {peak / 1e9:.1f} GB at its end |",
              flush=True)  # fmt: skip


PARTS = ("import", "features", "opening", "filters", "round")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=2_000_000)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["LABELLER_DATA"] = str(asked.folder / "data")
    images, project = asked.folder / "images", asked.folder / "project"
    if len(asked.only) > 1:
        print(f"{asked.images:,} images\n| what | time | |\n| --- | --- | --- |", flush=True)
        for part in asked.only:
            command = [sys.executable, "-m", "benchmarks.two_million", str(asked.folder)]
            command += ["--images", str(asked.images), "--only", part]
            subprocess.run(command, check=True, cwd=Path(__file__).parents[1])
        return
    asked.folder.mkdir(parents=True, exist_ok=True)
    (part,) = asked.only
    if part == "import":
        if not images.exists():
            write_images(images, asked.images)
        measure_import(project, images, asked.images)
    else:
        {
            "features": write_features_and_labels,
            "opening": measure_window,
            "filters": measure_filters,
            "round": measure_round,
        }[part](project)


if __name__ == "__main__":
    main()
