"""Protocols: sets × methods × seeds in a TOML file (docs/protocols.md), with a fingerprint that two
groups compare to know that they ran the same.

A *task* is a set under one combination of the axes' values; each has a folder of results, with a
file for each method and seed.
"""

import hashlib
import itertools
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import read_text
from labeller.experiments.plan import Imbalance, Plan
from labeller.learning.learners import LEARNERS, require_encoder
from labeller.learning.recipe import QUICK, recipe_named
from labeller.loop.method import Method
from labeller.pool.known_sets import SETS
from labeller.selection.strategies import STRATEGIES

LARGEST = 1 << 20
TOP = {
    "name", "version", "title", "seeds", "threads", "baseline", "reach", "strategies", "learners",
    "plan", "axes", "sets", "methods", "published",
}  # fmt: skip
PLAN = {
    "initial", "budget", "cycles", "first", "pool", "subset", "noise", "long-tail", "imbalance",
    "encoder",
}  # fmt: skip
AXES = ("initial", "budget", "first", "pool", "noise", "long-tail")
SOURCE = {"set", "project", "images", "test", "truth", "root"}
METHOD = {"strategy", "learner", "encoder", "recipe", "device", "set"}


@dataclass(frozen=True)
class Source:
    """Where a set comes from: a set that Labeller knows, a project, or images.

    Attributes:
        known: its name in `known_sets.SETS`; "" for another one.
        project, images, test, root: paths; None where not given.
        truth: `folders` or `csv`.
    """

    known: str = ""
    project: Path | None = None
    images: Path | None = None
    test: Path | None = None
    truth: str = "folders"
    root: Path | None = None


@dataclass(frozen=True)
class Task:
    """A set under one combination of the axes.

    Attributes:
        name: of the set, and the values of the axes.
        set: the set's name in the protocol.
        plans: by method, all with the protocol's seeds.
    """

    name: str
    set: str
    plans: Mapping[str, Plan]

    @property
    def folder(self) -> str:
        """The name of the folder for its results."""
        return self.name.replace("/", ".").replace(", ", ".").replace(" ", "-")


@dataclass(frozen=True)
class Protocol:
    """A file's contents.

    Attributes:
        name, version, title: of the protocol.
        sources: of its sets, by name.
        tasks: in the file's order.
        threads: of torch, for every simulation.
        baseline: the method that the others are compared with.
        reach: accuracies between 0 and 1.
        published: accuracies in % as others report them, as text, by task and method.
        text: the file itself.
    """

    name: str
    version: int
    title: str
    sources: Mapping[str, Source]
    tasks: Sequence[Task]
    threads: int
    baseline: str
    reach: Sequence[float]
    published: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    text: str = ""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything that determines the results but the images, 16 hexadecimal
        digits. Paths and titles are left out; results say themselves what images they are of."""
        plans = {
            task.name: [task.set, {name: _identity(plan) for name, plan in task.plans.items()}]
            for task in self.tasks
        }
        whole = {
            "name": self.name,
            "version": self.version,
            "threads": self.threads,
            "tasks": plans,
        }
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:16]

    def describe(self) -> str:
        """Name, version and fingerprint: what every result carries."""
        return f"{self.name} {self.version} {self.fingerprint}"


def _identity(plan: Plan) -> list[Any]:
    """A plan as its fingerprint takes it: recipes by their names and differences from these, so
    that a setting which a later version adds changes nothing."""
    written, recipe = plan.as_dict(), plan.method.recipe
    written["options"]["recipe"] = [recipe.name, recipe.changes()]
    return [written, list(plan.seeds)]


def read_protocol(file: Path) -> Protocol:
    """Read a protocol; relative paths in it are relative to its folder.

    Raises:
        LabellerError: it cannot be read, or something in it is unknown, missing or invalid.
    """
    text = read_text(file, LARGEST)
    try:
        return _protocol(tomllib.loads(text), text, file.parent)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(file, str(error)) from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise _wrong(file, f"{type(error).__name__}: {error}") from error
    except LabellerError as error:
        raise _wrong(file, str(error).rstrip(".")) from error


def _wrong(file: Path, why: str) -> LabellerError:
    return LabellerError("{file} is not a valid protocol: {why}.", file=file, why=quoted(why))


def _protocol(values: Mapping[str, Any], text: str, folder: Path) -> Protocol:
    _require_keys("the file", values, TOP)
    for name in ("name", "version", "sets"):
        if name not in values:
            raise LabellerError("'{name}' is missing", name=name)
    if type(values["name"]) is not str or type(values["version"]) is not int:
        raise LabellerError("'name' must be a text, and 'version' a whole number")
    seeds = values.get("seeds", 5)
    seeds = tuple(range(seeds)) if isinstance(seeds, int) else tuple(seeds)
    common, axes = values.get("plan", {}), values.get("axes", {})
    _require_keys("[plan]", common, PLAN)
    _require_keys("[axes]", axes, set(AXES))
    sources: dict[str, Source] = {}
    tasks: list[Task] = []
    for name, given in values["sets"].items():
        _require_keys(f"[sets.{name}]", given, SOURCE | PLAN)
        sources[name] = source = _source(name, given, folder)
        known = SETS[source.known].plan if source.known else {}
        chosen = {**known, **common, **{key: given[key] for key in given if key in PLAN}}
        for combination in _combinations(axes):
            said = "".join(f", {key} {value}" for key, value in combination.items())
            plans = {
                method: _plan({**chosen, **combination}, written, seeds)
                for method, written in _methods(values).items()
            }
            tasks.append(Task(f"{name}{said}", name, plans))
    return Protocol(
        values["name"],
        values["version"],
        values.get("title", values["name"]),
        sources,
        tasks,
        _number(values.get("threads", 1)),
        values.get("baseline", "random"),
        [accuracy / 100 for accuracy in values.get("reach", [])],
        values.get("published", {}),
        text,
    )


def _require_keys(where: str, given: Mapping[str, Any], known: set[str]) -> None:
    if not isinstance(given, Mapping):
        raise LabellerError("{where} must be a table", where=where)
    for key in given:
        if key not in known:
            raise LabellerError(
                "{where} has no '{key}', only {known}",
                where=where,
                key=key,
                known=", ".join(sorted(known)),
            )


def _number(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise LabellerError("threads must be a whole number, 1 or more")
    return value


def _source(name: str, given: Mapping[str, Any], folder: Path) -> Source:
    paths = {
        key: (folder / Path(given[key]).expanduser()).resolve()
        for key in ("project", "images", "test", "root")
        if key in given
    }
    known = given.get("set", "" if paths.keys() & {"project", "images"} else name)
    if known and known not in SETS:
        raise LabellerError(
            "there is no set '{name}'; give 'images' or 'project', or one of {known}",
            name=known,
            known=", ".join(SETS),
        )
    return Source(known, **paths, truth=given.get("truth", "folders"))


def _combinations(axes: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in itertools.product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def _methods(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What is written of each method, by name."""
    strategies = values.get("strategies", [])
    strategies = list(STRATEGIES) if strategies == "all" else strategies
    learners = values.get("learners", [LEARNERS.default])
    found: dict[str, Mapping[str, Any]] = {
        (f"{learner}/{strategy}" if len(learners) > 1 else strategy): {
            "learner": learner, "strategy": strategy
        }
        for learner in learners for strategy in strategies
    }  # fmt: skip
    for name, written in values.get("methods", {}).items():
        _require_keys(f"[methods.{name}]", written, METHOD)
        found[name] = written
    if not found:
        raise LabellerError("give 'strategies' or [methods]")
    return found


def _plan(chosen: Mapping[str, Any], written: Mapping[str, Any], seeds: tuple[int, ...]) -> Plan:
    names: dict[str, Any] = {
        key: written[key] for key in ("strategy", "learner", "device") if key in written
    }
    for key, registry in (("strategy", STRATEGIES), ("learner", LEARNERS)):
        if key in names and names[key] not in registry:
            raise LabellerError("there is no {kind} '{name}'", name=names[key], kind=key)
    encoder = written.get("encoder", chosen.get("encoder", ""))
    if encoder:
        require_encoder(names.get("learner", LEARNERS.default), encoder)
    if "recipe" in written or "set" in written:
        names["recipe"] = recipe_named(written.get("recipe", QUICK.name), **written.get("set", {}))
    numbers = {key.replace("-", "_"): chosen[key] for key in PLAN - {"encoder"} if key in chosen}
    if "imbalance" in numbers:
        numbers["imbalance"] = Imbalance(*numbers["imbalance"])
    for key in ("initial", "budget", "cycles"):
        if key not in numbers:
            raise LabellerError("[plan] needs '{key}'", key=key)
    plan = Plan(**numbers, method=Method(encoder=encoder, **names), seeds=seeds)
    plan.check()
    return plan
