"""Reading protocols from TOML files (docs/protocols.md). What is unknown, missing or invalid is
said in one line, before anything runs."""

import difflib
import itertools
import math
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError
from labeller.core.files import read_text
from labeller.experiments.plan import Imbalance, Plan
from labeller.experiments.protocol import Protocol, Source, Task
from labeller.learning.learners import LEARNERS, require_encoder
from labeller.learning.recipe import QUICK, RECIPES, recipe_named
from labeller.loop.method import DEVICES, Method
from labeller.pool.known_sets import SETS
from labeller.selection.strategies import STRATEGIES

LARGEST = 1 << 20
MOST_THREADS = 256
TOP = {
    "name": str, "version": int, "title": str, "seeds": int | list, "threads": int,
    "baseline": str, "reach": list, "strategies": str | list, "learners": str | list, "plan": dict,
    "axes": dict, "sets": dict, "methods": dict, "published": dict,
}  # fmt: skip
PLAN = {
    "initial": int, "budget": int, "cycles": int, "first": str, "pool": int, "subset": int,
    "noise": int | float, "long-tail": int | float, "imbalance": list, "encoder": str,
}  # fmt: skip
AXES = ("initial", "budget", "first", "pool", "noise", "long-tail")
SOURCE = {"set": str, "project": str, "images": str, "test": str, "truth": str, "root": str}
METHOD = {
    "strategy": str, "learner": str, "encoder": str, "recipe": str, "device": str, "set": dict,
}  # fmt: skip
NAMES: dict[Any, str] = {
    str: "a text", int: "a whole number", list: "a list", dict: "a table",
    int | list: "a number or a list", str | list: "a text or a list", int | float: "a number",
}  # fmt: skip
ONE_NAME = re.compile(r"\w[\w +()=.-]{0,59}")
RESERVED = {
    "sets",
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{p}{n}" for p in ("com", "lpt") for n in range(10)),
}
"""Names of other folders, and those that Windows keeps for itself."""


def read_protocol(file: Path) -> Protocol:
    """Read a protocol; relative paths in it are relative to its folder.

    Raises:
        LabellerError: it cannot be read, or something in it is unknown, missing or invalid.
    """
    text = read_text(file, LARGEST)
    try:
        return _protocol(tomllib.loads(text), text, file.absolute().parent)
    except (LabellerError, ValueError, TypeError, RuntimeError, OSError) as error:
        why = " ".join(str(error).split()).rstrip(".")
        raise LabellerError(
            "{file} is not a valid protocol: {why}.", file=file, why=why or type(error).__name__
        ) from error


def _protocol(values: Mapping[str, Any], text: str, folder: Path) -> Protocol:
    _require_keys("the file", values, TOP)
    for key in ("name", "version", "sets"):
        if not values.get(key):
            raise LabellerError("'{name}' is missing", name=key)
    _require_name("name", values["name"])
    methods, seeds = _methods(values), _seeds(values.get("seeds", 5))
    common, axes = values.get("plan", {}), _axes(values.get("axes", {}))
    _require_keys("[plan]", common, PLAN)
    sources: dict[str, Source] = {}
    tasks: list[Task] = []
    for name, given in values["sets"].items():
        _require_name("set", name)
        _require_keys(f"[sets.{name}]", given, {**SOURCE, **PLAN})
        sources[name] = source = _source(name, given, folder)
        known = SETS[source.known].plan if source.known else {}
        chosen = {
            "first": "random", **known, **common, **{k: v for k, v in given.items() if k in PLAN}
        }  # fmt: skip
        for combination in _combinations(axes):
            said = "".join(f", {key} {value}" for key, value in combination.items())
            plans = {
                method: _plan({**chosen, **combination}, written, seeds)
                for method, written in methods.items()
            }
            tasks.append(Task(f"{name}{said}", name, plans))
    _require_distinct([task.folder for task in tasks])
    threads = values.get("threads", 1)
    if not 1 <= threads <= MOST_THREADS:
        raise LabellerError("threads must be from 1 to {most}", most=MOST_THREADS)
    if "baseline" in values and values["baseline"] not in methods:
        raise _unknown("method", values["baseline"], methods)
    return Protocol(
        values["name"],
        values["version"],
        " ".join(values.get("title", values["name"]).split()),
        sources,
        tasks,
        threads,
        values.get("baseline", "random"),
        _reach(values.get("reach", [])),
        _published(values.get("published", {}), tasks, methods),
        text,
    )


def _require_keys(where: str, given: Any, known: Mapping[str, Any]) -> None:
    """See that a table has known keys only, with values of their types."""
    if not isinstance(given, Mapping):
        raise LabellerError("{where} must be a table", where=where)
    for key, value in given.items():
        if key not in known:
            raise _unknown("key", key, known, where)
        if not isinstance(value, known[key]) or isinstance(value, bool):
            raise LabellerError(
                "'{key}' in {where} must be {kind}", key=key, where=where, kind=NAMES[known[key]]
            )


def _unknown(kind: str, name: str, known: Collection[str], where: str = "") -> LabellerError:
    near = difflib.get_close_matches(name, known, 1)
    meant = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}"
    place = f" in {where}" if where else ""
    return LabellerError(
        "there is no {kind} '{name}'{place}; {meant}",
        kind=kind,
        name=name,
        place=place,
        meant=meant,
    )


def _require_name(kind: str, name: str) -> None:
    """See that a name can be a part of file names."""
    if not ONE_NAME.fullmatch(name) or name[-1] in " ." or name.casefold() in RESERVED:
        raise LabellerError(
            "the {kind} '{name}' becomes a file name: use up to 60 letters, digits, spaces and "
            "+-=.(), and begin with a letter or digit",
            kind=kind,
            name=name[:80],
        )


def _require_distinct(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise LabellerError("two folders or files would be called '{name}'", name=name)
        seen.add(name.casefold())


def _seeds(given: int | list[Any]) -> tuple[int, ...]:
    seeds = range(given) if isinstance(given, int) else given
    if not seeds or any(type(seed) is not int or not 0 <= seed < 1 << 32 for seed in seeds):
        raise LabellerError("'seeds' must be a number, or a list of whole numbers from 0 on")
    return tuple(seeds)


def _reach(given: list[Any]) -> list[float]:
    for each in given:
        if type(each) not in (int, float) or not 0 < each < 100:
            raise LabellerError("'reach' must be a list of accuracies between 0 and 100")
    return [each / 100 for each in given]


def _published(
    given: Mapping[str, Any], tasks: Sequence[Task], methods: Collection[str]
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for task, figures in given.items():
        if task not in {each.name for each in tasks}:
            raise _unknown("task", task, [each.name for each in tasks], "[published]")
        if not isinstance(figures, Mapping):
            raise LabellerError("{where} must be a table", where=f"[published.{task!r}]")
        for method, figure in figures.items():
            if method not in methods:
                raise _unknown("method", method, methods, f"[published.{task!r}]")
            found.setdefault(task, {})[method] = " ".join(str(figure).split())
    return found


def _axes(given: Any) -> dict[str, list[Any]]:
    _require_keys("[axes]", given, dict.fromkeys(AXES, list))
    for key, values in given.items():
        if not values or len({str(value) for value in values}) < len(values):
            raise LabellerError("[axes] needs different values for '{key}'", key=key)
        for value in values:
            _require_keys("[axes]", {key: value}, PLAN)
    return dict(given)


def _combinations(axes: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in itertools.product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def _source(name: str, given: Mapping[str, Any], folder: Path) -> Source:
    places = [key for key in ("set", "project", "images") if key in given]
    if len(places) > 1:
        raise LabellerError(
            "[sets.{name}] needs one of {places}", name=name, places=", ".join(places)
        )
    if any(not given[key].strip() or "\0" in given[key] for key in SOURCE if key in given):
        raise LabellerError("[sets.{name}] has an empty value", name=name)
    known = given.get("set", "" if places else name)
    if known and known not in SETS:
        raise _unknown("set", known, SETS, "`labeller sets`; give images or project")
    if known and ("test" in given or "truth" in given):
        raise LabellerError("[sets.{name}] brings its own test images and labels", name=name)
    if given.get("truth", "folders") not in ("folders", "csv"):
        raise LabellerError("'truth' of [sets.{name}] must be folders or csv", name=name)
    paths = {
        key: (folder / Path(given[key]).expanduser()).resolve()
        for key in ("project", "images", "test", "root")
        if key in given
    }
    return Source(known, **paths, truth=given.get("truth", "folders"))


def _some(given: str | list[Any], known: Sequence[str], kind: str) -> list[str]:
    """Names of a registry: a list, one, or all."""
    names = list(known) if given == "all" else [given] if isinstance(given, str) else given
    for name in names:
        if name not in known:
            raise _unknown(kind, str(name), known)
    return list(dict.fromkeys(names))


def _methods(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What is written of each method, by name."""
    strategies = _some(values.get("strategies", []), list(STRATEGIES), "strategy")
    learners = _some(values.get("learners", [LEARNERS.default]), list(LEARNERS), "learner")
    if not learners:
        raise LabellerError("'learners' is empty")
    found: dict[str, Mapping[str, Any]] = {
        (f"{learner}/{strategy}" if len(learners) > 1 else strategy): {
            "learner": learner, "strategy": strategy
        }
        for learner in learners for strategy in strategies
    }  # fmt: skip
    usual = {"learner": learners[0]} if len(learners) == 1 else {}
    for name, written in values.get("methods", {}).items():
        _require_name("method", name)
        _require_keys(f"[methods.{name}]", written, METHOD)
        found[name] = {**usual, **written}
    if not found:
        raise LabellerError("give 'strategies' or [methods]")
    _require_distinct([name.replace("/", ".") for name in found])
    return found


def _plan(chosen: Mapping[str, Any], written: Mapping[str, Any], seeds: tuple[int, ...]) -> Plan:
    registries = {
        "strategy": STRATEGIES, "learner": LEARNERS, "device": DEVICES, "recipe": RECIPES
    }  # fmt: skip
    for key, registry in registries.items():
        if key in written and written[key] not in registry:
            raise _unknown(key, written[key], registry)
    names = {key: written[key] for key in ("strategy", "learner", "device") if key in written}
    encoder = written.get("encoder", chosen.get("encoder", ""))
    if encoder:
        require_encoder(names.get("learner", LEARNERS.default), encoder)
    if "recipe" in written or "set" in written:
        changes = {key.replace("-", "_"): value for key, value in written.get("set", {}).items()}
        if "name" in changes or not all(isinstance(v, str | int | float) for v in changes.values()):
            raise LabellerError("'set' takes texts and numbers that `labeller recipes` lists")
        names["recipe"] = recipe_named(written.get("recipe", QUICK.name), **changes)
    numbers = {key.replace("-", "_"): chosen[key] for key in PLAN if key in chosen}
    numbers.pop("encoder", None)
    if "imbalance" in numbers:
        if len(numbers["imbalance"]) != 2:
            raise LabellerError("'imbalance' is two numbers such as [5, 500]")
        numbers["imbalance"] = Imbalance(*numbers["imbalance"])
    for key in ("initial", "budget", "cycles"):
        if key not in numbers:
            raise LabellerError("[plan] needs '{key}'", key=key)
    for key in ("noise", "long_tail"):
        if not math.isfinite(numbers.get(key, 0.0)):
            raise LabellerError("'{key}' must be a finite number", key=key.replace("_", "-"))
    plan = Plan(**numbers, method=Method(encoder=encoder, **names), seeds=seeds)
    plan.check()
    return plan
