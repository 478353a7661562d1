"""What the tests share: real image files, real projects, and a data folder of their own."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two processes share two cores, and so do children

import numpy as np
import pytest
from PIL import Image

from labeller.learning.learners import LEARNERS
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project

LEARNERS.default = "mobyv2al"
"""Most tests are of what is around a learner and draw images of 16 pixels: the frozen encoder, the
default of the program, is asked for where it is meant."""
ALONE = ("cli/test_torchrun.py", "learning/test_distributed.py", "reliability/test_faults.py")
"""Tests of memory, time and several processes do not run beside each other."""
COLOURS = {"red": (200, 40, 40), "green": (40, 180, 60), "blue": (50, 70, 210)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.removeprefix("tests/").startswith(ALONE):
            item.add_marker(pytest.mark.xdist_group("alone"))


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch) -> Path:
    """No test sees the user's own settings and demo."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("LABELLER_DATA", str(folder))
    return folder


def draw(colour: str, number: int, size: tuple[int, int] = (40, 40)) -> Image.Image:
    """A noisy picture in which one colour prevails; every number gives another one."""
    noise = np.random.default_rng([number, *map(ord, colour)]).normal(0, 25, (*size[::-1], 3))
    pixels = (np.array(COLOURS[colour]) + noise).clip(0, 255)
    return Image.fromarray(pixels.astype(np.uint8))


def fill(folder: Path, each: int, start: int = 0) -> Path:
    """`folder/COLOUR/NN.png`, `each` of every colour."""
    for colour in COLOURS:
        (folder / colour).mkdir(parents=True, exist_ok=True)
        for number in range(start, start + each):
            draw(colour, number).save(folder / colour / f"{number:02d}.png")
    return folder


@pytest.fixture
def images(template: Path, tmp_path: Path) -> Path:
    """A pool of 36 images in folders by class."""
    return shutil.copytree(template / "images", tmp_path / "images")


@pytest.fixture
def test_images(template: Path, tmp_path: Path) -> Path:
    """Nine held-out images."""
    return shutil.copytree(template / "held-out", tmp_path / "held-out")


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    """Make a project in `tmp_path`; it is closed after the test."""
    made: list[Project] = []

    def run(images: Path, name: str = "project", **request: object) -> Project:
        request.setdefault("resolution", 16)
        project = create(tmp_path / name, Request(str(images), **request))  # type: ignore[arg-type]
        made.append(project)
        return project

    yield run
    for project in made:
        project.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with images and the project made of them, which is copied and never changed."""
    folder = tmp_path_factory.mktemp("template")
    pool, test = fill(folder / "images", 12), fill(folder / "held-out", 3, start=50)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELLER_DATA", str(folder / "data"))
        request = Request(str(pool), truth="folders", test=str(test), batch_size=9, resolution=16)
        create(folder / "project", request).close()
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path, images: Path, test_images: Path) -> Iterator[Project]:
    """An open project of three classes with hidden labels and a held-out set."""
    folder = tmp_path / "project"
    shutil.copytree(template / "project", folder)
    for database in (folder / DATABASE, *folder.glob("backups/*.sqlite")):
        with closing(sqlite3.connect(database)) as db, db:
            moved = [str(template), str(tmp_path)]
            db.execute("UPDATE source SET root = replace(root, ?, ?)", moved)
            db.execute("UPDATE setting SET value = replace(value, ?, ?)", moved)
    with Project(folder) as opened:
        yield opened
