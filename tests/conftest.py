"""Shared fixtures: real image files, real projects and a separate data folder."""

import functools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two processes and their children share two cores

import numpy as np
import pytest
import torch
from labeller_models.encoders import ENCODERS
from labeller_models.frozen import FROZEN, FrozenEncoder, frozen_encoder
from PIL import Image

from labeller.core.run import Run
from labeller.learning import fine_tuning, frozen_features
from labeller.learning.batches import PoolImages
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.late_stages import Tuning
from labeller.learning.learners import LEARNERS, WHOLE
from labeller.loop import method as methods
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project

TEAMS = ("cli/test_torchrun.py", "learning/test_distributed.py")
"""Each starts two processes that wait for each other, so these files never run in parallel."""
SHARE = 10
"""Without `--all`, only one in this many faults and fuzzing cases is run."""
COLOURS = {"red": (200, 40, 40), "green": (40, 180, 60), "blue": (50, 70, 210)}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all",
        action="store_true",
        help="also run the slow tests, and all faults and fuzzing cases",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--all"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
    for item in items:  # one process runs a whole file, so its module fixtures are built once
        file = item.nodeid.removeprefix("tests/").split("::")[0]
        item.add_marker(pytest.mark.xdist_group("teams" if file in TEAMS else file))


@pytest.fixture(scope="session")
def share(pytestconfig: pytest.Config) -> Callable[[int], int]:
    """Given a number of cases, how many to run: all with `--all`, otherwise a tenth, rounded up."""
    part = 1 if pytestconfig.getoption("--all") else SHARE
    return lambda count: -(-count // part)


@pytest.fixture(scope="session")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the default encoder as ONNX: exporting it takes seconds."""
    return tmp_path_factory.mktemp("graphs")


@pytest.fixture(autouse=True)
def own_data_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch, graphs: Path
) -> Iterator[Path]:
    """Isolate each test from the user's settings and demo and from other tests; only the exported
    default encoder is shared."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("LABELLER_DATA", str(folder))
    _link_graphs(graphs, folder / "encoders")
    yield folder
    _link_graphs(folder / "encoders", graphs)


def _link_graphs(place: Path, to: Path) -> None:
    for graph in place.glob(f"{FROZEN.default}-*.onnx"):
        to.mkdir(exist_ok=True)
        with suppress(FileExistsError):
            (to / graph.name).hardlink_to(graph)


BUNDLED = FROZEN.default


@functools.cache
def _bundled() -> FrozenEncoder:
    return frozen_encoder(BUNDLED)


@pytest.fixture(autouse=True)
def encoder_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled encoder is loaded once in each process, which takes 0.3 s; tests/models loads it
    itself."""

    def load(name: str) -> FrozenEncoder:
        return _bundled() if name == BUNDLED else frozen_encoder(name)

    monkeypatch.setattr(frozen_features, "frozen_encoder", load)


@pytest.fixture(autouse=True)
def short_tuning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit fine-tuning to a few steps; tests of its results undo this."""
    monkeypatch.setattr(fine_tuning, "TUNING", Tuning(steps=2, steps_to_compare=1))


@pytest.fixture
def whole_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train a network from scratch by default: for tests of the surrounding code, and of runs of
    old versions that had no other method."""
    monkeypatch.setattr(LEARNERS, "default", WHOLE)
    monkeypatch.setattr(methods, "encoders_for", lambda n: ENCODERS if n == WHOLE else FROZEN)


def draw(colour: str, number: int, size: tuple[int, int] = (40, 40)) -> Image.Image:
    """A noisy picture with one dominant colour; each number gives a different one."""
    noise = np.random.default_rng([number, *map(ord, colour)]).normal(0, 25, (*size[::-1], 3))
    pixels = (np.array(COLOURS[colour]) + noise).clip(0, 255)
    return Image.fromarray(pixels.astype(np.uint8))


def fill(folder: Path, each: int, start: int = 0) -> Path:
    """Write `folder/COLOUR/NN.png`, `each` per colour."""
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
    """Create projects in `tmp_path` and close them after the test."""
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
def template(tmp_path_factory: pytest.TempPathFactory, graphs: Path) -> Path:
    """A folder with images and a project of them whose features have been read. Tests copy it and
    never change it."""
    folder = tmp_path_factory.mktemp("template")
    photos, test = fill(folder / "images", 12), fill(folder / "held-out", 3, start=50)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELLER_DATA", str(folder / "data"))
        request = Request(str(photos), truth="folders", test=str(test), batch_size=9, resolution=16)
        with create(folder / "project", request) as made:
            pool = PoolImages(made.tensors(), torch.device("cpu"), made.image_files())
            features = FrozenFeatures(FROZEN.default, pool, with_maps=True)
            features.read(torch.arange(len(pool)), Run())
        _link_graphs(folder / "data" / "encoders", graphs)
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
