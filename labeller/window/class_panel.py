"""The classes with their keys: a click labels what is chosen, as the key does."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from labeller.window.session import Session
from labeller.window.theme import class_colour

KEYS = "1234567890"
MAXIMUM_HEIGHT = 232


class ClassPanel(QWidget):
    """Signals: chosen(place in the order of classes)."""

    chosen = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.buttons: list[QPushButton] = []
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        rows = (len(session.classes) + 1) // 2
        for place in range(len(session.classes)):
            button = QPushButton()
            button.setIcon(_swatch(place))
            button.setIconSize(QSize(12, 12))
            button.setStyleSheet("text-align: left; padding: 4px 6px;")
            # Clicking must not take the keyboard away from the grid
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, p=place: self.chosen.emit(p))
            self.buttons.append(button)
            grid.addWidget(button, place % rows, place // rows)
        self.refresh()  # only with their texts have the buttons their height
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedHeight(min(inside.sizeHint().height() + 2, MAXIMUM_HEIGHT))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        title = QLabel("Classes")
        title.setStyleSheet("font-weight: 600;")
        layout.addWidget(title)
        layout.addWidget(scroll)
        session.labels_changed.connect(self.refresh)
        session.batch_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the names, and how many images carry each."""
        counts = self._session.project.labels.counts_by_class()
        for place, button in enumerate(self.buttons):
            image_class = self._session.classes[place]
            key = KEYS[place] if place < len(KEYS) else ""
            count = counts.get(image_class.id, 0)
            button.setText(f"{key}  {image_class.name}" + (f"  ({count})" if count else ""))
            keys = f"Key {key}. " if key else ""
            button.setToolTip(f"{keys}{count} images are labelled {image_class.name}.")
            button.setAccessibleName(f"Label as {image_class.name}")


def _swatch(place: int) -> QPixmap:
    pixmap = QPixmap(48, 48)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(class_colour(place))
    painter.drawEllipse(pixmap.rect())
    painter.end()
    return pixmap
