"""Labels and the model between a project and the formats that people use elsewhere."""

from dataclasses import dataclass
from pathlib import Path

from labeller.core.errors import LabellerError, quoted
from labeller.core.outputs import require_output
from labeller.exchange.csv_labels import read_label_rows
from labeller.exchange.formats import FORMATS, write
from labeller.exchange.labelled import IMPORT, ORACLE, PERSON, SUGGESTION, LabelledImage
from labeller.exchange.labelled import MODEL as MODEL_LABEL
from labeller.project.project import Project
from labeller.store.labels import Label

MODEL = "model"
TITLES = {name: made.title for name, made in FORMATS.items()} | {
    MODEL: "Trained model (safetensors)"
}
SUFFIXES = {name: made.suffix for name, made in FORMATS.items()} | {MODEL: ".safetensors"}


def export(project: Project, format_name: str, output: Path, replace: bool = False) -> str:
    """Write the labels, or the newest model, in a format; returns what was done, in words.

    Args:
        replace: whether a file that is there may be replaced; a folder never is.

    Raises:
        LabellerError: there is nothing to write, or `output` exists or cannot be written.
    """
    output = output.expanduser()
    require_output(output, replace)
    try:
        if format_name == MODEL:
            output.parent.mkdir(parents=True, exist_ok=True)
            return _export_model(project, output)
        images = labelled_images(project)
        output.parent.mkdir(parents=True, exist_ok=True)
        write(images, format_name, output)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise LabellerError(
            "The export failed ({place}{reason}).", place=place, reason=error.strerror or error
        ) from error
    by_model = sum(image.source == MODEL_LABEL for image in images)
    note = f" ({by_model} of them the model's)" if by_model else ""
    return f"{len(images)} labels written to {output}{note}"


def labelled_images(project: Project) -> list[LabelledImage]:
    """Every labelled image, in the order of labelling; after them those that only a model labelled,
    in the order of the pool."""
    names = {image_class.id: image_class.name for image_class in project.classes.all(archived=True)}
    ids = [int(image_id) for image_id in project.labels.labelled()[0]]
    labels = project.labels.current(ids)
    by_people = [
        LabelledImage(
            image.path, image.file, names[class_id], label.annotator, label.at, image.sha256,
            _source(label),
        )
        for image, label in ((image, labels[image.id]) for image in project.images.get(ids))
        if (class_id := label.class_id) is not None
    ]  # fmt: skip
    said = project.model_labels.all()
    return by_people + [
        LabelledImage(
            image.path, image.file, names[one.class_id], "", "", image.sha256, MODEL_LABEL,
            one.confidence,
        )
        for image, one in zip(project.images.get(list(said)), said.values(), strict=True)
    ]  # fmt: skip


def _source(label: Label) -> str:
    if label.origin == "person":
        return PERSON if label.suggested_by is None else SUGGESTION
    return {"oracle": ORACLE, "import": IMPORT}[label.origin]


@dataclass(frozen=True)
class Imported:
    """`count` labels were taken over; `of_models` were left out, since a model had given them."""

    count: int
    of_models: int


def import_labels(project: Project, table: Path, annotator: str) -> Imported:
    """Take labels from a CSV table over, all or none, as one action; those of models are left out.

    Raises:
        LabellerError: a row names an unknown image or class, or contradicts another one.
    """
    classes = project.classes.ids_by_name()
    finder = project.images.finder()
    labels: dict[int, int] = {}
    rows = read_label_rows(table)
    for row in (each for each in rows if not each.of_model):
        place = f"{table}, line {row.line}"
        if row.label not in classes:
            names = quoted(", ".join(classes))
            raise LabellerError(
                "{place}: unknown class '{label}'. The classes are {names}.",
                place=place,
                label=quoted(row.label),
                names=names,
            )
        try:
            image_id = finder.find(row.path, table.resolve().parent)
        except LabellerError as error:
            raise LabellerError(
                "{place}: {error}. Nothing was imported.", place=place, error=error
            ) from None
        if labels.setdefault(image_id, classes[row.label]) != classes[row.label]:
            raise LabellerError(
                "{place}: {path} was given another label above.", place=place, path=quoted(row.path)
            )
    if not labels:
        raise LabellerError("{table} holds no labels.", table=table)
    project.labels.assign(labels, annotator, origin="import")
    return Imported(len(labels), sum(row.of_model for row in rows))


def _export_model(project: Project, output: Path) -> str:
    run = project.runs.newest_usable()
    if run is None or run.checkpoint is None:
        raise LabellerError("There is no trained model yet, so there is none to export.")
    from labeller.learning.checkpoint import export_weights  # torch is loaded only here

    checkpoint = project.stored_checkpoint(run.checkpoint)
    if checkpoint is None:
        raise LabellerError(
            "The checkpoint {checkpoint} is gone. Train again.", checkpoint=run.checkpoint
        )
    export_weights(checkpoint, output)
    return f"The model of run {run.id} ({run.encoder}) written to {output}"
