"""Exports the newest model for other programs, with everything needed to use it."""

import json
from dataclasses import replace as changed
from pathlib import Path

from labeller_models.registry import mark

from labeller.core.errors import LabellerError
from labeller.core.files import require_output, write_text
from labeller.core.run import Run
from labeller.exchange.dataset import cell
from labeller.project.project import Project
from labeller.store.runs import TrainingRun

MODEL_FORMATS = {
    "model": (mark("Trained model (safetensors)"), ".safetensors"),
    "onnx": (mark("Trained model (ONNX)"), ".onnx"),
    "torch-export": (mark("Trained model (torch.export)"), ".pt2"),
}
"""Title and suffix of each format."""


def export_model(project: Project, format_name: str, output: Path, replace: bool = False) -> str:
    """Write the newest model, with `NAME.json` (classes, preprocessing) and `NAME.md` (a model
    card) beside it; return a sentence that says what was written.

    Args:
        replace: whether existing files may be replaced.

    Raises:
        LabellerError: there is no model, or a file exists or cannot be written.
    """
    output = output.expanduser()
    beside = [output.with_suffix(end) for end in (".json", ".md")]
    for path in (output, *beside):
        require_output(path, replace)
    run = project.runs.newest_usable()
    if run is None:
        raise LabellerError("There is no trained model to export yet.")
    from labeller.learning.checkpoint import save_model  # torch is loaded here
    from labeller.learning.graphs import describe, write_graph
    from labeller.loop.predicting import CurrentClasses, answering_model

    model, info = answering_model(project, run, Run(run.seed), "cpu")
    present = CurrentClasses.of(project, model)
    names = {c.id: c.name for c in project.classes.all(archived=True)}
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        if format_name == "model":
            classes = [names.get(class_id, "?") for class_id in model.class_ids]
            about = changed(info, classes=classes, class_ids=list(model.class_ids))
            save_model(output, model, about, exported=True)
        else:
            write_graph(model, present.counts_as, format_name, output)
            classes = [names[class_id] for class_id in present.class_ids]
        described = describe(model, classes, info.encoder, info.learner)
        write_text(beside[0], json.dumps(described, ensure_ascii=False, indent=2) + "\n")
        write_text(beside[1], model_card(project, run, described, output.name))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise LabellerError(
            "The export failed ({place}{reason}).", place=place, reason=error.strerror or error
        ) from error
    return f"The model of run {run.id} ({run.encoder}) written to {output}"


def model_card(project: Project, run: TrainingRun, described: dict[str, object], name: str) -> str:
    """A model card in Markdown."""
    status = project.status()
    accuracy = "not measured"
    if run.test_accuracy is not None:
        count = project.images.counts()["test"]
        accuracy = f"{run.test_accuracy:.1%} on {count} held-out images"
    elif run.estimate is not None:
        e = run.estimate
        accuracy = (
            f"about {e.accuracy:.0%}, {e.low:.0%} to {e.high:.0%} with 90 % confidence ({e.source})"
        )
    classes = described["classes"]
    assert isinstance(classes, list)
    per_class = project.classes.named(run.per_class or {})
    rows = [
        f"| {cell(str(one))} | {f'{per_class[one]:.0%}' if one in per_class else ''} |"
        for one in classes
    ]
    recipe = ", ".join(f"{key} {value}" for key, value in run.recipe.items() if value is not None)
    return "\n".join([
        f"# {name}",
        "",
        "An image classifier, trained by Labeller.",
        "",
        f"- learner: {described['learner']}, encoder: {run.encoder}",
        f"- licence of the encoder's weights: {described['licence']}",
        f"- trained on {run.labelled} labelled images, of {status.images} in the pool, in round "
        f"{status.rounds}",
        f"- accuracy: {accuracy}",
        f"- seed: {run.seed}",
        f"- recipe: {recipe}",
        f"- preprocessing: {described['preprocessing']}",
        "",
        "| class | accuracy |",
        "| --- | --- |",
        *rows,
        "",
        "Labelled images are not a random sample if a strategy chose them. How the model behaves "
        "on images from other sources is not known.",
        "",
    ])  # fmt: skip
