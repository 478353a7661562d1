"""The classes with their keys: a click labels what is chosen, as the key does."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from labeller.window.class_keys import keys_of
from labeller.window.icons import swatch
from labeller.window.session import Session
from labeller.window.theme import class_colour

MAXIMUM_HEIGHT = 232


class ClassPanel(QWidget):
    """Signals: chosen(place in the order of classes); edit_wanted()."""

    chosen = Signal(int)
    edit_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.buttons: list[QPushButton] = []
        title = QLabel("Classes")
        title.setStyleSheet("font-weight: 600;")
        edit = QToolButton()
        edit.setText("Edit ...")
        edit.setToolTip("Add, rename, merge, order, colour, keys  (Ctrl+K)")
        edit.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        edit.clicked.connect(self.edit_wanted)
        if session.project.read_only:
            edit.hide()
        header = QHBoxLayout()
        header.addWidget(title)
        header.addStretch()
        header.addWidget(edit)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self._scroll)
        self.rebuild()
        session.classes_changed.connect(self.rebuild)
        session.labels_changed.connect(self.refresh)
        session.batch_changed.connect(self.refresh)

    def rebuild(self) -> None:
        """A button for each class."""
        self.buttons = []
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        classes = self._session.classes
        rows = max(1, (len(classes) + 1) // 2)
        for place, image_class in enumerate(classes):
            button = QPushButton()
            button.setIcon(swatch(class_colour(image_class)))
            button.setIconSize(QSize(12, 12))
            button.setStyleSheet("text-align: left; padding: 4px 6px;")
            # Clicking must not take the keyboard away from the grid
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, p=place: self.chosen.emit(p))
            self.buttons.append(button)
            grid.addWidget(button, place % rows, place // rows)
        self.refresh()  # only with their texts have the buttons their height
        self._scroll.setWidget(inside)
        self._scroll.setFixedHeight(min(inside.sizeHint().height() + 2, MAXIMUM_HEIGHT))

    def refresh(self, *_: object) -> None:
        """Show the names, and how many images carry each."""
        counts = self._session.project.labels.counts_by_class()
        keys = keys_of(self._session.classes)
        for button, image_class, key in zip(self.buttons, self._session.classes, keys, strict=True):
            count = counts.get(image_class.id, 0)
            shown = f"{key.upper()}  " if key else ""
            button.setText(f"{shown}{image_class.name}" + (f"  ({count})" if count else ""))
            told = [f"Key {key.upper()}." if key else "", image_class.description]
            told.append(f"{count} images are labelled {image_class.name}.")
            button.setToolTip("\n".join(filter(None, told)))
            button.setAccessibleName(f"Label as {image_class.name}")
