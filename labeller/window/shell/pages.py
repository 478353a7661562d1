"""The pages shown without a project: the welcome page, and progress while one is being made."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from labeller.core.run import Progress
from labeller.window.kit.language import tr
from labeller.window.kit.preferences import recent_projects
from labeller.window.kit.theme import icon
from labeller.window.kit.widgets import PlainLabel

WIDTH = 520


class WelcomePage(QWidget):
    """Signals: what the person wants to do."""

    new_wanted = Signal()
    open_wanted = Signal()
    demo_wanted = Signal()
    project_chosen = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        logo = PlainLabel()
        logo.setPixmap(icon("labeller").pixmap(64, 64))
        title = PlainLabel("Labeller")
        title.setStyleSheet("font-size: 26px; font-weight: 600;")
        text = PlainLabel(
            tr(
                "Label some images. A model learns beside you\n"
                "and picks the next ones, so that you label far fewer."
            )
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.new_button = QPushButton(tr("New project ..."))
        self.open_button = QPushButton(tr("Open project ..."))
        self.demo_button = QPushButton(tr("Try the demo"))
        buttons = QHBoxLayout()
        for button, signal in (
            (self.new_button, self.new_wanted),
            (self.open_button, self.open_wanted),
            (self.demo_button, self.demo_wanted),
        ):
            button.setMinimumSize(160, 36)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        self._recent_title = PlainLabel(tr("Recent projects"))
        self._recent_title.setStyleSheet("font-weight: 600;")
        self._recent_title.setFixedWidth(WIDTH)
        self.recent = QListWidget()
        self.recent.setFixedSize(WIDTH, 220)
        self.recent.setAccessibleName(tr("Recent projects"))
        self.recent.itemActivated.connect(self._choose)
        self.recent.itemClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(2)
        for widget in (logo, title, text):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(self._centred(buttons))
        layout.addSpacing(12)
        layout.addWidget(self._recent_title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.recent, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.refresh()

    def refresh(self) -> None:
        """Read the recent projects again."""
        self.recent.clear()
        for folder in recent_projects():
            item = QListWidgetItem(f"{folder.name}\n{folder}")
            item.setData(Qt.ItemDataRole.UserRole, folder)
            self.recent.addItem(item)
        known = self.recent.count() > 0
        self.recent.setVisible(known)
        self._recent_title.setVisible(known)

    def _choose(self, item: QListWidgetItem) -> None:
        self.project_chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    @staticmethod
    def _centred(inner: QHBoxLayout) -> QHBoxLayout:
        outer = QHBoxLayout()
        outer.addStretch()
        outer.addLayout(inner)
        outer.addStretch()
        return outer


class ProgressPage(QWidget):
    """Signals: cancelled(): the person wants to stop."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = PlainLabel()
        self._title.setStyleSheet("font-size: 18px; font-weight: 600;")
        self._detail = PlainLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(420)
        self.button = QPushButton(tr("Cancel"))
        self.button.clicked.connect(self._cancel)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch()
        for widget in (self._title, self.bar, self._detail, self.button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()

    def begin(self, title: str, stoppable: bool) -> None:
        self._title.setText(title)
        self.button.setVisible(stoppable)
        self._detail.setText("")
        self.bar.setRange(0, 0)
        self.button.setEnabled(True)

    def show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        self._detail.setText(
            tr("{stage}: {done} of {total}").format(
                stage=tr(progress.stage), done=f"{progress.done:,}", total=f"{progress.total:,}"
            )
        )

    def _cancel(self) -> None:
        self.button.setEnabled(False)
        self._detail.setText(tr("Stopping ..."))
        self.cancelled.emit()
