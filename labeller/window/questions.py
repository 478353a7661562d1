"""Small questions to the person: which image, which class, what to note."""

from PySide6.QtWidgets import QInputDialog, QLineEdit

from labeller.window.class_editor import ClassEditor
from labeller.window.class_finder import ClassFinder
from labeller.window.labelling_page import LabellingPage
from labeller.window.review_dialog import ReviewDialog
from labeller.window.round_dialog import RoundDialog


def go_to_image(page: LabellingPage) -> None:
    question = "Number in this batch, or a part of the name:"
    wanted, sure = QInputDialog.getText(page, "Go to image", question)
    if sure and not page.session.go_to(wanted):
        page.session.told.emit(f"No image of this batch is called “{wanted}”.")
    page.take_keyboard()


def ask_for_note(page: LabellingPage) -> None:
    here = page.session.cursor
    before = page.session.project.notes.get(page.session.images[here].id)
    text, sure = QInputDialog.getText(
        page, "Note", page.session.name_of(here), QLineEdit.EchoMode.Normal, before
    )
    if sure:
        page.changes.write_note(here, text)
    page.take_keyboard()


def find_class(page: LabellingPage) -> None:
    chosen = page.chosen()
    finder = ClassFinder(page.session.classes, page)
    if finder.exec() and finder.chosen is not None:
        page.changes.label(chosen, finder.chosen)
    page.take_keyboard()


def review(page: LabellingPage) -> None:
    dialog = ReviewDialog(page.session, page)
    if dialog.exec():
        page.session.look_through(dialog.found, dialog.title)
    page.take_keyboard()


def choose_rounds(page: LabellingPage) -> None:
    RoundDialog(page.session.project, page).exec()
    page.take_keyboard()


def edit_classes(page: LabellingPage) -> None:
    ClassEditor(page.session, page).exec()
    page.session.project.back_up("classes")  # the journal has labels only
    page.take_keyboard()
