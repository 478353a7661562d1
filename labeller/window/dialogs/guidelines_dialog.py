"""The project's guidelines beside the window: read while labelling, and written here."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDesktopServices,
    QGuiApplication,
    QImage,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from labeller.core.errors import LabellerError
from labeller.pool.decode import UnreadableImage, decode
from labeller.project import guidelines
from labeller.store.classes import ImageClass
from labeller.window.kit.actions import key_of, key_text
from labeller.window.kit.language import spoken, tr
from labeller.window.kit.theme import class_colour
from labeller.window.labelling.changes import Changes
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Thumbnails, to_qimage

EXAMPLE_SIDE, PICTURE_WIDTH = 104, 600
MARGIN, HEADING_MARGIN = 14, 16
LOADED_MS = 80
"""How long thumbnails are collected before the page is drawn again."""
MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub
NO_HTML = QTextDocument.MarkdownFeature.MarkdownNoHTML


def show_guidelines(page: LabellingPage) -> None:
    """Open the guidelines at the class of the current image, or bring them to the front."""
    session = page.session
    shown = page.findChildren(GuidelinesDialog)
    dialog = shown[0] if shown else GuidelinesDialog(session, page.changes, page.thumbnails, page)
    if not shown:
        dialog.finished.connect(page.take_keyboard)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    if not dialog.is_editing:
        dialog.shown.refresh()  # in the size that the window has by now
    if session.images and not session.resting:
        suggested = session.suggested(session.cursor)
        current = session.class_of(session.cursor) or (suggested[0] if suggested else None)
        if current is not None:
            dialog.shown.go_to(current)


class GuidelinesDialog(QDialog):
    """Shows the page, or the editor of its text, which is stored when the editor is left."""

    def __init__(
        self, session: Session, changes: Changes, thumbnails: Thumbnails, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._changes = session, changes
        self.setWindowTitle(tr("Guidelines"))
        self.shown = _Page(session, thumbnails)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Guidelines as Markdown"))
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(
            tr("Markdown: # Heading, **bold**, - list, pictures by the button")
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self.shown)
        self.pages.addWidget(self.text)
        self.edit = self._button(tr("&Edit"), self._edit)
        self.picture = self._button(tr("Insert a &picture ..."), self._ask_for_picture)
        self.discard = self._button(tr("Discard changes"), self._show_page)
        self.save = self._button(tr("&Save"), self.store)
        self.close_button = self._button(tr("Close"), self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self.edit)
        buttons.addWidget(self.picture)
        buttons.addStretch()
        for button in (self.discard, self.save, self.close_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.pages, 1)
        layout.addLayout(buttons)
        QShortcut(key_of("guidelines"), self, self.close)
        self._before = ""  # the text when the editor was opened
        session.classes_changed.connect(self.shown.refresh_if_seen)
        self._show_page()
        self.resize(640, 720)

    def _button(self, text: str, call: Any) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: call())
        return button

    @property
    def is_editing(self) -> bool:
        return self.pages.currentWidget() is self.text

    def _show_page(self) -> None:
        self.pages.setCurrentWidget(self.shown)
        self.shown.refresh()
        self.edit.setVisible(not self._session.project.read_only)
        for button in (self.picture, self.discard, self.save):
            button.hide()
        self.close_button.show()
        self.shown.setFocus()

    def _edit(self) -> None:
        self._before = self._session.project.guidelines.get()
        self.text.setPlainText(self._before)
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.pages.setCurrentWidget(self.text)
        self.edit.hide()
        self.close_button.hide()
        for button in (self.picture, self.discard, self.save):
            button.show()
        self.text.setFocus()

    def store(self) -> None:
        """Store what was written; the editor stays open where that fails."""
        text = self.text.toPlainText()
        if text == self._before or self._changes.write_guidelines(text):
            self._show_page()

    def insert_picture(self, file: Path) -> None:
        """Copy a picture into the project and show it where the cursor is."""
        try:
            name = guidelines.add_picture(self._session.project, file)
        except LabellerError as error:
            self._session.failed.emit(spoken(error))
        else:
            self.text.insertPlainText(f"![{guidelines.title_of(file.stem)}]({name})")
        self.text.setFocus()

    def _ask_for_picture(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Insert a picture"))
        if name:
            self.insert_picture(Path(name))

    def reject(self) -> None:
        """Escape leaves the editor first."""
        if self.is_editing:
            self.store()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_editing:
            self.store()
        if self.is_editing:  # it could not be stored, and the project may be closing
            QGuiApplication.clipboard().setText(self.text.toPlainText())
            event.ignore()
            return
        super().closeEvent(event)


class _Page(QTextBrowser):
    """The rendered page. Pictures come from the project alone; links are opened outside."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self._page = guidelines.Page()
        self._pictures: dict[str, QImage] = {}
        self._sections: dict[int, int] = {}  # by class: the number of its heading's block
        self.document().setDocumentMargin(MARGIN)
        self.setAccessibleName(tr("Guidelines"))
        self.setOpenLinks(False)
        self.anchorClicked.connect(_open)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(LOADED_MS)
        self._again.timeout.connect(self._draw)
        thumbnails.loaded.connect(self._on_loaded)

    def refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Reload the page, keeping the scroll position."""
        self._page = guidelines.page(self._session.project, tr)
        if not guidelines.has_guidelines(self._session.project):
            self._page.text = self._how_to() + "\n\n" + self._page.text
        self._draw()

    def _how_to(self) -> str:
        return guidelines.plain(
            tr(
                "There are no guidelines yet. Edit writes some; {example} makes a labelled image "
                "an example of its class, {wrong} of what a class is not; {classes} describes "
                "classes."
            ).format(
                example=key_text("example"),
                wrong=key_text("wrong_example"),
                classes=key_text("edit_classes"),
            )
        )

    def _draw(self) -> None:
        place = self.verticalScrollBar().value()
        text = guidelines.with_simple_titles(self._page.text)
        self.document().setMarkdown(text, MARKDOWN | NO_HTML)
        self._sections = {}
        block, classes = self.document().lastBlock(), self._session.classes[::-1]
        edit = QTextCursor(self.document())
        edit.beginEditBlock()  # one layout for all headings
        while block.isValid():  # from the end: the text above may have the same headings
            level = block.blockFormat().headingLevel()
            if level:
                self._set_off(QTextCursor(block))
            if level == 2 and len(self._sections) < len(classes):
                image_class = classes[len(self._sections)]
                self._sections[image_class.id] = block.blockNumber()
                self._mark(QTextCursor(block), class_colour(image_class))
            block = block.previous()
        edit.endEditBlock()
        self.verticalScrollBar().setValue(place)

    @staticmethod
    def _set_off(heading: QTextCursor) -> None:
        form = heading.blockFormat()
        form.setTopMargin(HEADING_MARGIN)
        heading.setBlockFormat(form)

    @staticmethod
    def _mark(heading: QTextCursor, colour: QColor) -> None:
        form = heading.charFormat()
        form.setForeground(colour)
        heading.insertText("■ ", form)

    def go_to(self, image_class: ImageClass) -> None:
        """Scroll to the section of a class."""
        if (number := self._sections.get(image_class.id)) is not None:
            block = self.document().findBlockByNumber(number)
            top = self.document().documentLayout().blockBoundingRect(block).top()
            self.verticalScrollBar().setValue(round(top) - 8)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Load pictures of the project by name, and nothing else."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        wanted = QUrl(name).toString()
        if (image := self._page.examples.get(wanted)) is not None:
            pixmap = self._thumbnails.get(image)
            side = QSize(EXAMPLE_SIDE, EXAMPLE_SIDE)
            if pixmap is not None and not pixmap.isNull():
                return self._fitted(pixmap.toImage(), side)
            size = QSize(image.width or 1, image.height or 1)  # so that nothing moves later
            blank = QImage(
                size.scaled(side, Qt.AspectRatioMode.KeepAspectRatio), QImage.Format.Format_RGB32
            )
            blank.fill(self.palette().mid().color())
            return blank
        found = self._picture(wanted)
        width = min(PICTURE_WIDTH, max(EXAMPLE_SIDE, self.viewport().width() - 2 * MARGIN))
        return self._fitted(found, QSize(width, PICTURE_WIDTH))

    def _picture(self, name: str) -> QImage:
        """A picture in the text, decoded once: its name is a digest of its content."""
        if name not in self._pictures:
            data = guidelines.picture(self._session.project, name)
            try:
                reading = self._session.project.reading
                read = None if data is None else to_qimage(decode(data, reading=reading).picture)
            except UnreadableImage:
                read = None
            if read is None:
                return QImage()  # it may come with a merge
            self._pictures[name] = read
        return self._pictures[name]

    def _fitted(self, picture: QImage, most: QSize) -> QImage:
        """A picture within a size, sharp on this screen; small ones stay as they are."""
        ratio = self.devicePixelRatioF()
        room = most * ratio
        if picture.width() > room.width() or picture.height() > room.height():
            picture = picture.scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            picture.setDevicePixelRatio(ratio)
        return picture

    def _on_loaded(self, image_id: int) -> None:
        if self.isVisible() and any(image.id == image_id for image in self._page.examples.values()):
            self._again.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._again.start()


def _open(url: QUrl) -> None:
    """Open links to web pages only; others could lead to any file."""
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)
