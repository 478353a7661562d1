"""Copies are merged by what each had seen of the others, independently of their clocks."""

import gzip
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from labeller.care.checking import check
from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.project.importing import REPLACE, ImportOptions, import_labels
from labeller.project.project import Project
from labeller.project.teams import merge, opened_copy, split
from labeller.store.backups import BEFORE_MERGE, backups
from labeller.store.classes import ImageClass
from tests.project.test_teams import make_project

SAMPLES = Path(__file__).parents[1] / "samples"


class ManualClock:
    """A clock set by the test, in milliseconds since 2030."""

    def __init__(self) -> None:
        self.at = 1_000_000

    def __call__(self) -> str:
        seconds, rest = divmod(self.at, 1000)
        minutes, seconds = divmod(seconds, 60)
        return f"2030-01-01T{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{rest:03d}+00:00"


@pytest.fixture
def clock(monkeypatch) -> ManualClock:
    found = ManualClock()
    monkeypatch.setattr("labeller.store.ledger.now", found)
    return found


@pytest.fixture
def origin(tmp_path, clock) -> Path:
    return make_project(tmp_path)


def copy_project(origin: Path, name: str) -> Path:
    return shutil.copytree(origin, origin.parent / name)


def classes(project: Project) -> dict[int, int | None]:
    count = project.images.count()
    return {i: label.class_id for i, label in project.labels.current(range(1, count + 1)).items()}


def test_setting_the_clock_back_reverts_no_correction(origin, clock):
    other = copy_project(origin, "other")
    with Project(other) as project:
        project.labels.assign({12: 3}, "ben")
    with Project(origin) as project:
        project.labels.assign(dict.fromkeys(range(3, 11), 1), "anna")
        clock.at -= 120_000
        project.labels.assign(dict.fromkeys(range(3, 7), 2), "anna")
        project.labels.clear([7, 8, 9, 10], "anna")
        before = classes(project)
        merge(project, other)
        assert classes(project) == before | {12: 3}


def test_actions_in_the_same_millisecond_keep_their_order(origin, clock):
    other = copy_project(origin, "other")
    with Project(other) as project:
        project.labels.assign({12: 3}, "ben")
    with Project(origin) as project:
        for image in range(3, 12):
            project.labels.assign({image: 1}, "anna")
            project.labels.assign({image: 2}, "anna")
        merge(project, other)
        assert set(list(classes(project).values())[2:11]) == {2}


def test_actions_merged_earlier_count_as_older_despite_later_times(origin, clock):
    ben, cleo = copy_project(origin, "ben"), copy_project(origin, "cleo")
    clock.at += 86_400  # ben's clock is ahead
    with Project(ben) as project:
        project.labels.assign(dict.fromkeys(range(3, 9), 1), "ben")
    with Project(cleo) as project:
        project.labels.assign({12: 3}, "cleo")
    clock.at -= 86_400
    with Project(origin) as project:
        merge(project, ben)
        project.labels.assign(dict.fromkeys(range(3, 6), 2), "anna")
        project.labels.clear([6], "anna")
        project.agreement.decide([3], "anna")
        before = classes(project)
        merge(project, cleo)
        assert classes(project) == before | {12: 3}
        assert project.agreement.decided() == {3}
    with Project(cleo) as project:  # and in any other order of merging
        merge(project, ben)
        merge(project, origin)
        assert classes(project) == before | {12: 3}
        assert project.agreement.decided() == {3}


def test_concurrent_labels_are_disputed(origin, clock):
    ben = copy_project(origin, "ben")
    with Project(ben) as project:
        project.labels.assign({3: 1, 4: 1, 5: 1}, "ben")
        project.labels.skip([6, 1], "ben", reason="not-any-class")
    clock.at += 5
    with Project(origin) as project:
        project.labels.assign({3: 2, 4: 1, 6: 3}, "anna")
        project.labels.clear([5], "anna")
        merge(project, ben)
        assert project.agreement.disputed() == {
            3: {"anna": 2, "ben": 1},
            6: {"anna": 3, "ben": None},
        }
        assert classes(project)[3] == 2, "the later one counts until somebody decides"
        assert classes(project)[5] == 1, "a label not seen cannot be cleared"
        assert classes(project)[1] is None, "ben had seen the label when he put the image aside"
        project.labels.assign({3: 1, 6: 3}, "anna")
        project.agreement.decide([3, 6], "anna")
        assert project.agreement.disputed() == {}


def test_undo_keeps_a_colleagues_newer_label(origin, clock):
    ben = copy_project(origin, "ben")
    with Project(origin) as project:
        project.labels.assign({3: 1, 4: 1}, "anna")
    clock.at += 5
    with Project(ben) as project:
        project.labels.assign({3: 2}, "ben")
    with Project(origin) as project:
        merge(project, ben)
        assert classes(project)[3] == 2
        assert project.labels.undo("anna") == [4]
        assert project.labels.kept == [3]
        assert classes(project) == {1: 1, 2: 2, 3: 2}
        assert project.labels.current([3])[3].annotator == "ben"
        assert project.labels.redo("anna") == [4] and project.labels.kept == [3]
        assert classes(project) == {1: 1, 2: 2, 3: 2, 4: 1}
        assert project.labels.undo("anna") == [4] and project.labels.undo("anna") == [1, 2]
        assert check(project) == []


def test_undo_reveals_a_colleagues_label(origin, clock):
    ben = copy_project(origin, "ben")
    with Project(ben) as project:
        project.labels.assign({3: 2}, "ben")
    clock.at += 5
    with Project(origin) as project:
        project.labels.assign({3: 1}, "anna")
        merge(project, ben)
        assert classes(project)[3] == 1
        assert project.labels.undo("anna") == [3] and project.labels.kept == []
        assert project.labels.current([3])[3].annotator == "ben"


def test_undo_keeps_labels_replaced_by_an_import(origin, tmp_path):
    table = tmp_path / "labels.csv"
    with Project(origin) as project:
        path = project.images.get([3])[0].path
        table.write_text(f"path,label\n{path},blue\n")
        project.labels.assign({3: 1, 4: 1}, "anna")
        import_labels(project, table, "table", None, ImportOptions(conflicts=REPLACE))
        assert project.labels.undo("anna") == [4] and project.labels.kept == [3]
        assert classes(project) == {1: 1, 2: 2, 3: 3}
        project.labels.redo("anna")
        assert classes(project) == {1: 1, 2: 2, 3: 3, 4: 1}
        assert check(project) == []


def test_a_merge_is_undone_as_one_action(origin, clock):
    ben = copy_project(origin, "ben")
    with Project(ben) as project:
        project.classes.add(["ben's own"])
        project.labels.assign({3: 4, 4: 1, 1: 2}, "ben")
        project.notes.set(3, "by ben", "ben")
        project.classes.change_examples({4: 1}, add=True)
    clock.at += 5
    with Project(origin) as project:
        project.labels.assign({5: 3}, "anna")
        before = classes(project)
        merge(project, ben)
        assert backups(origin)[0].reason == BEFORE_MERGE
        project.labels.assign({4: 2, 6: 2}, "anna")
        assert project.undo_merge("anna") == [1, 3]
        assert classes(project) == before | {4: 2, 6: 2}, "later labels are kept"
        assert project.notes.of([3]) == {} and project.classes.examples() == {}
        assert "ben's own" not in project.classes.ids_by_name()
        assert project.undo_merge("anna") is None
        assert check(project) == []
        assert project.labels.undo("anna") == [4, 6]
        merge(project, ben)  # it can be merged again
        assert classes(project) == before | {3: 4, 4: 1, 1: 2}
        assert project.notes.of([3]) == {3: "by ben"}
        assert "ben's own" in project.classes.ids_by_name()
    with Project(origin) as project:
        assert check(project) == []


def test_different_classes_with_the_same_number_are_kept_apart(origin):
    """Both copies give their new class the same number; the second merge must remember whose is
    whose."""
    ben = copy_project(origin, "ben")
    with Project(origin) as project:
        project.classes.add(["bird"])
        project.labels.assign({3: 4}, "anna")
    with Project(ben) as project:
        project.classes.add(["fish"])
        project.labels.assign({4: 4}, "ben")
    with Project(origin) as project:
        merge(project, ben)
    with Project(ben) as project:
        fish = next(c for c in project.classes.all() if c.name == "fish")
        project.classes.change(ImageClass(fish.id, "trout", fish.position))
        project.labels.assign({5: fish.id}, "ben")
    with Project(origin) as project:
        merge(project, ben)
        names = {c.id: c.name for c in project.classes.all()}
        found = {i: names[c] for i, c in classes(project).items() if c is not None}
        assert found == {1: "red", 2: "green", 3: "bird", 4: "trout", 5: "trout"}


def test_classes_merged_in_opposite_directions_do_not_vanish(origin):
    from labeller.project.curation import merge_classes

    ben = copy_project(origin, "ben")
    with Project(origin) as project:
        merge_classes(project, 1, 2, "anna")
    with Project(ben) as project:
        merge_classes(project, 2, 1, "ben")
    with Project(origin) as project:
        merge(project, ben)
        offered = {c.id for c in project.classes.all()}
        assert len(offered) == 2 and 3 in offered
        assert set(classes(project).values()) <= offered


def test_merging_does_not_migrate_the_other_copy(origin, tmp_path):
    sample = SAMPLES / "schema-10.sqlite"
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(sample, old / "project.sqlite")
    before = (old / "project.sqlite").read_bytes()
    with Project(origin) as project, pytest.raises(LabellerError, match="no image of this project"):
        merge(project, old)
    assert (old / "project.sqlite").read_bytes() == before
    assert [p.name for p in old.iterdir()] == ["project.sqlite"]


def test_a_merge_can_be_previewed_and_undone(origin, tmp_path):
    ben = copy_project(origin, "ben")
    with Project(ben) as project:
        project.classes.add(["fish"])
        project.labels.assign({3: 4, 1: 3}, "ben")
        project.labels.clear([2], "ben")
    run = CliRunner().invoke
    before = (origin / "labels.jsonl").read_bytes()
    done = run(program, ["merge", str(origin), str(ben), "--dry-run"])
    assert done.exit_code == 0, done.output
    told = done.stdout.splitlines()
    assert "3 actions about 3 images would be merged" in told[0]
    assert {"  images labelled: 1", "  labels changed: 1", "  labels removed: 1",
            "  new classes: fish"} <= set(told)  # fmt: skip
    with Project(origin) as project:
        assert classes(project) == {1: 1, 2: 2} and len(project.classes.all()) == 3
    assert (origin / "labels.jsonl").read_bytes() == before
    assert run(program, ["merge", str(origin), "--undo"]).exit_code == 1
    assert run(program, ["merge", str(origin), str(ben)]).exit_code == 0
    done = run(program, ["merge", str(origin), "--undo"])
    assert done.exit_code == 0 and "3 images" in done.stdout
    with Project(origin) as project:
        assert classes(project) == {1: 1, 2: 2}
    assert run(program, ["merge", str(origin)]).exit_code == 2


def unpacked(name: str, place: Path) -> Path:
    """A copy of a project merged under schema 11: anna corrected labels of ben, whose clock was
    ahead, and lost the corrections when cleo's copy was merged."""
    place.mkdir()
    (place / "project.sqlite").write_bytes(
        gzip.decompress((SAMPLES / f"merged-11-{name}.sqlite.gz").read_bytes())
    )
    return place


def labels_by_name(project: Project) -> dict[int, str]:
    names = {c.id: c.name for c in project.classes.all(archived=True)}
    return {i: names[c] for i, c in classes(project).items() if c is not None}


def test_copies_merged_by_an_earlier_version_converge(tmp_path):
    anna, ben, cleo = (unpacked(name, tmp_path / name) for name in ("anna", "ben", "cleo"))
    with Project(anna) as project:
        assert project.labels.log_problems() == [] and project.reconciliation.problems() == []
        assert labels_by_name(project)[4] == "red", "as the earlier version left it"
        merge(project, cleo)
        assert project.labels.log_problems() == [] and project.reconciliation.problems() == []
        expected = {
            1: "green", 2: "blue", 4: "blue", 6: "red", 7: "bird", 8: "red", 9: "green",
            10: "green",
        }  # fmt: skip
        assert labels_by_name(project) == expected, "anna's corrections are back"
        assert merge(project, ben).actions == 0
        assert labels_by_name(project) == expected
    with Project(cleo) as project:
        merge(project, anna)
        assert labels_by_name(project) == expected
        assert project.labels.log_problems() == [] and project.reconciliation.problems() == []
    with Project(ben) as project:
        merge(project, cleo)
        assert labels_by_name(project) == expected


def test_a_copy_is_read_as_of_its_opening(origin):
    """The copy that was checked is the one merged, even if its owner keeps labelling."""
    ben = copy_project(origin, "ben")
    with Project(ben) as theirs:
        theirs.labels.assign({3: 1}, "ben")
        with opened_copy(ben) as copy:
            theirs.labels.assign({4: 1}, "ben")
            assert classes(copy) == {1: 1, 2: 2, 3: 1}
        with opened_copy(ben) as copy:
            assert classes(copy) == {1: 1, 2: 2, 3: 1, 4: 1}


def test_copies_without_classes_are_merged(make, images, tmp_path):
    project = make(images, name="bare", classes=[])
    folder = project.folder
    split(project, ["anna", "ben"], tmp_path / "copies")
    project.close()
    with Project(folder) as project:
        for name in ("anna", "ben"):
            assert merge(project, tmp_path / "copies" / f"bare-{name}").actions == 0
    with Project(tmp_path / "copies" / "bare-anna") as copy:
        copy.classes.add(["new"])
        copy.labels.assign({1: 1}, "anna")
    with Project(folder) as project:
        merge(project, tmp_path / "copies" / "bare-anna")
        assert project.labels.counts() == (1, 0)
