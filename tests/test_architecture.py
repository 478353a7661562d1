"""Packages that each part may import, checked in a fresh interpreter (`make lint` checks the
layers)."""

import subprocess
import sys

import pytest

BLOCK = """
import importlib.abc, sys

class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in {blocked}:
            raise ImportError(name + " is not installed here")

sys.meta_path.insert(0, Block())
"""


def run_without(blocked: set[str], code: str) -> None:
    program = BLOCK.format(blocked=blocked) + code
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_learning_runs_without_qt_and_database_packages():
    run_without(
        {"PySide6", "pyqtgraph", "sqlite_utils", "click", "platformdirs", "filelock"},
        "import numpy, torch\n"
        "from labeller.learning import checkpoint, trainer\n"
        "from labeller.learning.learners import learner_named\n"
        "from labeller.learning.batches import PoolImages\n"
        "from labeller.learning.recipe import recipe_named\n"
        "from labeller.selection import strategies\n"
        "from labeller.core.run import Run\n"
        "images = numpy.random.randint(0, 255, (12, 8, 8, 3), 'uint8')\n"
        "pool = PoolImages(images, torch.device('cpu'))\n"
        "rows = torch.arange(12)\n"
        "data = trainer.TrainingSet(rows[:4], rows[:4] % 2, rows[4:], rows[:0], rows[:0], 2)\n"
        "recipe = recipe_named('quick', epochs=1, steps_per_epoch=1, batch_size=4)\n"
        "run = Run(0)\n"
        "model = learner_named('mobyv2al', 'resnet-small', recipe).fit(data, pool, run)\n"
        "query = strategies.Query(rows[:4], rows[:4] % 2, rows[4:], 3, model, run)\n"
        "assert len(strategies.strategy_named('coreset').choose(query)) == 3\n",
    )


@pytest.mark.parametrize("module", ["labeller.cli", "labeller.window.shell.main_window"])
def test_starting_does_not_import_torch(module):
    """torch takes seconds to load, so it may only be loaded when needed."""
    run_without({"torch", "torchvision"}, f"import {module}")


@pytest.mark.slow
def test_rounds_do_not_import_torchvision():
    """It takes as long to load as torch, and only some encoders use it."""
    run_without(
        {"torchvision", "timm"},
        "import labeller.loop.rounds, labeller_models.backbones, labeller_models.frozen",
    )


def test_commands_do_not_import_qt():
    run_without(
        {"PySide6", "pyqtgraph"},
        "import labeller.cli, labeller.loop.rounds, labeller.experiments.simulation",
    )


def test_commands_are_imported_lazily():
    run_without(
        {"numpy", "sqlite_utils", "torch", "PIL", "PySide6"},
        "from labeller.cli.main import program\nassert 'status' in program.list_commands(None)\n",
    )
    run_without(
        {"PySide6", "torch"},
        "from labeller.cli.main import program\n"
        "assert all(program.get_command(None, n).name == n for n in program.list_commands(None))\n"
        "assert program.get_command(None, 'nonsense') is None\n",
    )
