"""The line above a list of images: filters as text, a menu that writes them, saved views, and which
part of a long list is shown."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from labeller.core.errors import LabellerError
from labeller.project.project import Project
from labeller.store.filters import FILTERS, Kind, term
from labeller.store.review import ORDERS, STATES, Question
from labeller.window.kit.language import mark, tr
from labeller.window.kit.widgets import HandBack, PlainLabel
from labeller.window.labelling.session import PAGE, Session

VIEWS = "saved_views"
"""Setting: the saved views, each a name and the fields of its question."""
WORDS = {
    "all": mark("All images"),
    "unlabelled": mark("Unlabelled"),
    "labelled": mark("Labelled"),
    "skipped": mark("Skipped without a reason"),
    "unsure": mark("Unsure"),
    "not-any-class": mark("Not any class"),
    "bad-image": mark("Bad image"),
    "noted": mark("With a note"),
    "suggested": mark("Accepted suggestions"),
    "model": mark("Labelled by the model"),
    "mistake": mark("Unlike the model's earlier suggestion"),
    "checked": mark("Checked in a review"),
    "disputed": mark("People disagree"),
    "copy": mark("Exact copies"),
    "example": mark("Examples of a class"),
    "audited": mark("Labelled in an audit"),
    "person": mark("A person"),
    "oracle": mark("The oracle"),
    "import": mark("An import"),
    "none": mark("No label yet"),
    "pool": mark("Images to label"),
    "test": mark("Held-out test images"),
    "validation": mark("Held-out validation images"),
}
"""Names of the filters' values."""
ODD_WORDS = {
    "near-duplicates": mark("Near-duplicates"),
    "outliers": mark("Outliers, furthest first"),
}
"""Orders that need the images' features (labeller/loop/oddities.py)."""
_SIGNS = {Kind.NUMBER: ">", Kind.BYTES: ">"}


def saved_views(project: Project) -> dict[str, Question]:
    """The saved views by name; damaged ones are left out."""
    try:
        stored = project.settings.get(VIEWS, [])
    except LabellerError:
        return {}
    found: dict[str, Question] = {}
    for each in stored if isinstance(stored, list) else ():
        with suppress(TypeError, ValueError, KeyError):
            name, fields = each
            question = Question(**fields)
            numbers = (question.class_id, question.round_id)
            if (
                str(name).isprintable()
                and isinstance(question.text, str)
                and question.order in (*ORDERS, *ODD_WORDS)
                and question.state in (None, *STATES)
                and all(number is None or type(number) is int for number in numbers)
                and (question.annotator is None or isinstance(question.annotator, str))
            ):
                found[str(name)] = question
    return found


class FilterLine(QWidget):
    """Signals: changed(): other filters; left(): the keyboard belongs to the images again;
    view_chosen(question); turned(pages): show an earlier or later part of the list."""

    changed = Signal()
    left = Signal()
    view_chosen = Signal(object)
    turned = Signal(int)

    def __init__(self, session: Session, question: Callable[[], Question]) -> None:
        super().__init__()
        self._session, self._question = session, question
        self.text = QLineEdit()
        self.text.setPlaceholderText(tr("Part of a name, or filters such as {example}").format(
            example="confidence<0.6 -is:checked"
        ))  # fmt: skip
        self.text.setAccessibleName(tr("Filters"))
        self.text.setClearButtonEnabled(True)
        self.text.editingFinished.connect(self._take)
        HandBack(self.text, self._leave)
        self.add = _with_menu(tr("Add filter"), self._offer_filters)
        self.views = _with_menu(tr("Views"), self._offer_views)
        self.range = PlainLabel()
        self.earlier, self.later = QPushButton("‹"), QPushButton("›")
        self.error = PlainLabel()
        self.error.setWordWrap(True)
        self.error.hide()
        layout = QHBoxLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(layout)
        whole.addWidget(self.error)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.add)
        layout.addWidget(self.views)
        layout.addWidget(self.range)
        for button, step, name in (
            (self.earlier, -1, tr("Earlier images of the list")),
            (self.later, 1, tr("Later images of the list")),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setFixedWidth(button.fontMetrics().averageCharWidth() * 5)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(partial(self.turned.emit, step))
            layout.addWidget(button)
        self._taken = ""

    def show_filters(self, text: str) -> None:
        """Show the filters and the part of the list that is on screen."""
        self._taken = text
        self.text.setText(text)
        self.show_error("")
        batch = self._session.batch
        first, last = batch.start + 1, batch.start + len(batch.images)
        self.range.setText(
            tr("{first} to {last} of {total}").format(
                first=f"{first:,}", last=f"{last:,}", total=f"{batch.found:,}"
            )
            if batch.found > PAGE
            else tr("%n image(s)", None, max(batch.found, len(batch.images)))
        )
        for button in (self.earlier, self.later):
            button.setVisible(batch.found > PAGE)
        self.earlier.setEnabled(batch.start > 0)
        self.later.setEnabled(last < batch.found)

    def _take(self) -> None:
        if self.text.text() != self._taken:
            self._taken = self.text.text()
            self.changed.emit()

    def show_error(self, sentence: str) -> None:
        """Show why the filters are not understood; the list still shows the previous ones."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def _leave(self) -> None:
        """Return the focus to the images, unless the text is not understood: its correction would
        reach the images as keys. A second attempt restores the previous filters."""
        before = self._taken
        self._take()
        if self.error.isVisibleTo(self) and self._taken != before:
            self.text.selectAll()
            return
        if self.error.isVisibleTo(self):
            question = self._session.batch.question
            self.show_filters("" if question is None else question.text)
        self.left.emit()

    def _write(self, added: str) -> None:
        """Add a term; one without a value waits for it to be typed."""
        self.text.setText(f"{self.text.text().rstrip()} {added}".lstrip())
        if added[-1] in ":<>":
            self.text.setFocus()
            self.text.end(False)
        else:
            self._leave()

    def _offer_filters(self, menu: QMenu) -> None:
        project = self._session.project
        for name, each in FILTERS.items():
            if name == "folder" and project.hides_labels:
                continue
            text = tr(each.meaning)
            values: list[tuple[str, str]] = []
            if each.words is not None:
                values = [(tr(WORDS[word]), word) for word in each.words]
            elif each.kind is Kind.CLASS:
                values = [(c.name, c.name) for c in project.classes.all()]
            elif name == "by":
                values = [(who, who) for who in project.review.annotators()]
            elif name == "round":
                values = [(str(r.number), str(r.number)) for r in project.rounds.all()]
            if not values:
                sign = _SIGNS.get(each.kind, ":") if name != "confidence" else "<"
                menu.addAction(f"{text}\t{name}{sign}", partial(self._write, f"{name}{sign}"))
                continue
            under = menu.addMenu(text)
            for shown, value in values:
                under.addAction(shown.replace("&", "&&"), partial(self._write, term(name, value)))

    def _offer_views(self, menu: QMenu) -> None:
        views = saved_views(self._session.project)
        writable = not self._session.project.read_only
        for name, question in views.items():
            menu.addAction(name.replace("&", "&&"), partial(self.view_chosen.emit, question))
        menu.addSeparator()
        menu.addAction(tr("Save this view ..."), self._save).setEnabled(writable)
        if views:
            under = menu.addMenu(tr("Delete a view"))
            under.setEnabled(writable)
            for name in views:
                under.addAction(name.replace("&", "&&"), partial(self._store, name, None))

    def _save(self) -> None:
        name, given = QInputDialog.getText(self, tr("Save this view"), tr("Name of the view"))
        if given and name.strip():
            self._store(name.strip(), self._question())

    def _store(self, name: str, question: Question | None) -> None:
        views = saved_views(self._session.project)
        views.pop(name, None)
        if question is not None:
            views[name] = question
        stored = [[each, asdict(one)] for each, one in views.items()]
        self._session.project.settings.set(VIEWS, stored)


def _with_menu(text: str, fill: Callable[[QMenu], None]) -> QPushButton:
    """A button with a menu that is filled whenever it opens."""
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    menu = QMenu(button)

    def refill() -> None:
        menu.clear()
        fill(menu)

    menu.aboutToShow.connect(refill)
    button.setMenu(menu)
    return button
