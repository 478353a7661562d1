"""Small questions to the person: what to do, which image, which class, what to note."""

import random

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from labeller.core.errors import LabellerError
from labeller.loop.answers import Answers
from labeller.project import importing
from labeller.project.project import explaining
from labeller.store.classes import keys_of
from labeller.store.review import CELL, Question
from labeller.window.dialogs.agreement_dialog import AgreementDialog
from labeller.window.dialogs.class_editor import ClassEditor
from labeller.window.dialogs.confusion_dialog import ConfusionDialog
from labeller.window.dialogs.experiments_dialog import ExperimentsDialog
from labeller.window.dialogs.finder import Entry, Finder
from labeller.window.dialogs.import_dialog import ImportDialog
from labeller.window.dialogs.rest_dialog import RestDialog
from labeller.window.dialogs.round_dialog import RoundDialog
from labeller.window.kit.actions import DESCRIPTIONS, Actions, key_text, plain_name
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import plain
from labeller.window.kit.preferences import remember_annotator
from labeller.window.kit.spoken import spoken
from labeller.window.kit.swatch import swatch
from labeller.window.kit.theme import class_colour
from labeller.window.labelling.class_keys import shown_key
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.learning.feature_map import FeatureMapDialog
from labeller.window.learning.jobs import PoolMapped

LEFT_SHOWN = 500
"""So many images that a model left open are shown at once."""
AGAIN = 50
"""So many images are offered to be labelled again."""


def find_command(window: QWidget, actions: Actions) -> None:
    """Everything that can be done now, by its name."""
    possible = [name for name in DESCRIPTIONS if actions[name].isEnabled()]
    entries = [
        Entry(
            plain_name(name),
            actions[name].icon(),
            key_text(name),
            actions[name].toolTip(),
        )
        for name in possible
    ]
    finder = Finder(tr("Find a command"), entries, window)
    if finder.exec() and finder.chosen is not None:
        actions[possible[finder.chosen]].trigger()


def go_to_image(page: LabellingPage) -> None:
    question = tr("Number in this batch, or a part of the name:")
    wanted, sure = QInputDialog.getText(page, tr("Go to image"), question)
    if sure and not page.session.go_to(wanted):
        page.session.announced.emit(
            tr("No image of this project is called “{wanted}”.").format(wanted=wanted)
        )
    page.take_keyboard()


def ask_for_note(page: LabellingPage) -> None:
    if page.session.resting:
        page.session.announced.emit(tr("No image is current; an arrow goes to one."))
        return
    here = page.session.cursor
    before = page.session.note_of(here)
    text, sure = QInputDialog.getText(
        page, tr("Note"), plain(page.session.name_of(here)), QLineEdit.EchoMode.Normal, before
    )
    if sure and text != before:
        page.changes.write_note(here, text)
    page.take_keyboard()


def find_class(page: LabellingPage) -> None:
    chosen = page.chosen()
    entries = [
        Entry(c.name, swatch(class_colour(c)), shown_key(key), c.description)
        for c, key in zip(page.session.classes, keys_of(page.session.classes), strict=True)
    ]
    finder = Finder(tr("Find a class"), entries, page)
    if finder.exec() and finder.chosen is not None:
        page.changes.label(chosen, finder.chosen)
    page.take_keyboard()


def show_matrix(page: LabellingPage) -> None:
    """Of labels and what the model said before; a cell's images are looked through."""
    dialog = ConfusionDialog(page.session, page)
    if dialog.exec():
        page.session.look_through(dialog.found, dialog.title, question=Question(order=CELL))
    page.take_keyboard()


def show_agreement(page: LabellingPage) -> None:
    dialog = AgreementDialog(page.session.project, page)
    if dialog.exec():
        page.session.decide(dialog.conflicts, tr("To decide: people disagree"))
    page.take_keyboard()


def label_again(page: LabellingPage) -> None:
    """A random part of what others have labelled and this person has not, without their answers."""
    session = page.session
    left = [
        image_id
        for image_id, given in session.project.opinions().items()
        if session.annotator not in given
    ]
    if not left:
        session.announced.emit(
            tr("Nobody else has labelled anything that {name} has not. Is the name right?").format(
                name=session.annotator
            )
        )
        return
    question = tr("How many images (others have labelled %n that you have not):", None, len(left))
    count, sure = QInputDialog.getInt(
        page, tr("Label again, blind"), question, min(AGAIN, len(left)), 1, len(left)
    )
    if sure:
        drawn = random.sample(left, count)
        session.look_through(drawn, tr("Labelling again, blind"), blind=True)
    page.take_keyboard()


def ask_for_name(page: LabellingPage) -> None:
    """The name counts from now on, and the next time too."""
    name, sure = QInputDialog.getText(
        page,
        tr("Who is labelling"),
        tr("Your name:"),
        QLineEdit.EchoMode.Normal,
        page.session.annotator,
    )
    if sure and name.strip():
        page.session.annotator = name.strip()
        remember_annotator(page.session.annotator)
        if page.session.blind:  # what is shown there are somebody else's own answers
            page.session.back_to_batch()
        page.session.announced.emit(
            tr("Labels are kept as {annotator}'s from now on.").format(
                annotator=page.session.annotator
            )
        )
    page.take_keyboard()


def show_map(page: LabellingPage, mapped: PoolMapped) -> None:
    """Beside the window, which it hands images to."""
    dialog = FeatureMapDialog(page.session, mapped.image_ids, mapped.places, page)

    def look(image_ids: list[int]) -> None:
        page.session.look_through(image_ids, tr("Drawn around on the map"))
        page.take_keyboard()

    dialog.chosen.connect(look)
    dialog.show()


def import_labels(page: LabellingPage) -> None:
    """Take labels of another program over, all or none."""
    session = page.session
    dialog = ImportDialog(session.project, session.annotator, page)
    if not dialog.exec():
        page.take_keyboard()
        return
    try:
        with explaining(session.project.folder):
            done = importing.import_labels(
                session.project, dialog.place, session.annotator, dialog.format_name, dialog.wish
            )
    except LabellerError as error:
        session.failed.emit(spoken(error))
        return
    session.reload_classes()
    session.announced.emit(tr("%n label(s) imported.", None, len(done.labels)))
    page.take_keyboard()


def label_rest(page: LabellingPage, answers: Answers) -> None:
    """Let the model label what it is sure of; then what it is not sure of is looked through."""
    dialog = RestDialog(answers, page)
    if dialog.exec():
        page.changes.let_model_label(answers, dialog.count)
        if left := dialog.left()[:LEFT_SHOWN]:
            page.session.look_through(left, tr("What the model left open, the surest first"))
    page.take_keyboard()


def show_experiments(page: LabellingPage) -> None:
    """Beside the window, one at a time."""
    for open_one in page.findChildren(ExperimentsDialog):
        open_one.activateWindow()
        return
    dialog = ExperimentsDialog(page.session.project, page.learning.worker, page)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.run_wanted.connect(page.learning.run_experiments)
    dialog.stop_wanted.connect(page.learning.stop)
    dialog.show()


def choose_rounds(page: LabellingPage) -> None:
    if RoundDialog(page.session.project, page).exec():
        page.live.start()  # the learner may be another one
    page.take_keyboard()


def edit_classes(page: LabellingPage) -> None:
    ClassEditor(page.session, page.thumbnails, page).exec()
    try:
        with explaining(page.session.project.folder):
            page.session.project.back_up("classes")  # the journal has labels only
    except (LabellerError, OSError) as error:
        page.session.failed.emit(spoken(error))
    page.take_keyboard()
