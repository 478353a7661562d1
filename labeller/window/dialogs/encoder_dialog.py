"""Choosing the pretrained encoder: what each costs on this computer, its licence, its download."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from labeller_models.encoders import ENCODERS
from labeller_models.frozen import WEIGHTS
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from labeller.core.run import Progress, Run
from labeller.learning.learners import default_strategy
from labeller.loop.round_settings import keep_round_settings, round_settings
from labeller.project.project import Project
from labeller.window.kit.language import tr
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import Operation
from labeller.window.labelling.labelling_page import LabellingPage

WIDTH, HEIGHT = 980, 440


def choose_encoder(page: LabellingPage) -> None:
    """Look up the available encoders, which imports timm, and ask."""

    def look_up(project: Project, run: Run) -> Any:
        from labeller.learning.encoder_offers import offers

        return offers()

    page.learning.start(
        Operation(
            tr("Looking up encoders"),
            look_up,
            partial(_ask, page),
            tr("Encoders have to wait until the current task has finished."),
        )
    )


def _ask(page: LabellingPage, offered: Any) -> None:
    dialog = EncoderDialog(page, offered)
    if dialog.exec():
        page.live.start()
    dialog.deleteLater()
    page.take_keyboard()


class EncoderDialog(QDialog):
    """Once accepted, the chosen encoder is used from the next round on. The page's worker
    downloads and measures.

    Args:
        offered: `labeller.learning.encoder_offers.Offer`s.
    """

    def __init__(self, page: LabellingPage, offered: Any) -> None:
        super().__init__(page)
        self.setWindowTitle(tr("Encoder"))
        self._page, self._worker = page, page.learning.worker
        self._now = round_settings(page.session.project)
        self._offers = {each.name: each for each in offered}
        self._speeds: dict[str, str] = {}
        self._is_here = {each.name for each in offered if each.facts.is_here}
        self._names: list[str] = []  # by row
        current = self._now.method.encoder
        if current not in self._offers:
            self._is_here.add(current)
        self.table = _table()
        for name in [*self._offers, current]:
            self._show(name)
        self.measure = QPushButton(tr("&Measure the speed here"))
        self.download = QPushButton(tr("&Download"))
        self.from_file = QPushButton(tr("Weights from a &file ..."))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.message = PlainLabel()
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.use = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.use.setText(tr("&Use this encoder"))
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._allow)
        self.table.itemDoubleClicked.connect(lambda _: self.use.click())
        self.measure.clicked.connect(self._measure)
        self.download.clicked.connect(self._download)
        self.from_file.clicked.connect(self._choose_file)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._worker.progressed.connect(self._show_progress)
        self._worker.failed.connect(self.message.setText)
        self._worker.busy_changed.connect(self._allow)
        self._allow()

    @property
    def chosen(self) -> str:
        """The name of the selected encoder."""
        return self._names[self.table.currentRow()]

    def accept(self) -> None:
        project, before = self._page.session.project, self._now.method
        usual = before.strategy == default_strategy(before.encoder)
        strategy = "" if usual else before.strategy
        method = replace(before, encoder=self.chosen, strategy=strategy)
        keep_round_settings(project, replace(self._now, method=method), project.batch_size)
        super().accept()

    def done(self, result: int) -> None:
        """Stop the work that still runs for this dialog."""
        if self.bar.isVisible():
            self._worker.stop()
        super().done(result)

    # -- what it looks like

    def _lay_out(self) -> None:
        words = PlainLabel(
            tr(
                "The encoder turns an image into features; what is learnt from your labels builds "
                "on them. A larger one may know more and reads your images more slowly, once. "
                "Nothing is downloaded unless you ask for it."
            )
        )
        words.setWordWrap(True)
        line = QHBoxLayout()
        for button in (self.measure, self.download, self.from_file):
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addStretch()
        layout = QVBoxLayout(self)
        layout.addWidget(words)
        layout.addWidget(self.table, 1)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addWidget(self.buttons)
        room = self.screen().availableSize()
        self.resize(min(WIDTH, room.width()), min(HEIGHT, room.height()))

    def _show(self, name: str) -> None:
        """Select the encoder's row, appending one if it has none."""
        if name not in self._names:
            self._names.append(name)
            self.table.setRowCount(len(self._names))
        row = self._names.index(name)
        here = tr("on this computer") if name in self._is_here else tr("to download")
        texts = [tr(ENCODERS.explained(name)) if name in ENCODERS else name, "", "", here, ""]
        if (offer := self._offers.get(name)) is not None:
            whole = QLocale.DataSizeFormat.DataSizeSIFormat
            size = QLocale().formattedDataSize(offer.facts.size, 0, whole)
            texts = [
                tr(offer.explained),
                size,
                offer.facts.licence,
                here,
                self._speeds.get(name, ""),
            ]
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(f"{texts[0]} ({name})")
            self.table.setItem(row, column, item)
        self.table.selectRow(row)

    def _allow(self, *_: object) -> None:
        busy, here = self._worker.busy, self.chosen in self._is_here
        self.bar.setVisible(busy)
        self.measure.setEnabled(not busy)
        self.download.setEnabled(not busy and not here)
        self.from_file.setEnabled(not busy and self.chosen.partition(WEIGHTS)[0] in self._offers)
        self.use.setEnabled(here)

    def _show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    # -- what it does

    def _start(
        self, title: str, run: Callable[[Project, Run], Any], show: Callable[[Any], None]
    ) -> None:
        """Run an operation, and show its result if the dialog is still open."""
        self.message.clear()
        self.bar.setRange(0, 0)
        self._page.learning.start(
            Operation(title, run, lambda found: show(found) if self.isVisible() else None)
        )

    def _measure(self) -> None:
        names = list(self._offers)

        def measure(project: Project, run: Run) -> dict[str, float]:
            from labeller.learning.encoder_offers import speeds

            return dict(speeds(project.image_files(), names, run))

        def show(found: dict[str, float]) -> None:
            images, chosen = self._page.session.project.images.counts()["ready"], self.chosen
            for name, speed in found.items():
                self._speeds[name] = tr("{speed}/s, all in {minutes} min").format(
                    speed=f"{speed:.1f}", minutes=f"{images / speed / 60:.1f}"
                )
                self._show(name)
            self._show(chosen)

        self._start(tr("Measuring encoders"), measure, show)

    def _download(self) -> None:
        name = self.chosen

        def fetch(project: Project, run: Run) -> None:
            from labeller.learning.encoder_offers import download

            download(name, run)

        self._start(tr("Downloading"), fetch, lambda _: self._add(name))

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Weights of this encoder"), "", tr("Weights") + " (*.safetensors)"
        )
        if not path:
            return
        name = f"{self.chosen.partition(WEIGHTS)[0]}{WEIGHTS}{path}"

        def load(project: Project, run: Run) -> None:
            from labeller.learning.encoder_offers import require_usable

            require_usable(name)

        self._start(tr("Loading the encoder"), load, lambda _: self._add(name))

    def _add(self, name: str) -> None:
        """Offer an encoder that has just been loaded."""
        self._is_here.add(name)
        self._show(name)
        self.message.setText(tr("It is ready. Use it from the next round on."))
        self._allow()


def _table() -> QTableWidget:
    heads = [tr("Encoder"), tr("Size"), tr("Licence"), tr("Where"), tr("Speed here")]
    table = QTableWidget(0, len(heads))
    table.setHorizontalHeaderLabels(heads)
    table.setAccessibleName(tr("Encoders"))
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().hide()
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    return table
