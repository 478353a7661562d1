"""Guidelines: written, read from a file, merged with their pictures, exported with a data set."""

import shutil
import time

import pytest
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.project import guidelines
from labeller.project.curation import forget_images
from labeller.project.project import Project
from labeller.project.teams import merge, split
from labeller.store.review import ALL, Question
from tests.conftest import draw


def run(*words: object):
    return CliRunner().invoke(program, [*map(str, words)])


@pytest.fixture
def written(project, tmp_path):
    """A project with a text and its picture, a class description, an example and a
    counterexample."""
    draw("red", 1).save(tmp_path / "a drawing.png")
    text = tmp_path / "how to.md"
    text.write_text("# How to\n\n![look](a%20drawing.png) or <https://example.org>\n")
    project.guidelines.set(guidelines.read(project, text), "anna")
    first = project.classes.all()[0]
    project.classes.change(type(first)(**{**vars(first), "description": "warm & *bright*"}))
    project.labels.assign({1: first.id, 2: first.id + 1}, "anna")
    project.classes.change_examples({1: first.id}, add=True)
    project.classes.change_examples({2: first.id}, add=True, wrong=True)
    return project


def test_the_page_contains_the_text_and_a_section_per_class(written):
    page = guidelines.page(written)
    first, second, _ = (each.name for each in written.classes.all())
    (name,) = (each.name for each in (written.folder / "guidelines").iterdir())
    assert name.startswith("a-drawing-") and page.text.startswith(f"# How to\n\n![look]({name})")
    section = page.text[page.text.index(f"## {first}") : page.text.index(f"## {second}")]
    assert "Key **1**" in section and r"warm \& \*bright\*" in section, "descriptions are escaped"
    like, unlike = section.split("**Not this:**")
    assert "**Like this:**" in like and f"![{first}](examples/" in like
    assert unlike.strip().endswith(f") {second}"), "names the actual class"
    assert {image.id for image in page.examples.values()} == {1, 2}
    assert written.review.find(Question(ALL, text="is:example")).tolist() == [1]


def test_an_image_is_either_an_example_or_a_counterexample(written):
    classes = written.classes
    first = classes.all()[0].id
    classes.change_examples({2: first}, add=True)
    assert classes.examples() == {first: [1, 2]} and classes.examples(wrong=True) == {}
    classes.change_examples({1: first, 2: first}, add=True, wrong=True)
    assert classes.examples() == {} and classes.examples(wrong=True) == {first: [1, 2]}
    classes.change_examples({1: first}, add=False)
    assert classes.examples(wrong=True) == {first: [2]}


def test_guidelines_are_exported_beside_the_labels(written, tmp_path):
    out = tmp_path / "out"
    folder = written.folder
    written.close()
    words = ("export", folder, "--format", "csv", "--output", tmp_path / "x.csv", "--guidelines")
    assert run(*words, out).exit_code == 0
    text = (out / "guidelines.md").read_text()
    assert len(guidelines.pictures_in(text)) == 3
    for name in guidelines.pictures_in(text):
        assert (out / name).stat().st_size > 100, name
    again = run(*words[:-2], tmp_path / "y.csv", "--guidelines", out)
    assert again.exit_code == 1 and "already exists" in again.output
    assert not (tmp_path / "y.csv").exists(), "refused before anything is written"


def test_the_command_prints_and_replaces_the_guidelines(written, tmp_path):
    folder = written.folder
    written.close()
    assert "# How to" in run("guidelines", folder).output
    text = tmp_path / "new.md"
    text.write_text("new")
    assert run("guidelines", folder, "--set", text, "--annotator", "bea").exit_code == 0
    assert run("guidelines", folder).output == "new\n", (
        "verbatim, so that it can be edited and set again"
    )
    text.write_text("![gone](gone.png)")
    refused = run("guidelines", folder, "--set", text)
    assert refused.exit_code == 1 and "gone.png" in refused.output
    (tmp_path / "text.png").write_text("no picture")
    text.write_text("![x](text.png)")
    assert "text.png cannot be used as a picture" in run("guidelines", folder, "--set", text).output
    assert run("guidelines", folder).output.startswith("new\n")
    with Project(folder) as project, pytest.raises(LabellerError, match="characters"):
        project.guidelines.set("x" * 30_001, "anna")


def test_split_and_merge_include_text_pictures_and_counterexamples(written, tmp_path):
    folder, first = written.folder, written.classes.all()[0].id
    split(written, ["ben", "cleo"], tmp_path / "copies", pack=True)
    written.close()
    shutil.unpack_archive(tmp_path / "copies" / f"{folder.name}-ben.zip", tmp_path / "ben")
    with Project(tmp_path / "ben") as ben:
        (name,) = guidelines.pictures_in(ben.guidelines.get())
        assert guidelines.picture(ben, name), "its picture is in the copy"
        draw("blue", 2).save(tmp_path / "second.png")
        new = guidelines.add_picture(ben, tmp_path / "second.png")
        ben.guidelines.set(f"by ben ![]({new})", "ben")
        ben.classes.change_examples({3: first}, add=True, wrong=True)
    with Project(folder) as project:
        merge(project, tmp_path / "ben")
        assert project.guidelines.get() == f"by ben ![]({new})" and guidelines.picture(project, new)
        assert project.classes.examples(wrong=True) == {first: [2, 3]}
        project.undo_merge("anna")
        assert project.guidelines.get().startswith("# How to")
        assert project.classes.examples(wrong=True) == {first: [2]}


def test_pictures_outside_the_project_are_never_read(written, tmp_path):
    secret = tmp_path / "secret.png"
    draw("red", 3).save(secret)
    place = written.folder / "guidelines"
    (place / "link-01234567.png").symlink_to(secret)
    for name in ("../secret.png", str(secret), secret.as_uri(), "link-01234567.png", "examples/x"):
        assert guidelines.picture(written, name) is None, name
    shutil.rmtree(place)
    place.symlink_to(tmp_path)
    folder = written.folder
    with pytest.raises(LabellerError):
        guidelines.add_picture(written, secret)
    written.close()
    with pytest.raises(LabellerError, match="a link"):
        Project(folder)


@pytest.mark.parametrize(
    "shown",
    ["![x](a.png)", '![x](a.png "title")', "![x](<a.png>)", r"![shot \[1\]](a.png)", "![](a.png)"],
)
def test_all_markdown_forms_of_pictures_are_recognised(written, tmp_path, shown):
    draw("red", 4).save(tmp_path / "a.png")
    text = tmp_path / "text.md"
    text.write_text(f"before {shown} after")
    (name,) = guidelines.pictures_in(guidelines.read(written, text))
    assert guidelines.picture(written, name)


def test_pathological_texts_are_parsed_quickly(written):
    began = time.perf_counter()
    for text in ("![" * 15_000, "![x](" * 6_000, "![" + "\\" * 29_000):
        guidelines.pictures_in(text)
    assert time.perf_counter() - began < 2


def test_an_unclosed_code_block_does_not_include_the_classes(written):
    written.guidelines.set("Type this:\n\n```\nlabeller demo", "anna")
    assert "labeller demo\n```\n\n## " in guidelines.page(written).text


def test_forgotten_images_are_no_examples(written, tmp_path):
    forget_images(written, [1, 2], "anna")
    page = guidelines.page(written)
    assert not page.examples and "Like this" not in page.text and "Not this" not in page.text


def test_many_classes_need_few_statements(make, images):
    project = make(images, name="many", classes=[f"class {n}" for n in range(600)])
    asked = []
    project.connection.set_trace_callback(asked.append)
    guidelines.page(project)
    project.connection.set_trace_callback(None)
    assert len(asked) < 20, "not one statement per class"


def test_a_damaged_text_is_empty(written):
    written._db.execute("UPDATE setting SET value = '[1' WHERE key = 'guidelines'")
    assert written.guidelines.get() == ""
    written._db.execute("UPDATE setting SET value = '[1]' WHERE key = 'guidelines'")
    assert written.guidelines.get() == "" and guidelines.has_guidelines(written)
