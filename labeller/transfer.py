"""Labels between a project and the formats of `labeller.exchange`."""

from pathlib import Path

from labeller.errors import LabellerError
from labeller.exchange.csv_labels import read_label_rows
from labeller.exchange.formats import export
from labeller.exchange.labelled import LabelledImage
from labeller.project import Project


def labelled_images(project: Project) -> list[LabelledImage]:
    """Every labelled image, in the order of labelling."""
    names = {image_class.id: image_class.name for image_class in project.classes.all()}
    ids = [int(image_id) for image_id in project.labels.labelled()[0]]
    labels = project.labels.current(ids)
    return [
        LabelledImage(image.path, image.file, names[class_id], label.annotator, label.at)
        for image, label in ((image, labels[image.id]) for image in project.images.get(ids))
        if (class_id := label.class_id) is not None
    ]


def export_labels(project: Project, format_name: str, output: Path) -> int:
    """Write the labels in a format; returns how many.

    Raises:
        LabellerError: see `labeller.exchange.formats.export`.
    """
    images = labelled_images(project)
    export(images, format_name, output)
    return len(images)


def import_labels(project: Project, table: Path, annotator: str) -> int:
    """Take labels from a CSV table over, all or none, as one action; returns how many.

    Raises:
        LabellerError: a row names an unknown image or class, or contradicts another one.
    """
    classes = project.classes.ids_by_name()
    finder = project.images.finder()
    labels: dict[int, int] = {}
    for row in read_label_rows(table):
        place = f"{table}, line {row.line}"
        if row.label not in classes:
            names = ", ".join(classes)
            raise LabellerError(f"{place}: unknown class '{row.label}'. The classes are {names}.")
        try:
            image_id = finder.find(row.path, table.resolve().parent)
        except LabellerError as error:
            raise LabellerError(f"{place}: {error}. Nothing was imported.") from None
        if labels.setdefault(image_id, classes[row.label]) != classes[row.label]:
            raise LabellerError(f"{place}: {row.path} was given another label above.")
    if not labels:
        raise LabellerError(f"{table} holds no labels.")
    project.labels.assign(labels, annotator, origin="import")
    return len(labels)
