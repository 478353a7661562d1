"""Actions that open a dialog, and short questions: which image, class, note or name."""

import random
from pathlib import Path

from PySide6.QtWidgets import QInputDialog, QLineEdit

from labeller.core.errors import LabellerError
from labeller.project import importing
from labeller.project.project import explaining
from labeller.store.classes import keys_of
from labeller.window.dialogs.class_editor import ClassEditor
from labeller.window.dialogs.comparison_dialogs import AgreementDialog, show_progress
from labeller.window.dialogs.encoder_dialog import choose_encoder
from labeller.window.dialogs.experiments_dialog import show_experiments
from labeller.window.dialogs.export_dialog import export
from labeller.window.dialogs.guidelines_dialog import show_guidelines
from labeller.window.dialogs.import_dialog import ImportDialog
from labeller.window.dialogs.rest_dialog import label_rest
from labeller.window.dialogs.round_dialog import RoundDialog
from labeller.window.kit.actions import FILE, GO, LABEL, MODEL, VIEW, Action, declare
from labeller.window.kit.language import mark, spoken, tr
from labeller.window.kit.preferences import remember_annotator
from labeller.window.kit.search import NEW, Entry, Finder
from labeller.window.kit.theme import class_colour, swatch
from labeller.window.kit.widgets import plain
from labeller.window.labelling.actions import can_label, has, is_idle, is_open, is_writable, on_page
from labeller.window.labelling.class_panel import shown_key
from labeller.window.labelling.labelling_page import LabellingPage

AGAIN = 50
"""Default number of images to label again."""


def go_to_image(page: LabellingPage) -> None:
    question = tr("Number in this batch, or part of a name:")
    wanted, sure = QInputDialog.getText(page, tr("Go to image"), question)
    if sure and not page.session.go_to(wanted):
        page.session.announced.emit(
            tr("No image in this project is called “{wanted}”.").format(wanted=wanted)
        )
    page.take_keyboard()


def ask_for_note(page: LabellingPage) -> None:
    if page.session.resting:
        page.session.announced.emit(tr("No image is selected; press an arrow key."))
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
    finder = Finder(tr("Find or make a class"), entries, page, tr("New class “{name}”"))
    if finder.exec() and finder.chosen is not None:
        if finder.chosen == NEW:
            page.changes.label_as_new(chosen, finder.typed)
        else:
            page.changes.label(chosen, finder.chosen)
    page.take_keyboard()


def make_wrong_example(page: LabellingPage) -> None:
    """Ask which class the images are not."""
    session, chosen = page.session, page.chosen()
    if not chosen:
        session.announced.emit(tr("No image is selected; press an arrow key."))
        return
    own = {found.id for place in chosen if (found := session.class_of(place)) is not None}
    others = [each for each in session.classes if each.id not in own]
    entries = [Entry(c.name, swatch(class_colour(c)), tip=c.description) for c in others]
    finder = Finder(tr("Which class is it not?"), entries, page)
    if finder.exec() and finder.chosen is not None:
        page.changes.make_wrong_examples(chosen, others[finder.chosen].id)
    page.take_keyboard()


def show_agreement(page: LabellingPage) -> None:
    dialog = AgreementDialog(page.session.project, page)
    if dialog.exec():
        page.session.decide(dialog.conflicts, tr("To decide: people disagree"))
    page.take_keyboard()


def label_again(page: LabellingPage) -> None:
    """Label a random part of what others have labelled and this person has not, without their
    answers."""
    session = page.session
    left = [
        image_id
        for image_id, given in session.project.agreement.opinions().items()
        if session.annotator not in given
    ]
    if not left:
        session.announced.emit(
            tr("Nobody else has labelled anything that {name} hasn't. Is the name right?").format(
                name=session.annotator
            )
        )
        return
    question = tr("How many images (others have labelled %n that you haven't):", None, len(left))
    count, sure = QInputDialog.getInt(
        page, tr("Label again, blind"), question, min(AGAIN, len(left)), 1, len(left)
    )
    if sure:
        drawn = random.sample(left, count)
        session.look_through(drawn, tr("Labelling again, blind"), blind=True)
    page.take_keyboard()


def ask_for_name(page: LabellingPage) -> None:
    """Ask for the name that labels are stored under, now and the next time."""
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
        page.session.annotator_changed.emit()
        if page.session.blind:  # the answers shown there are somebody else's
            page.session.back_to_batch()
        page.session.announced.emit(
            tr("Labels are now stored as {annotator}'s.").format(annotator=page.session.annotator)
        )
    page.take_keyboard()


def import_labels(page: LabellingPage, place: Path | None = None) -> None:
    """Import labels from another program, all or none; from `place` if given."""
    session = page.session
    dialog = ImportDialog(session.project, session.annotator, page)
    if place is not None:
        dialog.file.setText(str(place))
    if not dialog.exec():
        page.take_keyboard()
        return
    try:
        with explaining(session.project.folder):
            done = importing.import_labels(
                session.project, dialog.place, session.annotator, dialog.format_name, dialog.options
            )
    except LabellerError as error:
        session.failed.emit(spoken(error))
        return
    session.reload_classes()
    session.announced.emit(tr("%n label(s) imported.", None, len(done.labels)))
    page.take_keyboard()


def choose_rounds(page: LabellingPage) -> None:
    if RoundDialog(page.session.project, page).exec():
        page.live.start()  # the learner may have changed
    page.take_keyboard()


def edit_classes(page: LabellingPage) -> None:
    ClassEditor(page.session, page.thumbnails, page).exec()
    try:
        with explaining(page.session.project.folder):
            page.session.project.back_up("classes")  # the journal has labels only
    except (LabellerError, OSError) as error:
        page.session.failed.emit(spoken(error))
    page.take_keyboard()


declare(
    Action(
        "import_labels", mark("&Import labels ..."), (FILE, 31), on_page(import_labels),
        is_writable, tip=mark("From a table, or from files of other programs"),
    ),
    Action(
        "export", mark("&Export ..."), (FILE, 34), on_page(export),
        lambda w: is_open(w) and not w.worker.busy, "Ctrl+E",
        tip=mark("Labels or the model, for other programs"),
    ),
    Action(
        "note", mark("&Note ..."), (LABEL, 37), on_page(ask_for_note), can_label, "Ctrl+I",
        tip=mark("Write something about this image"),
    ),
    Action(
        "find_class", mark("&Find or make a class ..."), (LABEL, 41), on_page(find_class),
        can_label, "/", tip=mark("Type part of its name, or a new name"),
    ),
    Action(
        "edit_classes", mark("E&dit classes ..."), (LABEL, 42), on_page(edit_classes),
        is_writable, "Ctrl+K", tip=mark("Add, rename, merge, order, colour, keys"),
    ),
    Action(
        "wrong_example", mark("Use as wrong exa&mple of ..."), (LABEL, 44),
        on_page(make_wrong_example), can_label, "Shift+E",
        tip=mark("Show these images where a class is explained that they could be mistaken for"),
    ),
    Action(
        "guidelines", mark("Gu&idelines ..."), (LABEL, 45), on_page(show_guidelines), is_open,
        "F2", tip=mark("What everybody who labels this project should know, class by class"),
    ),
    Action(
        "annotator", mark("&Who is labelling ..."), (LABEL, 51), on_page(ask_for_name),
        is_writable, tip=mark("The name that labels are stored under"),
    ),
    Action(
        "go_to", mark("&Go to image ..."), (GO, 13), on_page(go_to_image), is_open, "Ctrl+G",
        tip=mark("By its number or part of its name"),
    ),
    Action(
        "agreement", mark("&Agreement ..."), (GO, 25), on_page(show_agreement), is_open,
        tip=mark("Where people disagree, and how much"),
    ),
    Action(
        "label_again", mark("&Label again, blind ..."), (GO, 26), on_page(label_again),
        is_writable, tip=mark("Label what others have labelled without seeing their answers"),
    ),
    Action(
        "rounds", mark("&Rounds ..."), (MODEL, 21), on_page(choose_rounds), is_writable, "Ctrl+R",
        tip=mark("Strategy, network, recipe, device, size of a batch"),
    ),
    Action(
        "encoder", mark("En&coder ..."), (MODEL, 22), on_page(choose_encoder),
        is_idle, tip=mark("The pretrained network: size, speed here, licence, download"),
    ),
    Action(
        "progress", mark("Prog&ress ..."), (VIEW, 52), on_page(show_progress), is_open, "Ctrl+D",
        tip=mark("Labels per day, seconds per image, accuracy, agreement, what is still needed"),
    ),
    Action(
        "label_rest", mark("&Label the rest ..."), (MODEL, 32), on_page(label_rest),
        lambda w: is_idle(w) and has(w, lambda page: page.session.newest_model is not None),
        tip=mark("Let the model label where it is sure enough; kept apart from people's labels"),
    ),
    Action(
        "experiments", mark("&Experiments ..."), (MODEL, 42), on_page(show_experiments),
        lambda w: is_writable(w) and has(w, lambda page: page.session.has_oracle),
        "Ctrl+Shift+E", tip=mark("Compare strategies over seeds; hidden labels answer, on a copy"),
    ),
)  # fmt: skip
