"""Three people label copies of one project with arbitrary clocks and merge them now and then; the
labels are compared with a plain model of what each of them knew.

For every action, the model stores only the set of actions its author knew: no log, no database, and
digests only as names.
"""

import itertools
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from hypothesis import strategies as st

from labeller.core.errors import LabellerError
from labeller.project.creation import create
from labeller.project.curation import merge_classes
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project
from labeller.project.teams import merge
from labeller.store.causality import Past, past_of
from labeller.store.log import last_digest
from tests.conftest import fill
from tests.reliability.fuzzing import try_cases
from tests.reliability.outcome import Outcome

PEOPLE = ("anna", "ben", "cleo")
IMAGES = range(1, 7)
CLASSES = ("red", "green", "blue")
START = datetime(2030, 1, 1, tzinfo=UTC)
Says = tuple[str, str | None, str | None]
CLEAR: Says = ("clear", None, None)
KINDS = (
    "label", "label", "label", "label", "skip", "clear", "undo", "undo", "redo",
    "add", "rename", "archive", "merge classes", "merge", "merge", "part", "decide",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(range(3)), st.sampled_from(KINDS), st.integers(0, 11), st.integers(0, 5),
        st.sampled_from([0, 0, 1, 7, 400, -400, -120_000, 90_000]),
    ),
    min_size=8,
    max_size=34,
)  # fmt: skip
"""Person, kind of action, two numbers that select its objects, and milliseconds by which their
clock moves."""


@dataclass(frozen=True)
class Deed:
    """An action in the model. `past` contains all actions its author knew; `place` is the latest
    time among them and its own, and a count of successive actions with that time."""

    name: str
    who: str
    kind: str
    past: frozenset[str]
    place: tuple[str, int, str]
    says: Mapping[int, Says] = field(default_factory=dict)
    target: str = ""
    change: tuple = ()
    decides: tuple[int, ...] = ()


class World:
    """All actions of all people."""

    def __init__(self) -> None:
        self.deeds: dict[str, Deed] = {}

    @property
    def ever_made(self) -> set[str]:
        """Original names of all classes."""
        return {d.change[1] for d in self.deeds.values() if d.change[:1] == ("add",)}

    def add(
        self, name: str, who: str, kind: str, known: set[str], at: str, **values: object
    ) -> Deed:
        past = frozenset(known).union(*(self.deeds[each].past for each in known))
        places = [self.deeds[each].place for each in past]
        latest = max((place[0] for place in places), default="")
        count = 0
        if at <= latest:
            count = 1 + max((place[1] for place in places if place[0] == latest), default=-1)
        deed = Deed(name, who, kind, past, (max(at, latest), count, name), **values)  # type: ignore[arg-type]
        self.deeds[name] = deed
        return deed

    def _in_order(self, known: set[str]) -> list[Deed]:
        return sorted((self.deeds[name] for name in known), key=lambda deed: deed.place)

    def seen(self, known: set[str]) -> dict[int, tuple[Says, str]]:
        """Labels of the images given these actions, and who gave them."""
        undone: dict[str, bool] = {}
        for deed in self._in_order(known):
            if deed.target:
                undone[deed.target] = deed.kind == "undo"
        found = {}
        into = {c: values["into"] for c, values in self.classes(known).items() if values["into"]}
        for image in IMAGES:
            words = [
                d for d in self._in_order(known)
                if d.kind == "do" and image in d.says and not undone.get(d.name)
            ]  # fmt: skip
            last = [d for d in words if not any(d.name in other.past for other in words)]
            if last:
                deed = max(last, key=lambda d: (d.says[image][0] != "clear", d.place))
                kind, name, reason = deed.says[image]
                while name in into:
                    name = into[name]
                if kind != "clear":
                    found[image] = ((kind, name, reason), deed.who)
        return found

    def decided(self, known: set[str]) -> set[int]:
        """Images decided by somebody who knew all actions about them, including undone ones."""
        touching: dict[int, set[str]] = {}
        for name in known:
            deed = self.deeds[name]
            while deed.target:
                deed = self.deeds[deed.target]
            for image in deed.says:
                touching.setdefault(image, set()).add(name)
        return {
            image
            for image in self.seen(known)
            if any(
                image in self.deeds[name].decides and touching[image] <= self.deeds[name].past
                for name in known
            )
        }

    def classes(self, known: set[str]) -> dict[str, dict]:
        """Name, archived flag and merge target of each class, by its original name."""
        deeds = self._in_order(known)
        made = {d.change[1] for d in deeds if d.change[:1] == ("add",)}
        used = {says[1] for d in deeds for says in d.says.values() if says[1]}
        named = {each for d in deeds for each in d.change[1:] if each in self.ever_made}
        found: dict[str, dict] = {
            # They came with a merge that was undone, and remain if they were used since.
            each: {"name": each, "archived": False, "into": None}
            for each in (used | named) - made
        }
        for deed in deeds:
            word, one, *rest = deed.change or ("", "")
            if word == "add":
                found.setdefault(one, {"name": one, "archived": False, "into": None})
            elif word == "change":
                found[one] |= {"name": rest[0], "archived": rest[1]}
                if not rest[1]:
                    found[one]["into"] = None
            elif word == "merge":
                end = rest[0]
                while end != one and found[end]["into"]:
                    end = found[end]["into"]
                if end != one:
                    found[one] |= {"archived": True, "into": rest[0]}
            elif word == "unmerge":
                found[one] |= {"archived": False, "into": None}
        return found


@dataclass
class Person:
    """A person with a copy, the actions they know, and their undo and redo stacks."""

    name: str
    project: Project
    known: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    merges: list[set[str]] = field(default_factory=list)
    clock: int = 0


class Team:
    """The three people and the model of their actions."""

    def __init__(self, origin: Path, folder: Path, stack: ExitStack) -> None:
        self.world, self.tick, self.number = World(), 0, 0
        self.acting = ""
        stack.enter_context(mock.patch("labeller.store.ledger.now", self.now))
        self.people = []
        for name in PEOPLE:
            copy_of(origin, folder / name)
            self.people.append(Person(name, stack.enter_context(Project(folder / name))))
        first = self.people[0].project
        begun = last_digest(first._db)
        assert begun is not None
        self.world.add(begun, "", "do", set(), as_stored(START))
        for name in CLASSES:  # created in one action
            self.world.add(
                f"{begun} {name}", "", "do", {begun}, as_stored(START), change=("add", name)
            )
        for person in self.people:
            person.known = set(self.world.deeds)

    def now(self) -> str:
        clock = next((p.clock for p in self.people if p.name == self.acting), 0)
        return as_stored(START + timedelta(milliseconds=self.tick + clock))

    def step(self, who: int, kind: str, a: int, b: int, jump: int) -> None:
        person = self.people[who]
        self.acting = person.name
        self.tick += b
        person.clock += jump
        if kind == "merge":
            self._merge(person, self.people[(who + 1 + a % 2) % 3])
        elif kind == "part":
            if person.project.undo_merge(person.name) is not None:
                person.known -= person.merges.pop()
        else:
            self._act(person, kind, a, b)

    def _merge(self, person: Person, other: Person) -> None:
        new = other.known - person.known
        try:
            merge(person.project, other.project.folder)
        except LabellerError:
            known = self.world.classes(person.known | new)
            assert all(values["archived"] for values in known.values())
            return
        if new:
            person.merges.append(new)
            person.known |= new

    def _act(self, person: Person, kind: str, a: int, b: int) -> None:
        project, images = person.project, [1 + (a + n) % len(IMAGES) for n in range(1 + b % 3)]
        before = last_digest(project._db)
        values = self._do(person, kind, a, b, images)
        if values is None:
            return
        name = self._newest_of(project, before)
        self.world.add(name, person.name, at=self.now(), known=person.known, **values)
        person.known.add(name)
        if values["kind"] == "do":
            if values.get("says") is not None:
                person.done.append(name)
                person.undone.clear()
        else:
            goal = person.undone if values["kind"] == "undo" else person.done
            goal.append(values["target"])

    def _newest_of(self, project: Project, before: str | None) -> str:
        """Digest of the action just performed, ignoring automatic "settled" entries after it."""
        rows = project._db.execute(
            "SELECT digest FROM action WHERE id > (SELECT id FROM action WHERE digest = ?) "
            "AND ifnull(edit, '') NOT LIKE '[\"settled\"%' ORDER BY id",
            [before],
        ).fetchall()
        assert len(rows) == 1
        return str(rows[0][0])

    def _do(self, person: Person, kind: str, a: int, b: int, images: list[int]) -> dict | None:
        """Perform the action in the real project; returns its description for the model."""
        project, who = person.project, person.name
        classes = {original_name(c.name): c for c in project.classes.all(archived=True)}
        offered = sorted(name for name, c in classes.items() if not c.archived)
        if kind == "label":
            chosen = offered[b % len(offered)]
            project.labels.assign(dict.fromkeys(images, classes[chosen].id), who)
            return {"kind": "do", "says": dict.fromkeys(images, ("label", chosen, None))}
        if kind == "skip":
            reason = "unsure" if b % 2 else None
            project.labels.skip(images, who, reason=reason)
            return {"kind": "do", "says": dict.fromkeys(images, ("skip", None, reason))}
        if kind == "clear":
            project.labels.clear(images, who)
            return {"kind": "do", "says": dict.fromkeys(images, CLEAR)}
        if kind in ("undo", "redo"):
            return self._revert(person, kind)
        if kind == "decide":
            project.agreement.decide(images, who)
            return {"kind": "do", "decides": tuple(images)}
        self.number += 1
        if kind == "add":
            name = f"new-{a % 2}"
            if name in classes:
                return None
            project.classes.add([name])
            return {"kind": "do", "change": ("add", name)}
        if kind == "merge classes":
            if len(offered) < 3:
                return None
            source, target = offered[a % len(offered)], offered[(a + 1) % len(offered)]
            seen = self.world.seen(person.known)
            moved = [image for image, (says, _) in seen.items() if says[1] == source]
            merge_classes(project, classes[source].id, classes[target].id, who)
            says = dict.fromkeys(moved, ("label", target, None))
            return {"kind": "do", "says": says, "change": ("merge", source, target)}
        return self._change_class(person, kind, a, classes, offered)

    def _change_class(
        self, person: Person, kind: str, a: int, classes: dict, offered: list[str]
    ) -> dict | None:
        merged = {c for c, v in self.world.classes(person.known).items() if v["into"]}
        free = sorted(set(classes) - merged)
        one = free[a % len(free)]
        archived, name = classes[one].archived, classes[one].name
        if kind == "rename":
            name = f"{one}~{self.number}"
        elif not archived and len(offered) < 3:
            return None
        else:
            archived = not archived
        person.project.classes.change(replace(classes[one], name=name, archived=archived))
        return {"kind": "do", "change": ("change", one, name, archived)}

    def _revert(self, person: Person, kind: str) -> dict | None:
        source = person.done if kind == "undo" else person.undone
        revert = person.project.labels.undo if kind == "undo" else person.project.labels.redo
        if not source:
            assert revert(person.name) == []
            return None
        revert(person.name)
        target = source.pop()
        change = self.world.deeds[target].change
        if change and kind == "undo":
            change = ("unmerge", *change[1:])
        return {"kind": kind, "target": target, "change": change}

    def compare(self, project: Project, known: set[str], when: str) -> None:
        """Raise AssertionError if the project differs from the model."""
        assert project.agreement.decided() == self.world.decided(known), when
        classes = {c.id: c for c in project.classes.all(archived=True)}
        said = {
            image: (
                ("skip", None, label.reason)
                if label.class_id is None
                else ("label", original_name(classes[label.class_id].name), None)
            )
            for image, label in project.labels.current(IMAGES).items()
        }
        expected = self.world.seen(known)
        assert said == {image: says for image, (says, _) in expected.items()}, when
        found = {original_name(c.name): (c.name, c.archived) for c in classes.values()}
        wanted = self.world.classes(known)
        for one, (name, archived) in found.items():
            if one in wanted:
                assert (name, archived) == (wanted[one]["name"], wanted[one]["archived"]), when
            else:
                assert archived, f"{when}: {one} came with a merge that was undone"
        assert wanted.keys() <= found.keys(), when


def as_stored(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")


def original_name(name: str) -> str:
    """Original name of a class, without its rename suffix."""
    return name.split("~")[0]


def copy_of(project: Path, folder: Path) -> Path:
    """Copy a project without its images, which are not needed here."""
    folder.mkdir(parents=True)
    for name in (DATABASE, "labels.jsonl"):
        shutil.copy(project / name, folder / name)
    return folder


def places(past: Past) -> dict[str, object]:
    """The position of each action, and the actions without a successor."""
    return {origin: deed.key for origin, deed in past.deeds.items()} | {"heads": past.heads}


def comparable_state(project: Project) -> dict:
    """Everything that must not depend on the order of merging."""
    names = {c.id: c.name for c in project.classes.all(archived=True)}
    return {
        "labels": {
            i: (names.get(label.class_id or 0), label.reason, label.annotator, label.at)
            for i, label in project.labels.current(IMAGES).items()
        },
        "classes": {(c.name, c.archived) for c in project.classes.all(archived=True)},
        "opinions": {
            i: {who: names[c] for who, c in given.items()}
            for i, given in project.agreement.opinions().items()
        },
        "disputed": {i: sorted(given) for i, given in project.agreement.disputed().items()},
    }


def run_history(origin: Path, folder: Path, steps: list[tuple]) -> None:
    """Run a history of three people, and merge everything at the end in two orders."""
    with ExitStack() as stack:
        team = Team(origin, folder, stack)
        for number, step in enumerate(steps):
            team.step(*step)
            person = team.people[step[0]]
            team.compare(person.project, person.known, f"step {number}: {step}")
        everything = set().union(*(person.known for person in team.people))
        ends = []
        for order in ((0, 1, 2), (2, 1, 0)):
            first, *others = (team.people[each] for each in order)
            place = copy_of(first.project.folder, folder / f"end-{first.name}")
            with Project(place) as project:
                try:
                    for other in others:
                        merge(project, other.project.folder)
                except LabellerError:
                    known = team.world.classes(everything)
                    assert any(values["archived"] for values in known.values())
                    return
                team.compare(project, everything, f"merged in the order {order}")
                ends.append(comparable_state(project))
                afresh = Past()
                afresh.read(project._db)
                bit_by_bit = past_of(project._db)
                assert places(afresh) == places(bit_by_bit), "incremental reading"
                actions = project.table_sizes()["action"]
                for other in others:
                    merge(project, other.project.folder)
                assert project.table_sizes()["action"] == actions, "merging again changes nothing"
                assert (
                    project.labels.log_problems() == [] and project.reconciliation.problems() == []
                )
        assert ends[0] == ends[1], "in another order"
        database = place / DATABASE
        for end in ("-wal", "-shm"):
            database.with_name(DATABASE + end).unlink(missing_ok=True)
        shutil.copy(origin / DATABASE, database)  # everything is recovered from the journal
        with Project(place) as project:
            team.compare(project, everything, "from the journal")
            assert comparable_state(project) == ends[1], "from the journal"
            assert project.labels.log_problems() == [] and project.reconciliation.problems() == []


def of_three_people(folder: Path, times: int, number: int) -> Outcome:
    """Random histories of three people who label, undo, change classes and merge, each with a
    jumping clock: the labels always match the model."""
    outcome = Outcome("three people, random clocks, undo, class changes and earlier merges")
    origin = create_origin(folder)
    places: Iterator[int] = itertools.count()

    def run(steps: list[tuple]) -> None:
        place = folder / f"history-{next(places)}"
        try:
            run_history(origin, place, steps)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    try_cases(outcome, times, number, STEPS, run)
    return outcome


def create_origin(folder: Path) -> Path:
    """Create a small unlabelled project with three classes."""
    fill(folder / "set", 2)
    request = Request(str(folder / "set"), CLASSES, resolution=16, batch_size=4)
    with mock.patch("labeller.store.ledger.now", lambda: as_stored(START)):
        create(folder / "origin", request).close()
    return folder / "origin"


PEOPLE_FAULTS = ((of_three_people, 500),)
