"""Imports labels from other formats: previewed first, then stored as labels, suggestions or hidden
labels."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from labeller.core.errors import LabellerError, quoted, require_known
from labeller.core.files import read_regular
from labeller.core.names import class_name, is_name_of_person, spelling
from labeller.exchange.dataset import AUDIT, MODEL, Dataset, Item
from labeller.exchange.formats import read
from labeller.project.project import Project
from labeller.store.labels import REASONS

LABELS, SUGGESTIONS, TRUTH = "labels", "suggestions", "truth"
KINDS = (LABELS, SUGGESTIONS, TRUTH)
STOP, KEEP, REPLACE = "stop", "keep", "replace"
CONFLICTS = (STOP, KEEP, REPLACE)
SHOWN = 3
T = TypeVar("T")


@dataclass(frozen=True)
class ImportOptions:
    """How labels are imported.

    Attributes:
        as_: one of `KINDS`.
        conflicts: one of `CONFLICTS`: what happens if an image has another label in the project.
            Replaced labels stay in the log.
        new_classes: create classes that the project does not have.
        of_models: import labels that were given only by a model, too.
        skip_unknown: leave out images that are not in the project.
    """

    as_: str = LABELS
    conflicts: str = STOP
    new_classes: bool = False
    of_models: bool = False
    skip_unknown: bool = False


@dataclass(frozen=True)
class Conflict:
    """An image with different labels in the project and the import."""

    path: str
    ours: str
    theirs: str


@dataclass
class LabelImport:
    """What an import would change.

    Attributes:
        labels: class name by image, with who gave it; `aside` likewise, with the reason.
        confidences: those of suggestions, by image.
        unchanged: number of images that already have the imported label.
        conflicts: images for which `ImportOptions.conflicts` decides.
        audited: images labelled in an audit, which must not be trained on.
        new_classes: classes that would be created.
        of_models: number of labels left out because a model gave them.
        unknown: number of images left out because they are not in the project.
    """

    labels: dict[int, tuple[str, str]] = field(default_factory=dict)
    aside: dict[int, tuple[str | None, str]] = field(default_factory=dict)
    confidences: dict[int, float] = field(default_factory=dict)
    audited: set[int] = field(default_factory=set)
    unchanged: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    new_classes: list[str] = field(default_factory=list)
    of_models: int = 0
    unknown: int = 0

    @property
    def count(self) -> int:
        """Number of images that would change."""
        return len(self.labels) + len(self.aside)


def import_labels(
    project: Project,
    place: Path,
    annotator: str,
    format_name: str | None = None,
    options: ImportOptions | None = None,
) -> LabelImport:
    """Import labels, all or none; return what was changed.

    Args:
        annotator: who gave the labels for which the file does not say.
        format_name: None detects it from the name and the files.

    Raises:
        LabellerError: the file is not of the format, names an unknown image or class, contradicts
            itself, or contradicts the project while `ImportOptions.conflicts` is `STOP`.
    """
    plan = plan_import(project, place, annotator, format_name, options)
    if not plan.count and not plan.unchanged and not plan.conflicts:
        if plan.unknown:
            raise LabellerError("None of the images in {table} is in this project.", table=place)
        raise LabellerError("{table} contains no labels.", table=place)
    options = options or ImportOptions()
    if plan.conflicts and options.conflicts == STOP:
        shown = "; ".join(f"{c.path}: {c.ours} → {c.theirs}" for c in plan.conflicts[:SHOWN])
        raise LabellerError(
            "{count} images already have other labels than in {table} ({shown}). "
            "Nothing was imported: choose whether to keep or replace the existing "
            "labels.",
            count=len(plan.conflicts),
            table=place,
            shown=quoted(shown),
            settings=["conflicts"],
        )
    with project.transaction():
        _take_over(project, plan, options)
    return plan


def plan_import(
    project: Project,
    place: Path,
    annotator: str,
    format_name: str | None = None,
    options: ImportOptions | None = None,
) -> LabelImport:
    """What `import_labels` would do, without changing anything. Raises like it, except that
    conflicts are not errors."""
    options = options or ImportOptions()
    require_known("way to import", options.as_, KINDS)
    require_known("way to handle conflicts", options.conflicts, CONFLICTS)
    place = place.expanduser()
    return _Planner(project, place, annotator, options).plan(read(place, format_name))


class _Planner:
    def __init__(
        self, project: Project, place: Path, annotator: str, options: ImportOptions
    ) -> None:
        self._project, self._annotator, self._options = project, annotator, options
        self._beside = place.resolve().parent
        self._finder = project.images.finder()
        self._hashes = project.images.by_sha256()
        self._known = {spelling(name): name for name in project.classes.ids_by_name()}
        self._digests: dict[Path, str] = {}

    def plan(self, dataset: Dataset) -> LabelImport:
        plan = LabelImport()
        said: dict[int, str | None] = {}
        new: dict[str, None] = {}
        for item in dataset.items():
            if item.source == MODEL and self._options.as_ == LABELS and not self._options.of_models:
                plan.of_models += 1
                continue
            if item.label is not None:
                item = replace(item, label=self._class(item.label, item.place, new))
            image_id = self._image(item)
            if image_id is None:
                plan.unknown += 1
                continue
            if said.setdefault(image_id, item.label) != item.label:
                raise LabellerError(
                    "{place}: {path} was given another label above.",
                    place=item.place,
                    path=quoted(item.path),
                )
            who = item.annotator or self._annotator
            if not is_name_of_person(who):
                raise LabellerError(
                    "{place}: “{name}” is not a valid name of a person.",
                    place=item.place,
                    name=quoted(who),
                )
            if item.label is not None:
                plan.labels[image_id] = (item.label, who)
                if item.source == AUDIT:
                    plan.audited.add(image_id)
                if item.confidence is not None:
                    plan.confidences[image_id] = item.confidence
            elif self._options.as_ == LABELS:
                plan.aside[image_id] = (item.reason if item.reason in REASONS else None, who)
        plan.new_classes = list(new)
        self._compare(plan)
        return plan

    def _class(self, label: str, place: str, new: dict[str, None]) -> str:
        """A class name in the project's spelling; unknown ones are added to `new`."""
        known = self._known.get(spelling(label))
        if known is None:
            if not self._options.new_classes:
                raise LabellerError(
                    "{place}: unknown class '{label}'. The classes are {names}.",
                    place=place,
                    label=quoted(label),
                    names=quoted(", ".join(self._known)),
                    settings=["new_classes"],
                )
            known = class_name(label)
            self._project.classes.require_offered([known])
            new[known] = None
        return known

    def _image(self, item: Item) -> int | None:
        """The id of the image meant: by content if known, otherwise by path.

        None if it is not in the project and unknown images are skipped.
        """
        digest = item.sha256
        try:
            if item.data is not None and not digest:
                digest = hashlib.sha256(item.data).hexdigest()
            elif item.file is not None:
                digest = self._digest(item.file) or digest
        except OSError:
            pass
        alike = self._hashes.get(digest, []) if digest else []
        if len(alike) == 1:
            return alike[0]
        try:
            found = self._found(item)
        except LabellerError as error:
            if alike:
                return alike[0]  # copies of one image
            if self._options.skip_unknown:
                return None
            raise LabellerError(
                "{place}: {error}. Nothing was imported.", place=item.place, error=error,
                settings=["skip_unknown"],
            ) from None  # fmt: skip
        return alike[0] if alike and found not in alike else found

    def _found(self, item: Item) -> int:
        try:
            return self._finder.find(item.path, self._beside)
        except LabellerError:
            for name in item.otherwise:
                with suppress(LabellerError):
                    return self._finder.find(name, self._beside)
            raise

    def _digest(self, file: Path) -> str:
        """The digest of a file, cached because many rows may refer to it; "" without a file."""
        if file not in self._digests:
            there = file.is_file()
            self._digests[file] = hashlib.sha256(read_regular(file)).hexdigest() if there else ""
        return self._digests[file]

    def _compare(self, plan: LabelImport) -> None:
        """Remove what is unchanged, and find conflicts with the project."""
        project = self._project
        if self._options.as_ == SUGGESTIONS:
            return
        names = {c.id: c.name for c in project.classes.all(archived=True)}
        ids = [*plan.labels, *plan.aside]
        if self._options.as_ == TRUTH:
            ours = {i: names[c] for i, c in project.oracle.reveal(ids).items()}
        else:
            current = project.labels.current(ids)
            ours = {
                i: _in_words(
                    None if label.class_id is None else names[label.class_id], label.reason
                )
                for i, label in current.items()
            }
        theirs = {i: label for i, (label, _) in plan.labels.items()}
        theirs |= {i: _in_words(None, reason) for i, (reason, _) in plan.aside.items()}
        differing = []
        for image_id, wanted in theirs.items():
            if ours.get(image_id) == wanted:
                plan.unchanged += 1
            elif image_id in ours:
                differing.append(image_id)
                if self._options.conflicts == REPLACE:
                    continue
            else:
                continue
            plan.labels.pop(image_id, None)
            plan.aside.pop(image_id, None)
        plan.audited.difference_update(set(differing) - plan.labels.keys())
        paths = {i.id: i.path for i in project.images.get(differing)}
        plan.conflicts = [Conflict(paths[i], ours[i], theirs[i]) for i in differing]


def _in_words(label: str | None, reason: str | None) -> str:
    return label if label is not None else f"({reason or 'skipped'})"


def _take_over(project: Project, plan: LabelImport, options: ImportOptions) -> None:
    if plan.new_classes:
        project.classes.add(plan.new_classes)
    ids = project.classes.ids_by_name()
    classes = {image_id: ids[label] for image_id, (label, _) in plan.labels.items()}
    if options.as_ == TRUTH:
        project.oracle.hide(classes)
        return
    if options.as_ == SUGGESTIONS:
        run_id = project.runs.imported(len(classes))
        project.suggestions.update(
            run_id, [(i, c, plan.confidences.get(i, 1.0)) for i, c in classes.items()]
        )
        return
    project.rounds.keep_from_learning(plan.audited)
    for who, group in _alike({i: who for i, (_, who) in plan.labels.items()}):
        project.labels.assign({i: classes[i] for i in group}, who, origin="import")
    for (reason, who), group in _alike(plan.aside):
        project.labels.skip(group, who, reason=reason, origin="import")


def _alike(values: Mapping[int, T]) -> Iterator[tuple[T, list[int]]]:
    """Images grouped by value."""
    groups: dict[T, list[int]] = {}
    for image_id, value in values.items():
        groups.setdefault(value, []).append(image_id)
    yield from groups.items()
