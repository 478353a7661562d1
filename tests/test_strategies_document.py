"""The example package of docs/strategies.md is installed as printed, and its strategy is run."""

import json
import re
from pathlib import Path

import pytest
from labeller_models.registry import Entry

from labeller.core.errors import LabellerError
from labeller.selection.strategies import STRATEGIES, companion_named, strategy_named
from tests.document_package import install, labeller

DOCUMENT = Path(__file__).parents[1] / "docs/strategies.md"
SHORT = ["--epochs", "1", "--steps-per-epoch", "2", "--batch-size", "8", "--json"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder in which the example package is installed."""
    return install(
        DOCUMENT, tmp_path_factory.mktemp("example"), ["labeller_doubt.py", "pyproject.toml"]
    )


def test_the_example_has_at_most_ten_lines():
    code = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), flags=re.S).group(1)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10


@pytest.mark.slow
def test_the_example_can_be_simulated(installed, project):
    project.close()
    numbers = ["--initial", "9", "--budget", "5", "--cycles", "2"]
    result = labeller(
        installed, "simulate", str(project.folder), *numbers, "--strategy", "doubt", *SHORT
    )
    assert result.returncode == 0, result.stderr
    (run,) = json.loads(result.stdout)["runs"]
    assert run["strategy"] == "doubt" and len(set(run["cycles"][-1]["selected"])) == 14


def test_a_strategy_of_a_broken_package_is_reported_by_name(monkeypatch):
    broken = Entry("no_such_module:Nothing", package="some-package")
    monkeypatch.setitem(STRATEGIES.entries, "broken", broken)
    with pytest.raises(LabellerError, match="'broken' of the package some-package cannot be"):
        strategy_named("broken")
    assert companion_named("learning-loss") is not None and companion_named("nothing") is None
    assert STRATEGIES.explained("broken") == "broken: of the package some-package"


def test_the_document_lists_every_strategy():
    listed = set(
        re.findall(r"`([a-z-]+)`", DOCUMENT.read_text().split("## Writing your own strategy")[0])
    )
    assert set(STRATEGIES) <= listed
