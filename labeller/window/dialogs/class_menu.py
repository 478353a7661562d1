"""The menu of a class's button in the panel: rename, merge, move, archive."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu

from labeller.core.errors import LabellerError
from labeller.project.curation import merge_classes
from labeller.project.project import explaining
from labeller.store.classes import ImageClass
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import spoken, tr
from labeller.window.kit.theme import class_colour, swatch
from labeller.window.kit.widgets import plain
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.labelling.session import Session


def show_class_menu(page: LabellingPage, place: int, at: QPoint) -> None:
    """Open the menu of the class at a place in the panel, at a point on the screen."""
    menu = class_menu(page, place)
    menu.exec(at)
    menu.deleteLater()
    page.take_keyboard()


def class_menu(page: LabellingPage, place: int) -> QMenu:
    session = page.session
    chosen, count = session.classes[place], len(session.classes)

    def offer(
        menu: QMenu, text: str, change: Callable[[], str | None], icon: QIcon | None = None
    ) -> None:
        menu.addAction(icon or QIcon(), text, lambda: _change(session, change))

    menu = QMenu(plain(chosen.name), page)
    offer(menu, tr("&Rename ..."), lambda: _rename(page, chosen))
    merging = menu.addMenu(tr("&Merge into"))
    for other in session.classes:
        if other.id != chosen.id:
            name, colour = other.name.replace("&", "&&"), swatch(class_colour(other))
            offer(merging, name, partial(merge, session, chosen, other), colour)
    merging.setEnabled(count > 1)
    ids = [each.id for each in session.classes]
    if place:
        offer(menu, tr("Move &up"), lambda: move(session, ids, place, place - 1))
    if place < count - 1:
        offer(menu, tr("Move &down"), lambda: move(session, ids, place, place + 1))
    more = menu.addAction(tr("&Find more of this"), lambda: page.learning.find_more(chosen))
    more.setEnabled(not session.blind)
    offer(menu, tr("&Archive"), lambda: archive(session, chosen))
    return menu


def merge(session: Session, source: ImageClass, target: ImageClass) -> str:
    """Move all images of a class to another one; returns what was done."""
    count = merge_classes(session.project, source.id, target.id, session.annotator)
    moved = tr("%n image(s) moved from {source} to {target}.", None, count)
    return moved.format(source=source.name, target=target.name)


def move(session: Session, ids: list[int], place: int, target: int) -> None:
    """Move a class to another place in the order of `ids`."""
    ordered = [each for each in ids if each != ids[place]]
    ordered.insert(max(0, min(target, len(ordered))), ids[place])
    session.project.classes.order(ordered)


def archive(session: Session, chosen: ImageClass) -> str:
    """Archive a class, so that it is neither offered nor trained on, or unarchive it.

    Raises:
        LabellerError: fewer than two classes would be left.
    """
    if not chosen.archived and len(session.project.classes.all()) <= 2:
        raise LabellerError("A project needs at least two classes.")
    changed = replace(chosen, archived=not chosen.archived, shortcut=None)
    session.project.classes.change(changed)
    if changed.archived:
        return tr("“{name}” is archived with its labels; {key} unarchives it.").format(
            name=chosen.name, key=key_text("edit_classes")
        )
    return ""


def _rename(page: LabellingPage, chosen: ImageClass) -> None:
    name, sure = QInputDialog.getText(
        page, tr("Rename a class"), tr("New name:"), QLineEdit.EchoMode.Normal, chosen.name
    )
    if sure:
        page.session.project.classes.change(replace(chosen, name=name.strip()))


def _change(session: Session, change: Callable[[], str | None]) -> None:
    """Make a change, and report it or why it failed."""
    try:
        with explaining(session.project.folder):
            done = change()
    except (LabellerError, OSError) as error:
        session.failed.emit(spoken(error))
        return
    session.reload_classes()
    if done:
        session.announced.emit(done)
