"""Operations that create or change a whole project: asked for in a dialog, run while the project is
closed, which is then reopened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QMimeData, QTimer
from PySide6.QtWidgets import QFileDialog

from labeller.core.errors import Cancelled, LabellerError, Remark, quoted
from labeller.core.run import Run
from labeller.pool.decode import SUFFIXES
from labeller.project import creation, growing, moving, teams
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project
from labeller.window.dialogs.actions import import_labels
from labeller.window.dialogs.new_project_dialog import NewProjectDialog
from labeller.window.dialogs.reading_dialog import ReadingDialog
from labeller.window.kit.language import remark_in_words, spoken, tr
from labeller.window.kit.worker import LOCKED, Operation, no_project

if TYPE_CHECKING:
    from labeller.window.shell.main_window import MainWindow


@dataclass(frozen=True)
class Ready:
    """A project that can be opened; `notes` say what an import guessed or passed over."""

    folder: Path
    notes: tuple[Remark, ...] = ()


def run_and_open(
    window: "MainWindow",
    folder: Path,
    title: str,
    run: Callable[[None, Run], Ready],
    stoppable: bool = True,
) -> None:
    """Close the open project, run something that opens or creates one itself, and open that one
    with its notes."""

    operation = Operation(
        title, run, lambda ready: show_ready(window, ready), opening=no_project, stoppable=stoppable
    )
    window.run_closed(operation, folder)


def show_ready(window: "MainWindow", ready: Ready) -> None:
    """Open a project and show its notes."""
    window.open_project(ready.folder)
    if ready.notes:
        found = "\n\n".join(remark_in_words(note) for note in ready.notes)
        window.messages.inform(tr("What the import found"), found)


def on_closed(
    window: "MainWindow",
    title: str,
    run: Callable[[Project, Run], list[Remark]],
    stoppable: bool = True,
) -> None:
    """Close the open project, run something that holds its lock, and reopen it."""
    if window.page is None:
        return
    folder = window.page.session.project.folder

    def locked(_: None, given: Run) -> Ready:
        with LOCKED(folder) as project:
            return Ready(folder, tuple(run(project, given)))

    run_and_open(window, folder, title, locked, stoppable)


# -- opening and making


def open_project(window: "MainWindow") -> None:
    if path := QFileDialog.getExistingDirectory(window, tr("Open a project"), QDir.homePath()):
        window.open_project(Path(path))


def make_project(window: "MainWindow", dialog: NewProjectDialog | None = None) -> None:
    """Ask for a new project and create it. If that fails, the dialog reappears with the input and
    the reason."""
    asked = dialog or NewProjectDialog(window)

    def ask_again(reason: str) -> None:
        asked.show_problem(reason)
        QTimer.singleShot(0, lambda: make_project(window, asked))

    if asked.exec():
        create(window, asked.folder(), asked.request(), ask_again)


def create(
    window: "MainWindow",
    folder: Path,
    request: Request,
    failed: Callable[[str], object] | None = None,
) -> None:
    """Create a project and open it. The project that is open stays open until the person asks for
    the new one, unless something runs in it: keys meant for its images must not label others.

    Args:
        failed: called with the reason if it could not be made; without it a message is shown.
    """

    def run(_: None, given: Run) -> Ready | LabellerError:
        try:
            with creation.create(folder, request, given) as project:
                return Ready(project.folder, tuple(project.import_notes))
        except Cancelled:
            raise
        except LabellerError as error:
            return error

    def done(result: Ready | LabellerError) -> None:
        if isinstance(result, Ready) and window.page is not None:
            window.messages.tell_done(
                tr("The project {name} is ready.").format(name=folder.name),
                "",
                tr("Open"),
                lambda: show_ready(window, result),
            )
            return
        if isinstance(result, Ready):
            show_ready(window, result)
            return
        if window.page is None:
            window.show_welcome()
        (failed or window.messages.show)(spoken(result))

    title = tr("Making {name}").format(name=folder.name)
    operation = Operation(title, run, done, opening=no_project)
    if window.page is None or not window.page.learning.start(operation):
        window.run_closed(operation, folder)


def finish(window: "MainWindow", folder: Path) -> None:
    """Resume an import that was interrupted."""

    def run(_: None, given: Run) -> Ready:
        with creation.resume(folder, given) as project:
            return Ready(project.folder)

    title = tr("Finishing {name}").format(name=folder.name)
    run_and_open(window, folder, title, run)


def open_demo(window: "MainWindow") -> None:
    def run(_: None, given: Run) -> Ready:
        with creation.open_demo(given) as project:
            return Ready(project.folder)

    run_and_open(window, Path(), tr("Preparing the demo"), run)


# -- what is dropped onto the window


def dropped(data: QMimeData) -> list[Path]:
    """The dragged files and folders on this computer."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def take_dropped(window: "MainWindow", paths: list[Path]) -> None:
    """Open a dropped project; for images the dialog that makes a project of them or adds them, for
    a table of an open project's images the one that imports labels."""
    first = paths[0]
    if first.name == DATABASE:
        first = first.parent
    if (first / DATABASE).is_file():
        window.open_project(first)
        return
    page = window.page
    if page is not None and page.session.project.read_only:
        window.tell(tr("This project is open read-only: nothing can be added."))
        return
    is_place = first.is_dir() or first.suffix.lower() == ".zip"
    is_image = not is_place and first.suffix.lower() in SUFFIXES
    if page is not None and not is_place and not is_image:
        import_labels(page, first)
        return
    dialog = NewProjectDialog(window, adding=page is not None)
    dialog.images.setText(str(first.parent if is_image else first))
    make_project(window, dialog) if page is None else add_images(window, dialog)


# -- images


def add_images(window: "MainWindow", dialog: NewProjectDialog | None = None) -> None:
    """Ask for more images, and add them."""
    asked = dialog or NewProjectDialog(window, adding=True)
    if asked.exec():
        grow(window, asked.request())


def grow(window: "MainWindow", request: Request | None = None) -> None:
    """Add images; without a request, those that have appeared in the project's folders."""
    if window.page is None:
        return
    folder = window.page.session.project.folder

    def run(_: None, given: Run) -> Ready:
        if request is None:
            added = growing.add_new(folder, given)
        else:
            added = growing.add_images(folder, request, given)
        notes = [Remark("Images added: {count}.", count=added.added)]
        if added.known:
            notes.append(Remark("Images already in the project: {count}.", count=added.known))
        return Ready(folder, (*notes, *(_import_notes(folder) if added.added else ())))

    title = tr("Adding to {name}").format(name=folder.name)
    run_and_open(window, folder, title, run)


def change_reading(window: "MainWindow") -> None:
    """Ask how images should be read, and read them again accordingly."""
    if window.page is None:
        return
    project = window.page.session.project
    dialog, folder = ReadingDialog(project, window), project.folder
    if not dialog.exec():
        return
    reading = dialog.reading()

    def run(_: None, given: Run) -> Ready:
        creation.read_again(folder, reading, given)
        return Ready(folder, _import_notes(folder))

    title = tr("Reading {name} again").format(name=folder.name)
    run_and_open(window, folder, title, run)


def _import_notes(folder: Path) -> tuple[Remark, ...]:
    with creation.open_complete(folder, lock=False, read_only=True) as project:
        return tuple(project.import_notes)


def locate(window: "MainWindow") -> None:
    """Ask where moved images are now, and find them."""
    if window.page is None:
        return
    near = str(window.page.session.project.folder.parent)
    title = tr("Where are the images now?")
    place = QFileDialog.getExistingDirectory(window, title, near)
    if not place:
        return

    def run(project: Project, given: Run) -> list[Remark]:
        found = moving.locate(project, Path(place), given)
        notes = [Remark("Images found: {count}.", count=found.found)]
        if found.missing:
            notes.append(Remark("Images that are still missing: {count}.", count=found.missing))
        return notes

    on_closed(window, tr("Looking for the images"), run)


# -- merging


def preview_merge(window: "MainWindow") -> None:
    """Ask for a copy that others have labelled, and show what merging it would change."""
    if window.page is None:
        return
    folder = window.page.session.project.folder
    path, _ = QFileDialog.getOpenFileName(
        window, tr("A copy of the project"), str(folder.parent),
        tr("Copies (project.sqlite *.zip)"),
    )  # fmt: skip
    if not path:
        return
    other = Path(path) if path.lower().endswith(".zip") else Path(path).parent

    def preview(project: Project, run: Run) -> list[Remark]:
        return list(_changes(teams.merge(project, other, dry_run=True)))

    def offer(notes: list[Remark]) -> None:
        window.open_project(folder)
        window.messages.offer(
            tr("Merge {name}?").format(name=other.name),
            "\n\n".join(remark_in_words(note) for note in notes),
            tr("Merge"),
            lambda: merge(window, other),
        )

    title = tr("Reading {name}").format(name=other.name)
    looking = Operation(title, preview, offer, opening=LOCKED, stoppable=False)
    window.run_closed(looking, folder)


def merge(window: "MainWindow", other: Path) -> None:
    """Merge the labels of another copy."""

    def run(project: Project, given: Run) -> list[Remark]:
        return list(_changes(teams.merge(project, other)))

    on_closed(window, tr("Merging {name}").format(name=other.name), run, stoppable=False)


def undo_merge(window: "MainWindow") -> None:
    """Undo the last merge, once the person has agreed."""
    if window.page is None:
        return
    annotator = window.page.session.annotator

    def run(project: Project, given: Run) -> list[Remark]:
        changed = project.undo_merge(annotator) or []
        return [Remark("The merge was undone. Images that changed: {count}.", count=len(changed))]

    window.messages.offer(
        tr("Undo the last merge?"),
        tr("Everything that came with it is removed as one action. Later labels stay."),
        tr("Undo merge"),
        lambda: on_closed(window, tr("Undoing the merge"), run, stoppable=False),
    )


def _changes(taken: teams.Taken) -> Iterator[Remark]:
    """What a copy brings, in words."""
    yield Remark(
        "New actions: {actions}, about {images} images.", actions=taken.actions, images=taken.images
    )
    yield Remark(
        "Images labelled: {labelled}; labels changed: {changed}; removed: {emptied}.",
        labelled=taken.labelled,
        changed=taken.changed,
        emptied=taken.emptied,
    )
    if taken.new_classes:
        yield Remark("New classes: {names}.", names=quoted(", ".join(taken.new_classes)))
    if taken.archived:
        yield Remark("Classes archived: {names}.", names=quoted(", ".join(taken.archived)))
    if taken.renamed:
        pairs = ", ".join(f"{before} → {after}" for before, after in taken.renamed)
        yield Remark("Classes renamed: {names}.", names=quoted(pairs))
    if taken.unknown:
        yield Remark("Labels of images that are not here: {count}.", count=taken.unknown)
    if taken.differing:
        yield Remark(
            "Images that people disagree about: {count}. Agreement shows them.",
            count=taken.differing,
        )
