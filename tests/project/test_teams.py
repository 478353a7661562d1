"""Splitting a project into copies and merging them again."""

import itertools
import random
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from labeller.care.checking import check
from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.pool.decode import Reading
from labeller.project.creation import create, open_complete, read_again
from labeller.project.planning import Request
from labeller.project.project import Project
from labeller.project.teams import merge, opened_copy, split
from labeller.store.classes import ImageClass
from tests.conftest import fill


def make_project(tmp_path: Path, each: int = 4) -> Path:
    fill(tmp_path / "set", each)
    request = Request(str(tmp_path / "set"), ("red", "green", "blue"), resolution=16, batch_size=4)
    with create(tmp_path / "p", request) as project:
        project.labels.assign({1: 1, 2: 2}, "anna")
    return tmp_path / "p"


def state(project: Project) -> dict:
    """All labels, notes and classes by name, because each copy assigns its own numbers."""
    names = {c.id: c.name for c in project.classes.all(archived=True)}
    count = project.images.count()
    labels = {
        i: (names.get(label.class_id), label.reason, label.annotator, label.at)
        for i, label in project.labels.current(range(1, count + 1)).items()
    }
    said = {
        i: {who: names[c] for who, c in each.items()}
        for i, each in project.agreement.opinions().items()
        if each
    }
    classes = {
        (c.name, c.colour, c.shortcut, c.description, c.archived)
        for c in project.classes.all(archived=True)
    }
    return {
        "labels": labels, "said": said, "classes": classes,
        "notes": project.notes.of(range(1, count + 1)), "decided": project.agreement.decided(),
        "examples": {names[c]: i for c, i in project.classes.examples().items()},
        "wrong": {names[c]: i for c, i in project.classes.examples(wrong=True).items()},
        "guidelines": project.guidelines.get(),
    }  # fmt: skip


class Clock:
    """A clock that gives each action in any copy a different time."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> str:
        self.now += 1
        return f"2030-01-01T00:00:00.{self.now:06d}+00:00"


@pytest.fixture
def clock(monkeypatch) -> Clock:
    found = Clock()
    monkeypatch.setattr("labeller.store.ledger.now", found)
    return found


def act_at_random(project: Project, who: str, rng: random.Random) -> None:
    """Perform a random action."""
    images = rng.sample(range(1, project.images.count() + 1), rng.randint(1, 3))
    classes = project.classes.all()
    kind = rng.choice(
        ["label", "label", "label", "skip", "clear", "undo", "undo", "redo", "note", "class",
         "rename", "example", "decide", "guidelines"]
    )  # fmt: skip
    if kind == "label":
        project.labels.assign({i: rng.choice(classes).id for i in images}, who)
    elif kind == "skip":
        project.labels.skip(images, who, reason=rng.choice([None, "unsure"]))
    elif kind == "clear":
        project.labels.clear(images, who)
    elif kind == "undo":
        project.labels.undo(who)
    elif kind == "redo":
        project.labels.redo(who)
    elif kind == "note":
        project.notes.set(images[0], f"{who} {rng.random():.3f}", who)
    elif kind == "class":
        project.classes.add([f"class {rng.randint(1, 4)}"])
    elif kind == "rename":
        one = rng.choice(classes[:3])  # classes in all copies
        project.classes.change(
            ImageClass(one.id, one.name, one.position, rng.choice(["#112233", "#445566"]),
                       None, f"{who} {rng.random():.3f}", False)
        )  # fmt: skip
    elif kind == "example":
        shown = rng.choice(classes[:3]).id
        project.classes.change_examples({images[0]: shown}, rng.random() < 0.7, rng.random() < 0.4)
    elif kind == "guidelines":
        project.guidelines.set(f"{who} {rng.random():.3f}", who)
    elif kind == "decide":
        project.agreement.decide(images[:1], who)


@pytest.mark.parametrize("number", range(12))
def test_three_copies_give_the_same_state_in_any_order(tmp_path, clock, number):
    rng = random.Random(number)
    origin = make_project(tmp_path)
    with Project(origin) as project:
        for _ in range(rng.randint(0, 8)):
            act_at_random(project, "anna", rng)
    copies = {who: shutil.copytree(origin, tmp_path / who) for who in ("anna", "ben", "cleo")}
    order = [who for who in copies for _ in range(rng.randint(1, 15))]
    rng.shuffle(order)
    for who in order:  # their times are interleaved
        with Project(copies[who]) as project:
            act_at_random(project, who, rng)
    if number % 3 == 0:  # two copies were merged before
        with Project(copies["ben"]) as project:
            merge(project, copies["cleo"])
            act_at_random(project, "ben", rng)
    states = []
    for way, first in enumerate(itertools.permutations(copies)):
        base = shutil.copytree(copies[first[0]], tmp_path / f"way-{way}")
        with Project(base) as project:
            for other in first[1:]:
                merge(project, copies[other])
            once = project.table_sizes()["action"]
            for other in first[1:]:
                merge(project, copies[other])
            assert project.table_sizes()["action"] == once, "merging again changes nothing"
            assert project.labels.log_problems() == [] and project.reconciliation.problems() == []
            states.append(state(project))
        with Project(base) as project:
            assert state(project) == states[-1], "unchanged after reopening"
    for other in states[1:]:
        assert other == states[0]


def test_a_merge_is_recovered_from_the_journal(tmp_path, clock):
    origin = make_project(tmp_path)
    other = shutil.copytree(origin, tmp_path / "other")
    with Project(other) as project:
        project.labels.assign({3: 3, 4: 1}, "ben")
        project.notes.set(3, "a note", "ben")
        project.classes.add(["purple"])
    with Project(origin) as project:
        before = project.back_up("daily")
        kept = before.read_bytes()
        merge(project, other)
        expected = state(project)
    (origin / "project.sqlite").write_bytes(kept)  # restores an older copy
    for end in ("-wal", "-shm"):
        (origin / f"project.sqlite{end}").unlink(missing_ok=True)
    with Project(origin) as project:
        assert state(project) == expected
        assert project.labels.log_problems() == []


def test_split_divides_the_open_images_and_merge_collects_the_labels(tmp_path):
    origin = make_project(tmp_path, each=10)
    with Project(origin) as project:
        open_before = set(project.images.open().tolist())
        parts = split(project, ["Anna", "Ben"], tmp_path / "copies", overlap=0.25)
    assert [part.name for part in parts] == ["Anna", "Ben"]
    shares = []
    for part in parts:
        with open_complete(part.place) as copy:
            shares.append(set(copy.images.open().tolist()))
            assert len(shares[-1]) == part.images
            assert copy.labels.counts()[0] == 2, "all labels so far"
            assert copy.tensors().shape[0] == 30
            image = copy.images.get([min(shares[-1])])[0]
            assert image.file.is_file(), "images stay where they are"
            copy.labels.assign(dict.fromkeys(shares[-1], 1), part.name)
            copy.labels.undo(part.name)
            copy.labels.assign(dict.fromkeys(shares[-1], 2 if part.name == "Ben" else 3), part.name)
    assert shares[0] | shares[1] == open_before
    assert len(shares[0] & shares[1]) == round(0.25 * len(open_before))
    with Project(origin) as project:
        merge(project, parts[0].place)
        taken = merge(project, parts[1].place)
        assert taken.differing == len(shares[0] & shares[1])
        assert project.labels.counts()[0] == 30
        labels = project.labels.current(range(1, 31))
        assert {label.annotator for label in labels.values()} == {"anna", "Anna", "Ben"}
        assert all(labels[i].annotator == "Ben" for i in shares[0] & shares[1]), "the newest"
        assert check(project) == []


@pytest.mark.parametrize("pack", [True, False])
def test_copies_can_include_their_images(tmp_path, pack):
    origin = make_project(tmp_path)
    with Project(origin) as project:
        parts = split(project, ["Anna", "Ben"], tmp_path / "copies", with_images=True, pack=pack)
    away = tmp_path / "away"
    away.mkdir()
    shutil.rmtree(tmp_path / "set")
    place = parts[1].place
    if pack:
        assert zipfile.is_zipfile(place)
        with opened_copy(place) as copy:
            assert copy.labels.counts()[0] == 2
        with zipfile.ZipFile(place) as archive:
            archive.extractall(away / "p")
    else:
        place.rename(away / "p")
    with open_complete(away / "p") as copy:
        mine = copy.images.open().tolist()
        assert len(mine) == parts[1].images
        assert all(image.file.is_file() for image in copy.images.get(mine))
        copy.labels.assign(dict.fromkeys(mine, 3), "Ben")
    with Project(origin) as project:
        assert merge(project, away / "p").images == len(mine)
        assert project.labels.counts()[0] == 2 + len(mine)


def test_reading_again_keeps_the_share_of_each_copy(tmp_path):
    origin = make_project(tmp_path)
    with Project(origin) as project:
        parts = split(project, ["Anna", "Ben"], tmp_path / "copies", with_images=False)
    (tmp_path / "set" / "red" / "00.png").touch()
    with Project(parts[0].place) as copy:
        mine, reading = set(copy.images.open().tolist()), copy.reading
    read_again(parts[0].place, Reading((0.0, 100.0), reading.megapixels))
    with Project(parts[0].place) as copy:
        assert set(copy.images.open().tolist()) == mine
        assert copy.images.unreadable_files() == []
    with Project(origin) as project:
        assert merge(project, parts[0].place).unknown == 0


def test_duplicate_images_are_matched_one_to_one(tmp_path):
    fill(tmp_path / "set", 2)
    for colour in ("red", "green"):
        shutil.copy(tmp_path / "set" / "blue" / "00.png", tmp_path / "set" / colour / "copy.png")
    shutil.copytree(tmp_path / "set", tmp_path / "renamed")
    (tmp_path / "renamed" / "red" / "copy.png").rename(tmp_path / "renamed" / "aaa.png")
    projects = [
        create(tmp_path / name, Request(str(tmp_path / folder), ("red", "green"), resolution=16))
        for name, folder in (("p", "set"), ("q", "renamed"))
    ]
    ours, theirs = projects
    named = {i.path: i.id for i, _ in theirs.images.each_file()}
    theirs.labels.assign({named["aaa.png"]: 1, named["green/copy.png"]: 2, named["blue/00.png"]: 1},
                         "ben")  # fmt: skip
    theirs.close()
    assert merge(ours, theirs.folder).unknown == 0
    names = {i.id: i.path for i, _ in ours.images.each_file()}
    found = ours.labels.current(list(names))
    assert {names[i]: label.class_id for i, label in found.items()} == {
        "red/copy.png": 1, "green/copy.png": 2, "blue/00.png": 1,
    }  # fmt: skip
    ours.close()


def test_images_missing_from_one_copy_are_counted_and_skipped(tmp_path):
    origin = make_project(tmp_path)
    fill(tmp_path / "more", 1, start=30)
    other = shutil.copytree(origin, tmp_path / "other")
    from labeller.project.growing import add_images

    add_images(other, Request(str(tmp_path / "more"), labels="folders"))
    with Project(origin) as project:
        taken = merge(project, other)
        assert taken.unknown == 3 and project.images.count() == 12
    (tmp_path / "x").mkdir()
    stranger = tmp_path / "x"
    fill(stranger / "set", 2, start=50)
    create(stranger / "p", Request(str(stranger / "set"), ("a", "b"), resolution=16)).close()
    with Project(origin) as project:
        with pytest.raises(LabellerError, match="no image of this project"):
            merge(project, stranger / "p")
        with pytest.raises(LabellerError, match="with itself"):
            merge(project, origin)


def test_split_and_merge_commands(tmp_path):
    origin = make_project(tmp_path)
    run = CliRunner().invoke
    arguments = ["--among", "Anna, Ben", "--overlap", "20%", "--output", str(tmp_path / "c")]
    done = run(program, ["split", str(origin), *arguments, "--pack"])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == f"Anna: 6 open images in {tmp_path / 'c' / 'p-Anna.zip'}"
    done = run(program, ["merge", str(origin), *map(str, (tmp_path / "c").iterdir())])
    assert done.exit_code == 0 and "0 actions about 0 images merged" in done.stdout
    done = run(program, ["merge", str(origin), str(tmp_path / "set")])
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    done = run(program, ["split", str(origin), "--among", "A,a", "--output", str(tmp_path / "d")])
    assert done.exit_code == 1 and "each once" in done.stderr
