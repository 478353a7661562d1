"""The Python API, and the documented examples of it."""

import errno
import json
import subprocess
import sys
import threading
from pathlib import Path

import pandas
import pytest

import labeller
from labeller.loop import rounds

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    project.close()
    return project.folder


def test_reading_a_project(folder):
    with labeller.open(folder) as project:
        assert project.classes() == ["blue", "green", "red"]
        table = pandas.DataFrame(project.labels())
        assert len(table) == 9 and set(table["label"]) <= {"blue", "green", "red"}
        assert (table["annotator"] == "oracle").all() and (table["source"] == "oracle").all()
        assert len(pandas.DataFrame(project.images())) == 36 + 9
        assert [r["number"] for r in project.rounds()] == [0]
        assert project.status()["labelled"] == 9 and project.model() is None
        with pytest.raises(labeller.LabellerError, match="writing=True"):
            project.label({"red/00.png": "red"}, "anna")
    with pytest.raises(labeller.LabellerError, match="does not exist"):
        labeller.open(folder / "nowhere")


def test_different_spellings_of_a_path_are_one_image(folder):
    with labeller.open(folder, writing=True) as project:
        before = project.labels()
        with pytest.raises(labeller.LabellerError, match="are one image"):
            project.label({"red/00.png": "red", "red//./00.png": "blue"}, "anna")
        assert project.labels() == before
        assert project.label({"red/00.png": "red", "red/./00.png": "red"}, "anna") == 1


@pytest.mark.parametrize("annotator", [5, None, "two\nlines", "x" * 1000, b"anna", "\x1b[31m"])
def test_invalid_annotator_names_are_refused(folder, annotator):
    with labeller.open(folder, writing=True) as project:
        before = project.labels()
        with pytest.raises(labeller.LabellerError, match="not a valid name of a person"):
            project.label({"red/00.png": "red"}, annotator)
        assert project.labels() == before
    with labeller.open(folder) as project:
        assert project.labels() == before


def test_writing_to_a_project(folder, tmp_path):
    with labeller.open(folder, writing=True) as project:
        assert project.label({"red/00.png": "red", "blue/01.png": "blue"}, "anna") == 2
        with pytest.raises(labeller.LabellerError, match="no class 'x'"):
            project.label({"red/00.png": "x"}, "anna")
        from labeller.learning.recipe import recipe_named

        recipe = recipe_named("quick", epochs=1, steps_per_epoch=1, batch_size=8, queue_size=32)
        found = project.train(learner="mobyv2al", recipe=recipe, device="cpu")
        assert found["encoder"] and 0 <= found["accuracy"] <= 1
        assert len(project.select(3, "random")) == 3
        done = project.export("jsonl", tmp_path / "labels.jsonl")
        assert done.labels >= 10
        method = {"learner": "mobyv2al", "recipe": recipe, "device": "cpu", "strategy": "random"}
        rows = project.simulate(6, 3, 2, seeds=[0], **method)
        assert [row["labelled"] for row in rows] == [6, 9]
    with labeller.open(folder, writing=True), pytest.raises(labeller.LabellerError):
        labeller.open(folder, writing=True)


def test_the_import_loads_no_heavy_packages():
    """`import labeller` loads neither torch nor Qt nor the database library."""
    code = (
        "import sys, labeller; labeller.__version__; "
        "print([m for m in ('torch', 'PySide6', 'sqlite_utils', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_notebook_runs(folder, monkeypatch, tmp_path):
    """Its cells run in order on a test project."""
    notebook = json.loads((ROOT / "docs" / "from-python.ipynb").read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "PROJECT").symlink_to(folder)
    names: dict = {}
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert len(cells) >= 4
    for cell in cells:
        exec(compile("".join(cell["source"]), "from-python.ipynb", "exec"), names)
    assert (tmp_path / "labels.parquet").is_file()


def api_calls(project) -> list:
    """Calls of the API, reading and writing."""
    return [
        project.classes, project.images, project.labels, project.rounds, project.status,
        project.model, lambda: project.label({"red/00.png": "red"}, "anna"),
    ]  # fmt: skip


def test_use_after_closing_or_in_another_thread_raises_a_clear_error(folder):
    project = labeller.open(folder, writing=True)
    errors: list[BaseException] = []

    def elsewhere() -> None:
        for call in api_calls(project):
            try:
                call()
            except BaseException as error:
                errors.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert len(errors) == 7 and all("another thread" in str(error) for error in errors)
    project.close()
    for call in api_calls(project):
        with pytest.raises(labeller.LabellerError, match=r"was closed\. Open the project again"):
            call()
    assert all(isinstance(error, labeller.LabellerError) for error in errors)


def test_a_full_disk_raises_a_clear_error(folder, monkeypatch, tmp_path):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "x.csv"))

    with labeller.open(folder, writing=True) as project:
        project._project._db.execute("PRAGMA max_page_count = 1")  # as if the disk were full
        names = {"red/00.png": "red"}
        with pytest.raises(labeller.LabellerError, match="The disk is full"):
            for _ in range(20_000):
                project.label(names, "anna" * 50)
        monkeypatch.setattr("labeller.api.export", full)
        with pytest.raises(labeller.LabellerError, match=r"The disk is full \(.*x\.csv\)\. Free"):
            project.export("csv", tmp_path / "x.csv")


def test_a_recipe_can_be_given_by_name(project):
    from labeller.learning.recipe import QUICK
    from labeller.loop.method import Method

    assert Method(recipe="quick").recipe == QUICK
    project.labels.assign({1: 1, 20: 2}, "anna")
    folder = project.folder
    project.close()
    with (
        labeller.open(folder, writing=True) as opened,
        pytest.raises(labeller.LabellerError, match="no recipe 'swift'"),
    ):
        opened.train(learner="mobyv2al", recipe="swift")
