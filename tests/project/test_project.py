import subprocess
import sys

import numpy as np
import pytest

from labeller.care.checking import check
from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.loop import rounds
from labeller.project.creation import open_complete
from labeller.project.image_reading import rebuild_cache
from labeller.project.project import DATABASE, Project


def test_only_one_program_can_write(project):
    with pytest.raises(LabellerError, match="open in another Labeller"):
        open_complete(project.folder)
    with open_complete(project.folder, lock=False) as reader:
        assert reader.status() == project.status()
    project.close()
    with open_complete(project.folder) as again:
        assert again.status().images == 36


def test_the_lock_is_released_when_its_process_dies(project):
    folder = project.folder
    project.close()
    code = (
        "import os; from pathlib import Path; from labeller.project.project import Project; "
        f"p = Project(Path({str(folder)!r})); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 9
    Project(folder).close()


def test_opening_something_else_is_reported(tmp_path):
    with pytest.raises(LabellerError, match="does not exist"):
        Project(tmp_path / "none")
    with pytest.raises(LabellerError, match="not a Labeller project"):
        Project(tmp_path)
    (tmp_path / DATABASE).write_bytes(b"garbage" * 1000)
    with pytest.raises(LabellerError, match="damaged"):
        Project(tmp_path)


def test_a_healthy_project_has_no_problems(project):
    result = []
    assert check(project, Run(report=result.append)) == []
    assert result[-1].done == result[-1].total == 45


def test_check_reports_missing_changed_and_damaged_files(project):
    from tests.loop.test_rounds import FAST

    rounds.label_by_oracle(project, rounds.begin(project))
    run = rounds.train_round(project, FAST)
    (project.folder / run.checkpoint).unlink()
    files = [image.file for image, _ in project.images.each_file()]
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes() + b"x")
    project.tensor_cache.path.write_bytes(b"noise")
    problems = check(project)
    assert len(problems) == 4
    for problem, part in zip(
        problems, ["is gone", "was changed", "cache", "checkpoint"], strict=True
    ):
        assert part in problem


def test_a_lost_cache_is_rebuilt(project):
    before = np.asarray(project.tensors())
    project.tensor_cache.path.unlink()
    with pytest.raises(LabellerError, match="--repair"):
        project.tensors()
    rebuild_cache(project)
    assert np.array_equal(project.tensors(), before)
    assert check(project) == []


def test_dangling_references_are_reported(project):
    project._db.execute("PRAGMA foreign_keys = OFF")
    project._db.execute("INSERT INTO truth VALUES (9999, 1)")
    assert any("refers to a missing row of image" in problem for problem in check(project))


def test_a_scratch_copy_shares_only_the_images(project):
    batch = rounds.begin(project)
    rounds.label_by_oracle(project, batch)
    with project.scratch() as copy:
        assert copy.status().labelled == copy.status().rounds == 0
        assert np.array_equal(copy.tensors(), project.tensors())
        assert len(copy.images.candidates()) == 36
        assert copy.images.get([1])[0].file == project.images.get([1])[0].file
        folder = copy.folder
    assert not folder.exists()
    assert project.status().labelled == 9


def test_status_has_the_documented_keys(project):
    assert project.status().as_dict() == {
        "images": 36,
        "classes": 3,
        "labelled": 0,
        "skipped": 0,
        "unreadable": 0,
        "duplicates": 0,
        "rounds": 0,
        "test_accuracy": None,
        "by_model": 0,
    }
