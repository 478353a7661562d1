"""Commands that move labels and models in and out of a project."""

import json
from pathlib import Path

import click

from labeller.cli.project_commands import PROJECT
from labeller.cli.terminal import opened, running, say
from labeller.core.locations import user_name
from labeller.exchange.dataset import COPIES, Writing
from labeller.exchange.formats import FORMATS
from labeller.loop.model_files import MODEL_FORMATS, export_model
from labeller.project.exporting import EVERYBODY, Choices, export
from labeller.project.importing import (
    CONFLICTS,
    KINDS,
    LABELS,
    STOP,
    ImportOptions,
    LabelImport,
    import_labels,
    plan_import,
)

SHOWN_CONFLICTS = 20
SHOWN_CHANGED = 20


SHOWN = 10
"""Maximum number of contradictions or missing images to name."""


@click.command("export")
@PROJECT
@click.option(
    "--format",
    "format_name",
    type=click.Choice([*FORMATS, *MODEL_FORMATS]),
    required=True,
    help="Format of labels or of the newest model; see `labeller formats`.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), required=True, help="A new file or folder."
)
@click.option("--put-aside", is_flag=True, help="Include images put aside, without a label.")
@click.option(
    "--held-out", is_flag=True, help="Include the held-out images, as test and validation."
)
@click.option("--people-only", is_flag=True, help="Leave out labels given only by a model.")
@click.option("--annotator", metavar="NAME", help="Only labels by this person.")
@click.option("--majority", is_flag=True, help="Use the majority vote of all people.")
@click.option(
    "--splits",
    type=(float, float, float),
    metavar="TRAIN VAL TEST",
    help="Split each class into these fractions, such as 0.8 0.1 0.1.",
)
@click.option("--seed", default=0, show_default=True, help="Random seed of the split.")
@click.option(
    "--keep-alike",
    is_flag=True,
    help="Keep near-duplicates in the same split (exact copies always are).",
)
@click.option(
    "--absolute",
    is_flag=True,
    help="Absolute paths instead of paths relative to the images' folder.",
)
@click.option(
    "--copies",
    type=click.Choice(COPIES),
    default="copy",
    show_default=True,
    help="How images get into a folder.",
)
@click.option("--paths-only", is_flag=True, help="Do not embed images in a Parquet table.")
@click.option("--side", default=32, show_default=True, help="Pixels of square images (npz).")
@click.option(
    "--class-index",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Also write a file with the index of each class.",
)
@click.option(
    "--guidelines",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Also write the guidelines and examples of the classes into a new folder.",
)
def export_command(
    project: Path,
    format_name: str,
    output: Path,
    put_aside: bool,
    held_out: bool,
    people_only: bool,
    annotator: str | None,
    majority: bool,
    splits: tuple[float, float, float] | None,
    seed: int,
    keep_alike: bool,
    absolute: bool,
    copies: str,
    paths_only: bool,
    side: int,
    class_index: Path | None,
    guidelines: Path | None,
) -> None:
    """Write the labels of PROJECT, or its newest model, for other programs."""
    if annotator is not None and majority:
        raise click.UsageError("Give either --annotator or --majority.")
    if not 1 <= side <= 4096:
        raise click.UsageError("--side must lie between 1 and 4096.")
    with running() as run, opened(project, read_only=True) as found:
        if format_name in MODEL_FORMATS:
            click.echo(export_model(found, format_name, output))
            return
        alike: tuple[tuple[int, ...], ...] = ()
        if splits and keep_alike:
            from labeller.loop.oddities import groups_alike

            carrying = found.label_reader.classes()[0].tolist()
            alike = groups_alike(found, carrying, run)
        choices = Choices(
            put_aside, not people_only, held_out, annotator or EVERYBODY, majority, splits, seed,
            alike, class_index, guidelines, Writing(copies, absolute, not paths_only, side),
        )  # fmt: skip
        done = export(found, format_name, output, choices, run=run)
    notes = [f"{done.by_model} of them by the model"] if done.by_model else []
    notes += [f"{done.aside} images put aside"] if done.aside else []
    note = f" ({', '.join(notes)})" if notes else ""
    for path in done.changed[:SHOWN_CHANGED]:
        say(f"left out {path}: it was changed after the import", err=True)
    if len(done.changed) > SHOWN_CHANGED:
        say(f"... and {len(done.changed) - SHOWN_CHANGED} more: see `check`", err=True)
    say(f"{done.labels} labels written to {output}{note}")
    for title, lines in (
        ("copies of one image with different labels", [", ".join(c) for c in done.contradictions]),
        ("left out because the file is missing", done.missing),
    ):
        for line in lines[:SHOWN]:
            say(f"{title}: {line}", err=True)
        if len(lines) > SHOWN:
            click.echo(f"... and {len(lines) - SHOWN} more", err=True)


@click.command("import-labels")
@PROJECT
@click.argument("place", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=click.Choice([name for name, one in FORMATS.items() if one.reads]),
    help="Format of FILE.  [default: detected from name and content]",
)
@click.option(
    "--as",
    "as_",
    type=click.Choice(KINDS),
    default=LABELS,
    show_default=True,
    help="Import as labels, suggestions, or hidden labels for the oracle.",
)
@click.option(
    "--conflicts",
    type=click.Choice(CONFLICTS),
    default=STOP,
    show_default=True,
    help="If an image already has another label: import nothing, keep it, or replace it.",
)
@click.option("--new-classes", is_flag=True, help="Create missing classes.")
@click.option("--skip-unknown", is_flag=True, help="Ignore images that are not in the project.")
@click.option("--of-models", is_flag=True, help="Include labels given only by a model.")
@click.option(
    "--annotator", default=user_name, help="Annotator of labels for which FILE names none."
)
@click.option("--dry-run", is_flag=True, help="Show what would change without changing anything.")
def import_labels_command(
    project: Path,
    place: Path,
    format_name: str | None,
    as_: str,
    conflicts: str,
    new_classes: bool,
    skip_unknown: bool,
    of_models: bool,
    annotator: str,
    dry_run: bool,
) -> None:
    """Import labels from FILE, a table or a folder of another program: all of them or none."""
    options = ImportOptions(as_, conflicts, new_classes, of_models, skip_unknown)
    with opened(project, lock=not dry_run, read_only=dry_run) as found:
        if dry_run:
            plan = plan_import(found, place, annotator, format_name, options)
        else:
            plan = import_labels(found, place, annotator, format_name, options)
    for conflict in plan.conflicts[:SHOWN_CONFLICTS]:
        say(f"conflict: {conflict.path}: {conflict.ours} → {conflict.theirs}", err=True)
    if (more := len(plan.conflicts) - SHOWN_CONFLICTS) > 0:
        click.echo(f"... and {more} more", err=True)
    _tell(plan, as_, dry_run)


def _tell(plan: LabelImport, as_: str, dry_run: bool) -> None:
    verb = "would be imported" if dry_run else "imported"
    click.echo(f"{len(plan.labels)} {as_} {verb}")
    for count, words in (
        (len(plan.aside), "images put aside"),
        (plan.unchanged, "images have the same label already"),
        (len(plan.conflicts), "conflicts"),
        (plan.unknown, "images are not in the project and were left out"),
        (plan.of_models, "labels of models were left out"),
    ):
        if count:
            click.echo(f"{count} {words}", err=True)
    if plan.new_classes:
        say(f"new classes: {', '.join(plan.new_classes)}", err=True)


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def formats_command(as_json: bool) -> None:
    """List the formats for labels and models, and which can be read or written."""
    known = {
        name: {
            "title": one.title, "reads": one.reads, "writes": True, "suffix": one.suffix,
            "images": one.images, "layout": one.layout,
        }
        for name, one in FORMATS.items()
    } | {
        name: {
            "title": title, "reads": False, "writes": True, "suffix": suffix, "images": False,
            "layout": "the newest model",
        }
        for name, (title, suffix) in MODEL_FORMATS.items()
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(known, ensure_ascii=False))
        return
    for name, one in known.items():
        ways = "reads, writes" if one["reads"] else "writes"
        click.echo(f"{name:>12}  {one['title']} ({ways})")


COMMANDS = [export_command, import_labels_command, formats_command]
