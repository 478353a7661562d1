"""A tour of the window in under a minute, shown with the first project."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from labeller.store.classes import keys_of
from labeller.window.kit.actions import key_of, key_text
from labeller.window.kit.language import tr
from labeller.window.kit.preferences import settings
from labeller.window.kit.theme import ACCENT
from labeller.window.kit.widgets import PlainLabel
from labeller.window.labelling.labelling_page import LabellingPage

SEEN = "tour_seen"
CARD_WIDTH, MARGIN, RADIUS = 360, 16, 8
SHADE = QColor(10, 12, 16, 150)


@dataclass(frozen=True)
class Step:
    """A few words about one part of the window. The keys they name work meanwhile: those of the
    classes if it `labels`, and those of `actions`."""

    title: str
    text: str
    target: Callable[[QMainWindow, LabellingPage], QWidget]
    labels: bool = False
    actions: tuple[str, ...] = ()


def steps() -> list[Step]:
    """All steps, about 130 words."""
    return [
        Step(
            tr("Press a number"),
            tr(
                "It labels the selected image, and the next unlabelled one is selected. "
                "Select several with Shift, Ctrl or the mouse: one key labels them all."
            ),
            lambda window, page: page.grid,
            labels=True,
        ),
        Step(
            tr("The classes and their keys"),
            tr(
                "Click a class or press its key. The key {find} makes a new one; right-click "
                "a class to change it. No label is ever lost."
            ).format(find=key_text("find_class")),
            lambda window, page: page.classes,
            labels=True,
        ),
        Step(
            tr("No need to save"),
            tr(
                "Every label you see is on disk. {undo} undoes without limit, even "
                "tomorrow. {skip} skips what you are not sure of."
            ).format(undo=key_text("undo"), skip=key_text("skip")),
            lambda window, page: window.findChildren(QToolBar)[0],
            actions=("undo", "skip"),
        ),
        Step(
            tr("A model learns beside you"),
            tr(
                "When the batch is finished, the model learns, chooses the images it can "
                "learn most from, and suggests their classes. Press {train} to train at any "
                "time, and keep labelling while it runs."
            ).format(train=key_text("train")),
            lambda window, page: page.training,
            actions=("train",),
        ),
        Step(
            tr("Everything has a key"),
            tr(
                "This line says what is going on. {keys} lists the keys, {commands} "
                "finds any command by part of its name; Help → Tour shows this again."
            ).format(keys=key_text("keys"), commands=key_text("commands")),
            lambda window, page: window.statusBar(),
            actions=("keys", "commands"),
        ),
    ]


class Tour(QWidget):
    """An overlay with a hole around the part that a card explains."""

    def __init__(self, window: QMainWindow, page: LabellingPage) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._alone = False  # once the page is closed
        self.steps = steps()
        self.place = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleDescription(tr("Tour"))
        self.card = QFrame(self)
        self.card.setAutoFillBackground(True)
        self.card.setFixedWidth(CARD_WIDTH)
        self._title, self._text, self._count = PlainLabel(), PlainLabel(), PlainLabel()
        self._title.setStyleSheet("font-size: 15px; font-weight: 600;")
        self._text.setWordWrap(True)
        self.back = _button(tr("Back"), lambda: self.go(self.place - 1))
        self.next = _button(tr("Next"), lambda: self.go(self.place + 1))
        self.end = _button(tr("Skip the tour"), self.close)
        self._lay_out()
        window.installEventFilter(self)
        page.destroyed.connect(self._go_with_the_page)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus()
        self.go(0)

    def go(self, place: int) -> None:
        """Go to a step; after the last one the tour ends."""
        if place >= len(self.steps):
            self.close()
            return
        self.place = max(0, place)
        step = self.steps[self.place]
        self._title.setText(step.title)
        self._text.setText(step.text)
        self._count.setText(f"{self.place + 1} / {len(self.steps)}")
        self.back.setEnabled(self.place > 0)
        last = self.place == len(self.steps) - 1
        self.next.setText(tr("Start labelling") if last else tr("Next"))
        self.end.setVisible(not last)
        self.setAccessibleName(f"{step.title}. {step.text}")  # a new name is read
        self._put_card()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.go(self.place + 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Backspace):
            self.go(self.place - 1)
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            self._do_what_is_named(event)

    def _do_what_is_named(self, event: QKeyEvent) -> None:
        """Do what the keys named on the card do: newcomers try them."""
        step, page = self.steps[self.place], self._page
        pressed = QKeySequence(event.keyCombination())
        keys = keys_of(page.session.classes)
        named = [QKeySequence(key.title()) if key else QKeySequence() for key in keys]
        if step.labels and not pressed.isEmpty() and pressed in named:
            page.changes.label(page.chosen(), named.index(pressed))
        for name in step.actions:
            if pressed == key_of(name):
                for action in self._window.findChildren(QAction):
                    if action.shortcut() == pressed and action.isEnabled():
                        action.trigger()
                        return

    def event(self, event: QEvent) -> bool:
        """Keep keys from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the keyboard: the window behind is shaded."""
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # do not pass it to the window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            self._put_card()
        return False

    def closeEvent(self, event: object) -> None:
        settings().setValue(SEEN, True)
        self._window.removeEventFilter(self)
        if not self._alone:
            self._page.take_keyboard()

    def _go_with_the_page(self) -> None:
        self._alone = True
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hole = QPainterPath()
        hole.addRoundedRect(self._hole(), RADIUS, RADIUS)
        shade = QPainterPath()
        shade.addRect(self.rect())
        painter.fillPath(shade.subtracted(hole), SHADE)
        painter.setPen(QPen(ACCENT, 2))
        painter.drawPath(hole)

    def _hole(self) -> QRect:
        target = self.steps[self.place].target(self._window, self._page)
        return QRect(target.mapTo(self._window, QPoint()), target.size()).adjusted(-2, -2, 2, 2)

    def _put_card(self) -> None:
        """Put the card beside the explained part if there is space, otherwise in its middle."""
        hole, room = self._hole(), self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        self.card.setFixedHeight(self._layout.heightForWidth(CARD_WIDTH))
        size = QSize(CARD_WIDTH, self.card.height())
        middle = hole.center() - QPoint(size.width() // 2, size.height() // 2)
        places = (
            QPoint(hole.left() - size.width() - MARGIN, middle.y()),
            QPoint(middle.x(), hole.bottom() + MARGIN),
            QPoint(middle.x(), hole.top() - size.height() - MARGIN),
            QPoint(hole.right() + MARGIN, middle.y()),
        )
        card = QRect(middle, size)
        for place in places:
            beside = _moved_into(QRect(place, size), room)
            if not beside.intersects(hole):
                card = beside
                break
        self.card.move(_moved_into(card, room).topLeft())

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._count)
        buttons.addStretch()
        for button in (self.end, self.back, self.next):
            buttons.addWidget(button)
        self._layout = QVBoxLayout(self.card)
        self._layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._layout.addWidget(self._title)
        self._layout.addWidget(self._text)
        self._layout.addLayout(buttons)


def show_tour(window: QMainWindow) -> None:
    """Show the tour if a project is open."""
    pages = [page for page in window.findChildren(LabellingPage) if page.isVisible()]
    if pages and not window.findChildren(Tour):
        Tour(window, pages[0])


def show_tour_once(window: QMainWindow) -> None:
    """Show the tour to somebody who has not seen it."""
    if settings().value(SEEN) is None:
        show_tour(window)


def _button(text: str, call: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the tour keeps the keyboard
    button.clicked.connect(lambda: call())
    return button


def _moved_into(card: QRect, room: QRect) -> QRect:
    """The card, moved just enough to be visible."""
    moved = QRect(card)
    moved.moveLeft(max(room.left(), min(card.left(), room.right() - card.width())))
    moved.moveTop(max(room.top(), min(card.top(), room.bottom() - card.height())))
    return moved
