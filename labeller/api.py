"""Labeller from Python: read, label, train, simulate, import and export.

    import labeller

    with labeller.open("PROJECT") as project:
        print(project.status()["labelled"], project.classes())
        table = pandas.DataFrame(project.labels())

A project opened like this can be read while somebody labels in the window. `writing=True` locks it,
as the window does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Self, TypedDict, TypeVar

from labeller.core.chosen_encoders import choose
from labeller.core.errors import LabellerError, quoted, require_known, unforeseen
from labeller.core.names import spelling
from labeller.exchange.dataset import Item, Writing
from labeller.project.creation import open_complete
from labeller.project.exporting import Choices, Exported, dataset_of, export
from labeller.project.importing import ImportOptions, LabelImport, import_labels
from labeller.project.project import Project, explaining

T = TypeVar("T")
Wish = ImportOptions
"""Its name in earlier versions."""


class ImageRow(TypedDict):
    """One image of the pool."""

    id: int
    path: str
    file: str
    width: int
    height: int
    sha256: str


class LabelRow(TypedDict):
    """One label, or an image put aside: then `label` is None, and `reason` says why."""

    path: str
    file: str
    label: str | None
    reason: str | None
    annotator: str
    labelled_at: str
    source: str
    confidence: float | None


class RoundRow(TypedDict):
    """One round: the size of its batch, the strategy, and the accuracy of the model that chose
    it."""

    number: int
    strategy: str
    images: int
    accuracy: float | None


@contextmanager
def _in_one_sentence(folder: Path) -> Iterator[None]:
    """Turn database and file errors in the block into a LabellerError."""
    try:
        with explaining(folder):
            yield
    except OSError as error:
        raise unforeseen(error) from error


def _explained(call: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a method with `_in_one_sentence`."""

    @wraps(call)
    def method(self: "OpenProject", *arguments: Any, **named: Any) -> Any:
        with _in_one_sentence(self._folder):
            return call(self, *arguments, **named)

    return method


def _all_explained(kind: type[T]) -> type[T]:
    """Wrap all public methods of a class with `_in_one_sentence`."""
    for name, value in list(vars(kind).items()):
        if not name.startswith("_") and callable(value):
            setattr(kind, name, _explained(value))
    return kind


@_all_explained
class OpenProject:
    """An open project, to be used with `with`, or closed. Methods raise LabellerError with a
    one-sentence message."""

    def __init__(self, folder: str | Path, writing: bool = False) -> None:
        self._folder = Path(folder).expanduser()
        self._project = open_complete(self._folder, lock=writing, read_only=not writing)
        self._writing = writing

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._project.close()

    # -- reading

    def status(self) -> dict[str, Any]:
        """Counts of images and labels, rounds, and the accuracy of the newest model."""
        return self._project.status().as_dict()

    def classes(self) -> list[str]:
        """The classes in their order."""
        return [each.name for each in self._project.classes.all()]

    def images(self) -> list[ImageRow]:
        """Every readable image, including held-out ones."""
        return [
            ImageRow(
                id=i.id, path=i.path, file=str(i.file), width=i.width, height=i.height,
                sha256=i.sha256,
            )
            for i, _ in self._project.images.each_file()
        ]  # fmt: skip

    def labels(
        self, aside: bool = False, by_model: bool = False, annotator: str = ""
    ) -> list[LabelRow]:
        """The present labels in order of labelling, rows for `pandas.DataFrame`.

        Args:
            aside: include images that were put aside.
            by_model: include labels given by a model only.
            annotator: only this person's own latest labels.
        """
        choices = Choices(aside=aside, by_model=by_model, annotator=annotator)
        return [_row(item) for item in dataset_of(self._project, choices).items()]

    def rounds(self) -> list[RoundRow]:
        """All rounds, oldest first."""
        accuracies = {run.id: run.test_accuracy for run in self._project.runs.all()}
        return [
            RoundRow(
                number=each.number,
                strategy=each.strategy,
                images=len(each.image_ids),
                accuracy=accuracies.get(each.training_run_id or 0),
            )
            for each in self._project.rounds.all()
        ]

    def model(self) -> dict[str, Any] | None:
        """The newest model: encoder, recipe, number of labels, accuracy; None if there is none."""
        run = self._project.runs.newest_usable()
        if run is None:
            return None
        return {
            "encoder": run.encoder, "recipe": run.recipe, "labelled": run.labelled,
            "accuracy": None if self._project.is_outdated(run) else run.test_accuracy,
            "seed": run.seed,
            "per_class": self._project.classes.named(run.per_class) if run.per_class else None,
        }  # fmt: skip

    # -- writing

    def label(self, labels: Mapping[str, str], annotator: str) -> int:
        """Label images by path, as one action; returns how many.

        Raises:
            LabellerError: there is no such image or class, two spellings of one path have different
                classes, or `annotator` is not a valid name.
        """
        project = self._to_write()
        classes, finder = project.classes.ids_by_spelling(), project.images.finder()
        chosen: dict[int, int] = {}
        spelt: dict[int, str] = {}
        for path, label in labels.items():
            require_known("class", spelling(label), classes)
            image_id = finder.find(path, self._folder)
            first = spelt.setdefault(image_id, path)
            if chosen.setdefault(image_id, classes[spelling(label)]) != classes[spelling(label)]:
                raise LabellerError(
                    "“{first}” and “{second}” are one image, and were given different classes.",
                    first=quoted(str(first)),
                    second=quoted(str(path)),
                )
        if chosen:
            project.labels.assign(chosen, annotator)
        return len(chosen)

    def train(self, **method: Any) -> dict[str, Any]:
        """Fit a model to all labels; `method` takes names as on the command line, such as
        `learner="frozen"`. Returns the same as `model`."""
        from labeller.loop import rounds
        from labeller.loop.method import Method

        choose(method.get("encoder", ""))
        rounds.train_round(self._to_write(), Method(**method))
        found = self.model()
        assert found is not None
        return found

    def select(self, count: int, strategy: str = "") -> list[str]:
        """Choose the next batch of the project; returns its paths."""
        from labeller.loop import rounds
        from labeller.loop.method import Method

        project = self._to_write()
        chosen = rounds.select(project, count, Method(strategy=strategy))
        return [image.path for image in project.images.get(chosen.image_ids)]

    def simulate(
        self, initial: int, budget: int, cycles: int, seeds: Iterable[int] = (0,), **method: Any
    ) -> list[dict[str, Any]]:
        """Simulate on a copy, answered by hidden labels: a row for each seed and cycle."""
        from labeller.experiments.plan import Plan
        from labeller.experiments.simulation import simulate
        from labeller.loop.method import Method

        choose(method.get("encoder", ""))
        plan = Plan(initial, budget, cycles, Method(**method), tuple(seeds))
        outcome = simulate(self._project, plan)
        return [
            {"seed": run.seed, "labelled": cycle.labelled, "accuracy": cycle.test_accuracy}
            for run in outcome.runs
            for cycle in run.cycles
        ]

    def export(
        self, format_name: str, output: str | Path, choices: Choices | None = None
    ) -> Exported:
        """Write the labels in one of the formats that `labeller formats` lists."""
        return export(self._project, format_name, Path(output), choices)

    def import_labels(
        self, place: str | Path, annotator: str, options: ImportOptions | None = None
    ) -> LabelImport:
        """Import labels of another program."""
        return import_labels(self._to_write(), Path(place), annotator, None, options)

    def _to_write(self) -> Project:
        if not self._writing:
            raise LabellerError("This project was opened to read. Open it with writing=True.")
        return self._project


def open_project(folder: str | Path, writing: bool = False) -> OpenProject:
    """Open a project to read, or to write.

    Raises:
        LabellerError: there is none, it is damaged, or another program has locked it.
    """
    with _in_one_sentence(Path(folder).expanduser()):
        return OpenProject(folder, writing)


def _row(item: Item) -> LabelRow:
    return LabelRow(
        path=item.path, file=str(item.file), label=item.label, reason=item.reason,
        annotator=item.annotator, labelled_at=item.at, source=item.source,
        confidence=item.confidence,
    )  # fmt: skip


__all__ = [
    "Choices", "ImageRow", "ImportOptions", "LabelRow", "LabellerError", "OpenProject", "RoundRow",
    "Wish",
    "Writing", "open_project",
]  # fmt: skip
