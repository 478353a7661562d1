"""The event log on a real database."""

import random
import sqlite3

import pytest

from labeller.project.project import Project
from labeller.store import histories


@pytest.fixture
def labels(project):
    return project.labels


@pytest.fixture
def ids(project) -> list[int]:
    return [int(i) for i in project.images.candidates()[:6]]


@pytest.fixture
def cat_dog(project) -> tuple[int, int]:
    first, second, _ = project.classes.all()
    return first.id, second.id


def current_states(labels, ids) -> list[object]:
    current = labels.current(ids)
    return [
        None if i not in current else "skip" if current[i].skipped else current[i].class_id
        for i in ids
    ]


def test_the_last_event_counts(labels, ids, cat_dog):
    cat, dog = cat_dog
    labels.assign({ids[0]: cat, ids[1]: cat}, "anna")
    labels.assign({ids[1]: dog}, "ben")
    labels.skip([ids[2]], "ben")
    labels.clear([ids[0]], "ben")
    assert current_states(labels, ids[:4]) == [None, dog, "skip", None]
    assert labels.current(ids)[ids[1]].annotator == "ben"
    assert labels.counts() == (1, 1)
    assert labels.counts_by_class() == {dog: 1}
    labelled, classes = labels.labelled()
    assert (labelled.tolist(), classes.tolist()) == ([ids[1]], [dog])


def test_undo_and_redo_walk_the_whole_history(labels, ids, cat_dog):
    cat, dog = cat_dog
    states = [current_states(labels, ids)]
    for change in (
        lambda: labels.assign({ids[0]: cat}, "anna"),
        lambda: labels.assign({ids[0]: dog, ids[1]: dog}, "anna"),
        lambda: labels.skip([ids[1], ids[2]], "anna"),
        lambda: labels.clear([ids[0]], "anna"),
    ):
        change()
        states.append(current_states(labels, ids))
    for state in reversed(states[:-1]):
        assert labels.undo("anna")
        assert current_states(labels, ids) == state
    assert labels.undo("anna") == [] and not labels.can_undo
    for state in states[1:]:
        assert labels.redo("anna")
        assert current_states(labels, ids) == state
    assert labels.redo("anna") == [] and not labels.can_redo


def test_a_new_action_clears_the_redo_stack(labels, ids, cat_dog):
    cat, dog = cat_dog
    labels.assign({ids[0]: cat}, "anna")
    labels.undo("anna")
    labels.assign({ids[0]: dog}, "anna")
    assert not labels.can_redo
    assert labels.undo("anna") == [ids[0]] and current_states(labels, ids[:1]) == [None]


def test_random_actions_agree_with_a_plain_model(labels, ids, cat_dog):
    """Random actions compared with plain undo and redo stacks of states."""
    rng = random.Random(7)
    past, future = [], []
    state: dict[int, object] = dict.fromkeys(ids)
    for _ in range(150):
        kind = rng.choice(["assign", "assign", "skip", "clear", "undo", "undo", "redo"])
        some = rng.sample(ids, rng.randint(1, 3))
        if kind == "undo":
            labels.undo("anna")
            if past:
                future.append(state)
                state = past.pop()
        elif kind == "redo":
            labels.redo("anna")
            if future:
                past.append(state)
                state = future.pop()
        else:
            past.append(state)
            future.clear()
            value = {"assign": rng.choice(cat_dog), "skip": "skip", "clear": None}[kind]
            state = {**state, **dict.fromkeys(some, value)}
            if kind == "assign":
                labels.assign(dict.fromkeys(some, value), "anna")
            else:
                getattr(labels, kind)(some, "anna")
        assert current_states(labels, ids) == [state[i] for i in ids]
        values = list(state.values())
        skipped = values.count("skip")
        assert labels.counts() == (len(values) - skipped - values.count(None), skipped)
        expected = {c: values.count(c) for c in cat_dog if c in values}
        assert labels.counts_by_class() == expected


def test_counts_follow_other_connections_and_rollbacks(project, labels, ids, cat_dog):
    labels.assign({ids[0]: cat_dog[0]}, "anna")
    assert labels.counts() == (1, 0)
    with Project(project.folder, lock=False) as other:
        other.labels.skip(ids[:2], "ben")
    assert labels.counts() == (0, 2) and labels.counts_by_class() == {}
    with pytest.raises(ZeroDivisionError), project.transaction():
        labels.assign({ids[2]: cat_dog[1]}, "anna")
        raise ZeroDivisionError
    assert labels.counts() == (0, 2)


def test_undo_includes_actions_of_other_connections(project, labels, ids, cat_dog):
    labels.assign({ids[0]: cat_dog[0]}, "anna")
    assert labels.summary().can_undo
    with Project(project.folder, lock=False) as other:
        other.labels.assign({ids[1]: cat_dog[0]}, "ben")
    labels.assign({ids[2]: cat_dog[0]}, "anna")
    assert labels.summary().labelled == 3
    assert [labels.undo("anna") for _ in range(3)] == [[ids[2]], [ids[1]], [ids[0]]]
    assert not labels.summary().can_undo and labels.log_problems() == []


def test_the_history_survives_a_restart(project, ids, cat_dog):
    from labeller.project.creation import open_complete

    cat, dog = cat_dog
    project.labels.assign({ids[0]: cat}, "anna")
    project.labels.assign({ids[0]: dog}, "anna")
    project.labels.undo("anna")
    project.close()
    with open_complete(project.folder) as again:
        assert current_states(again.labels, ids[:1]) == [cat]
        assert again.labels.redo("anna") and current_states(again.labels, ids[:1]) == [dog]
        assert again.labels.undo("anna") and again.labels.undo("anna")
        assert current_states(again.labels, ids[:1]) == [None]


def test_imports_cannot_be_undone(labels, ids, cat_dog):
    labels.assign({ids[0]: cat_dog[0]}, "import", origin="import")
    assert not labels.can_undo and labels.undo("anna") == []


@pytest.mark.parametrize("sql", ["DELETE FROM label_event", "UPDATE action SET annotator = 'x'"])
def test_the_log_cannot_be_rewritten(project, labels, ids, cat_dog, sql):
    labels.assign({ids[0]: cat_dog[0]}, "anna")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        project._db.execute(sql)


def test_an_action_is_stored_whole_or_not_at_all(labels, ids, cat_dog):
    with pytest.raises(sqlite3.IntegrityError):
        labels.assign({ids[0]: cat_dog[0], ids[1]: 999}, "anna")
    assert labels.counts() == (0, 0)
    assert not labels.can_undo


def test_many_images_are_labelled_in_one_action(project, labels):
    everything = [int(i) for i in project.images.candidates()]
    first = project.classes.all()[0].id
    labels.assign(dict.fromkeys(everything, first), "anna")
    assert len(labels.current(everything * 40)) == len(everything)


def test_rolled_back_actions_are_not_in_the_journal(project, labels, ids, cat_dog):
    before = project.journal.path.read_bytes()
    with pytest.raises(ZeroDivisionError), project.transaction():
        labels.assign({ids[0]: cat_dog[0]}, "anna")
        project.notes.set(ids[0], "a note", "anna")
        raise ZeroDivisionError
    assert project.journal.path.read_bytes() == before
    with project.transaction():
        labels.assign({ids[0]: cat_dog[0]}, "anna")
        project.notes.set(ids[0], "a note", "anna")
        assert project.journal.path.read_bytes() == before
    assert project.journal.path.read_bytes().count(b"\n") == before.count(b"\n") + 2
    assert project.reconciliation.problems() == []


@pytest.mark.parametrize("value", ["[null, null, []]", "[1, null, {}]", '["a", "b", 3]', "{}", "7"])
def test_a_damaged_reconciliation_marker_is_ignored(project, ids, cat_dog, value):
    project.labels.assign({ids[0]: cat_dog[0]}, "anna")
    project.close()
    with Project(project.folder) as opened:
        opened._db.execute("REPLACE INTO setting VALUES ('journal_alike', ?)", [value])
    with Project(project.folder) as again:
        assert again.labels.counts() == (1, 0) and again.notices == []


def test_reopening_reads_only_the_new_part_of_the_journal(project, ids, cat_dog):
    project.labels.assign(dict.fromkeys(ids, cat_dog[0]), "anna")
    project.close()
    Project(project.folder).close()
    with Project(project.folder) as again:
        contents = histories._new_contents(again._db, again.journal)[0]
        assert contents.places == {} and len(contents.skipped) == 2
        again.labels.assign({ids[0]: cat_dog[1]}, "anna")
    data = bytearray(project.journal.path.read_bytes())
    data[40] ^= 1  # within the part already reconciled
    project.journal.path.write_bytes(data)
    with Project(project.folder) as again:
        (problem,) = again.reconciliation.problems()
        assert problem.startswith("1 lines of labels.jsonl cannot be read")
        assert len(again.journal.read().places) == 3


def test_checking_the_log_tolerates_concurrent_labels(project, ids, cat_dog):
    def label(statement: str) -> None:
        if "FROM action WHERE id >" in statement:  # runs after the events have been read
            project.labels.assign({ids[0]: cat_dog[0]}, "anna")

    with Project(project.folder, read_only=True) as reader:
        reader.labels._db.conn.set_trace_callback(label)
        assert reader.labels.log_problems() == []
    assert project.labels.counts() == (1, 0)
