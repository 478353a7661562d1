"""Exports labels from a project into the formats that people use elsewhere."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path

import numpy as np

from labeller.core.errors import LabellerError
from labeller.core.files import require_different, require_output, write_text
from labeller.core.run import Progress, Run
from labeller.exchange.dataset import (
    AUDIT,
    EXPORT_STAGE,
    IMPORT,
    MODEL,
    ORACLE,
    PERSON,
    SKIPPED,
    SPLITS,
    SUGGESTION,
    TEST,
    VALIDATION,
    Dataset,
    Item,
    Writing,
)
from labeller.exchange.formats import FORMATS, write
from labeller.exchange.placing import OtherImage, trouble_with
from labeller.project import guidelines
from labeller.project.project import Project
from labeller.store.carried import Carried

EVERYBODY, MAJORITY = "", "majority"
GONE, OTHER = "gone", "other"


@dataclass(frozen=True)
class Choices:
    """What goes into an export.

    Attributes:
        aside: include skipped images, if the format supports them.
        by_model: include labels given only by a model.
        held_out: include the held-out images, as test and validation.
        annotator: only this person's latest labels; `EVERYBODY` takes the current labels.
        majority: use the majority label of images labelled by several people; in a tie, the
            current label.
        shares: fractions of train, validation and test, stratified by class; None makes no split.
            Copies of an image stay in one split.
        seed: the random seed of the split.
        alike: groups of image ids, such as near-duplicates, that also stay in one split.
        class_index: JSON file for each class's index; None writes none.
        guidelines: folder for the guidelines with their pictures; None writes none.
    """

    aside: bool = False
    by_model: bool = True
    held_out: bool = False
    annotator: str = EVERYBODY
    majority: bool = False
    shares: tuple[float, float, float] | None = None
    seed: int = 0
    alike: tuple[tuple[int, ...], ...] = ()
    class_index: Path | None = None
    guidelines: Path | None = None
    writing: Writing = field(default_factory=Writing)


@dataclass(frozen=True)
class Exported:
    """What was exported; images are given by path.

    Attributes:
        labels: number of labels written, `by_model` of them given only by a model.
        aside: number of skipped images written.
        contradictions: copies of one image with different labels.
        missing: images left out because the file is missing.
        changed: images left out because the file has changed since the import.
    """

    labels: int
    by_model: int
    aside: int
    contradictions: tuple[tuple[str, ...], ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def export(
    project: Project,
    format_name: str,
    output: Path,
    choices: Choices | None = None,
    replace: bool = False,
    run: Run = Run(),
) -> Exported:
    """Write the labels in a format. If the format includes the images themselves, those whose files
    were changed after the import are left out.

    Args:
        replace: whether an existing file may be replaced; a folder never is.

    Raises:
        LabellerError: there is nothing to write, or `output` exists or cannot be written.
        Cancelled: `run.should_stop` said so; nothing is left.
    """
    choices = choices or Choices()
    output = output.expanduser()
    require_output(output, replace)
    require_different([output, choices.class_index, choices.guidelines])
    if choices.class_index is not None:
        require_output(choices.class_index, replace)
    if choices.guidelines is not None:
        require_output(choices.guidelines)
    if format_name in FORMATS and not FORMATS[format_name].aside:
        choices = changed(choices, aside=False)
    dataset = dataset_of(project, choices)
    counts: Counter[str] = Counter()
    left_out: dict[str, str] = {}
    embeds = format_name in FORMATS and FORMATS[format_name].images

    def is_kept(item: Item) -> bool:
        if item.path not in left_out:
            trouble = trouble_with(item)
            why = OTHER if isinstance(trouble, OtherImage) else GONE
            left_out[item.path] = "" if trouble is None else why
        return not left_out[item.path]

    def counted() -> Iterator[Item]:
        counts.clear()  # some formats take several passes
        for done, item in enumerate(dataset.items(), start=1):
            if embeds and not is_kept(item):
                continue
            counts[item.source if item.label is not None else SKIPPED] += 1
            if done % 256 == 0:
                run.report(Progress(EXPORT_STAGE, done, dataset.count or 0))
                run.check(EXPORT_STAGE)
            yield item

    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        count = dataset.count
        if embeds:  # formats ask how many there are before they take them
            count = sum(1 for _ in counted())
            if not count and dataset.count:
                raise LabellerError(
                    "No image is unchanged since it was labelled: their files are missing or "
                    "different. `check` names them."
                )
        watched = Dataset(dataset.classes, counted, count)
        write(watched, format_name, output, choices.writing)
        if choices.class_index is not None:
            index = {name: number for number, name in enumerate(dataset.classes)}
            write_text(choices.class_index, json.dumps(index, ensure_ascii=False, indent=2) + "\n")
        if choices.guidelines is not None:
            guidelines.write(project, choices.guidelines)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise LabellerError(
            "The export failed ({place}{reason}).", place=place, reason=error.strerror or error
        ) from error
    return Exported(
        counts.total() - counts[SKIPPED], counts[MODEL], counts[SKIPPED],
        _contradictions(project, dataset),
        *(tuple(path for path, why in left_out.items() if why == one) for one in (GONE, OTHER)),
    )  # fmt: skip


def dataset_of(project: Project, choices: Choices | None = None) -> Dataset:
    """The labels of a project as a data set, read again on each pass.

    Raises:
        LabellerError: the fractions are not between 0 and 1, or do not sum to 1.
    """
    choices = choices or Choices()
    known = project.classes.all(archived=True)
    own = {image_class.id: image_class.name for image_class in known}
    standing = project.classes.standing_for()
    names = {class_id: own[standing.get(class_id, class_id)] for class_id in own}
    decided = _decided(project, choices)
    reader = project.label_reader
    ids, of_classes = reader.classes()
    splits = _splits(project, choices, ids, of_classes)
    audited = set(project.rounds.audited().tolist())

    def carried() -> Iterator[Carried]:
        for each in reader.labels(choices.aside):
            if decided is None:
                yield each
            elif (class_id := decided.get(each.image_id)) is not None:
                same = class_id == each.class_id
                who = choices.annotator or (each.annotator if same else MAJORITY)
                yield changed(
                    each, class_id=class_id, reason=None, annotator=who,
                    origin=each.origin if same else "person",
                    suggested_by=each.suggested_by if same else None,
                )  # fmt: skip
        if choices.by_model and not choices.annotator:
            yield from reader.by_model()
        if choices.held_out:
            yield from reader.held_out()

    def items() -> Iterator[Item]:
        for each in carried():
            item = _item(each, names, splits)
            in_audit = each.image_id in audited and item.label is not None
            yield changed(item, source=AUDIT) if in_audit else item

    used = {int(c) for c in np.unique(of_classes)}
    if choices.held_out:
        used |= {each.class_id for each in reader.held_out() if each.class_id is not None}
    kept = {names[c.id] for c in known if not c.archived or c.id in used}
    classes = tuple(c.name for c in known if c.name in kept)
    return Dataset(classes, items, sum(1 for _ in carried()))


def _held_out_split(each: Carried) -> str:
    return VALIDATION if each.part == VALIDATION else TEST


def _item(each: Carried, names: dict[int, str], splits: dict[int, str]) -> Item:
    split = splits.get(each.image_id)
    if each.origin == "truth":
        split = _held_out_split(each)
    label = None if each.class_id is None else names[each.class_id]
    return Item(
        each.path, label, each.file, sha256=each.sha256, width=each.width, height=each.height,
        split=split, annotator=each.annotator, at=each.at, source=_source(each),
        confidence=each.confidence, reason=None if label is not None else each.reason or SKIPPED,
    )  # fmt: skip


def _source(each: Carried) -> str:
    if each.origin == "person":
        return PERSON if each.suggested_by is None else SUGGESTION
    return {"oracle": ORACLE, "import": IMPORT, "model": MODEL, "truth": IMPORT}[each.origin]


def _decided(project: Project, choices: Choices) -> dict[int, int] | None:
    """The class to export for each labelled image, by annotator or majority; None if the current
    labels are wanted."""
    if not choices.annotator and not choices.majority:
        return None
    found = project.agreement.opinions()
    if choices.annotator:
        return {
            i: said[choices.annotator] for i, said in found.items() if choices.annotator in said
        }
    ids, classes = project.labels.labelled()
    decided, final = (
        dict(zip(ids.tolist(), classes.tolist(), strict=True)),
        project.agreement.decided(),
    )
    for image_id, said in found.items():
        ranked = Counter(said.values()).most_common(2)
        clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] > ranked[1][1])
        if image_id in decided and clear and image_id not in final:
            decided[image_id] = ranked[0][0]
    return decided


def _splits(
    project: Project, choices: Choices, ids: np.ndarray, classes: np.ndarray
) -> dict[int, str]:
    """The split of each image, drawn with the seed class by class, so that every class is in every
    split. Images that are alike are drawn together, with the class of the first; if one of them is
    held out and exported, the others go to its split."""
    content = project.images.contents()
    groups = _groups(ids.tolist(), content, choices.alike)
    found: dict[int, str] = {}
    if choices.held_out:
        fixed = {
            content[each.image_id]: _held_out_split(each)
            for each in project.label_reader.held_out()
        }
        for group in groups:
            if split := next((fixed[c] for i in group if (c := content[i]) in fixed), None):
                found |= dict.fromkeys(group, split)
    if choices.shares is None:
        return found
    shares = np.array(choices.shares, dtype=np.float64)
    if shares.min() < 0 or not np.isclose(shares.sum(), 1):
        raise LabellerError(
            "The fractions for train, validation and test must add up to 1, not {sum:g}.",
            sum=float(shares.sum()),
            settings=["splits"],
        )
    class_of = dict(zip(ids.tolist(), classes.tolist(), strict=True))
    by_class: dict[int, list[list[int]]] = {}
    for group in groups:
        if group[0] not in found:
            by_class.setdefault(class_of[group[0]], []).append(group)
    for class_id, own in sorted(by_class.items()):
        ends = np.round(np.cumsum(shares) * sum(map(len, own))).astype(int)
        done = 0
        for place in np.random.default_rng([choices.seed, class_id]).permutation(len(own)):
            split = SPLITS[min(int(np.searchsorted(ends, done, side="right")), len(SPLITS) - 1)]
            found |= dict.fromkeys(own[place], split)
            done += len(own[place])
    return found


def _groups(
    ids: list[int], content: Mapping[int, str], alike: Iterable[Sequence[int]]
) -> list[list[int]]:
    """The images in groups with the same content or listed as alike; the groups and the images in
    each are in ascending order."""
    group_of: dict[int, list[int]] = {i: [i] for i in ids}
    same: dict[str, list[int]] = {}
    for image_id in ids:
        if content[image_id]:
            same.setdefault(content[image_id], []).append(image_id)
    for joined in (*same.values(), *alike):
        members = [i for i in joined if i in group_of]
        for other in members[1:]:
            first, second = group_of[members[0]], group_of[other]
            if first is not second:
                first += second
                for each in second:
                    group_of[each] = first
    groups = {id(group): sorted(group) for group in group_of.values()}
    return sorted(groups.values())


def _contradictions(project: Project, dataset: Dataset) -> tuple[tuple[str, ...], ...]:
    """Groups of copies of one image that have different labels, as "path: label"."""
    if not project.images.duplicates().size:
        return ()
    said: dict[str, dict[str, str]] = {}
    for item in dataset.items():
        if item.sha256 and item.label is not None:
            said.setdefault(item.sha256, {})[item.path] = item.label
    return tuple(
        tuple(f"{path}: {label}" for path, label in sorted(labels.items()))
        for labels in said.values()
        if len(set(labels.values())) > 1
    )
