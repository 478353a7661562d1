"""The progress page of a project."""

import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from labeller.care.progress import GOAL, progress_page, write_progress
from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.core.intervals import BY_LABELS, Accuracy


class _Text(HTMLParser):
    """The text of a page; every element must be closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert not self._open

    def handle_starttag(self, tag, attrs) -> None:
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data) -> None:
        self.words.append(data)


def text(project) -> str:
    return " ".join(_Text(progress_page(project)).words)


def test_an_empty_project_has_a_page(project):
    shown = text(project)
    assert "Labelled 0" in shown and "Labels per day" not in shown


def test_the_page_shows_counts_per_person_and_class(project):
    project.labels.assign({1: 1, 2: 1, 3: 2}, "Ann")
    project.labels.assign({1: 1, 2: 2}, "Ben <b>")
    project.labels.let_model_label([(8, 3, 0.9)], "Ann")
    project.labels.skip([5], "Ann")
    shown = text(project)
    assert "Labelled 3" in shown and "Labelled by the model 1" in shown
    assert "Put aside 1" in shown and "Ben <b> 2" in shown and "Ann 3" in shown
    assert "Ann · Ben <b> 2 50%" in shown and "Disputed images: 1" in shown
    assert "<b>" not in progress_page(project), "names are escaped"
    blue, _, red = (c.name for c in project.classes.all())
    assert re.search(rf"{blue} +1 ", shown) and re.search(rf"{red} +0 +1 ", shown)


def test_a_goal_shows_which_classes_need_labels(project):
    project.labels.assign({1: 1, 2: 1, 3: 2}, "Ann")
    assert "Still needed" not in text(project)
    project.settings.choose(GOAL, 2)
    shown = text(project)
    blue, green, red = (c.name for c in project.classes.all())
    assert "Still needed (2)" in shown
    assert f"{blue} 2 ✓" in shown and f"{green} 1 1" in shown and f"{red} 0 2" in shown


def test_accuracies_are_shown_with_intervals(project):
    for labelled, accuracy in ((50, 0.71), (100, 0.853)):
        run = project.runs.start({}, "resnet-small", "cpu", 0, labelled)
        known = Accuracy(BY_LABELS, accuracy, accuracy - 0.1, accuracy + 0.05)
        project.runs.end(run, "finished", 1.0, f"runs/{run}.safetensors", estimate=known)
    shown = text(project)
    assert "50 71.0% 61% – 76% by cross-validation" in shown
    assert "100 85.3% 75% – 90% by cross-validation" in shown


def test_the_report_command_writes_the_page(project, tmp_path):
    project.close()
    page = tmp_path / "progress.html"
    call = ["report", str(page), "--project", str(project.folder), "--html"]
    done = CliRunner().invoke(program, call)
    assert done.exit_code == 0 and "Labelled by the model" in page.read_text("utf-8")
    again = CliRunner().invoke(program, call)
    assert again.exit_code == 1 and "exists" in again.output
    assert CliRunner().invoke(program, [*call, "--force"]).exit_code == 0
    assert CliRunner().invoke(program, ["report", str(page), "--html"]).exit_code == 2


def test_an_unwritable_folder_is_reported(project, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LabellerError, match="cannot be written"):
        write_progress(tmp_path / "file" / "page.html", project)
