"""Shown while a project is being made: what is going on, its progress, and a way out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from labeller.core.progress import Progress
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel


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
