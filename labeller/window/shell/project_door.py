"""Opens projects, and offers an alternative if one cannot be opened as it is."""

import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from labeller.care.recovery import restore_newest
from labeller.core.errors import LabellerError, ProjectDamaged
from labeller.project.creation import back_up_daily, interrupted_request
from labeller.project.project import Project, ProjectLocked, explaining
from labeller.window.kit.language import spoken, tr
from labeller.window.labelling.session import Session
from labeller.window.shell.messages import Messages


class ProjectDoor(QObject):
    """Opens projects.

    Signals:
        opened(Session): a project is open.
        unfinished(Path): its import was interrupted and has to be finished first.
        announced(sentence): news for the status bar.
    """

    opened = Signal(object)
    unfinished = Signal(object)
    announced = Signal(str)

    def __init__(self, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages

    def open(self, folder: Path, read_only: bool = False) -> None:
        """Open a project; offer to view one that is in use, and to restore a damaged one."""
        try:
            with explaining(folder):
                session = _session_of(Project(folder, read_only=read_only))
        except ProjectLocked as error:
            self._messages.offer(
                spoken(error),
                tr("You can view it in the meantime, but not change it."),
                tr("Open read-only"),
                lambda: self.open(folder, read_only=True),
            )
        except ProjectDamaged as error:
            self._messages.offer(
                spoken(error),
                tr(
                    "It can be replaced by the newest backup with all labels given since. "
                    "The damaged file is kept."
                ),
                tr("Restore"),
                lambda: self._restore(folder),
            )
        except LabellerError as error:
            self._messages.show(spoken(error))
        else:
            if session is None:
                self._ask_to_go_on(folder)
                return
            if session.project.notices:
                self._messages.show(". ".join(session.project.notices) + ".")
            if not read_only:
                self._back_up(session.project.folder)
            self.opened.emit(session)

    def _ask_to_go_on(self, folder: Path) -> None:
        """Ask before resuming: the import of somebody else's project may read any folder, or
        download."""
        try:
            request = interrupted_request(folder)
        except LabellerError as error:
            self._messages.show(spoken(error))
            return
        if request is not None:
            places = [request.images, *(place for place in (request.test, request.root) if place)]
            self._messages.offer(
                tr("The import of {name} was interrupted.").format(name=folder.name),
                tr("It reads images from: {places}").format(places=", ".join(places)),
                tr("Resume"),
                lambda: self.unfinished.emit(folder),
            )

    def _restore(self, folder: Path) -> None:
        try:
            text = restore_newest(folder)
        except LabellerError as error:
            self._messages.show(spoken(error))
            return
        self.open(folder)
        self.announced.emit(f"{text}.")

    def _back_up(self, folder: Path) -> None:
        """Back up in a thread: large databases take a second."""
        self.backing_up = threading.Thread(target=_back_up, args=(folder,), name="backup")
        self.backing_up.start()


def _back_up(folder: Path) -> None:
    """Back up a project's database once a day; runs in a thread."""
    try:
        with explaining(folder), Project(folder, lock=False) as project:
            back_up_daily(project)
    except LabellerError as error:  # tried again at the next opening
        logging.getLogger(__name__).warning("no backup: %s", error)


def _session_of(project: Project) -> Session | None:
    """A session of an open project; None, closing it, if its import was interrupted."""
    try:
        if project.complete:
            return Session(project)
    except BaseException:
        project.close()
        raise
    project.close()
    return None
