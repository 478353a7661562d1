"""Protocols: sets × methods × seeds, with a fingerprint that two groups compare to know that they
ran the same (labeller/experiments/protocol_file.py reads them).

A *task* is a set under one combination of the axes' values; each has a folder of results, with a
file for each method and seed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labeller.experiments.plan import Plan


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
