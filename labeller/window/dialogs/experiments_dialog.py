"""Strategies and seeds compared in the window: a queue of simulations, their curves and files."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from labeller.core.chosen_encoders import choose
from labeller.core.errors import LabellerError
from labeller.core.run import Progress, Run
from labeller.experiments import queue as plans
from labeller.experiments.figures import write_figure
from labeller.experiments.queue import Experiment
from labeller.experiments.result_tables import write_table
from labeller.experiments.results import Outcome, points
from labeller.learning.learners import trains_network
from labeller.loop.round_settings import round_settings
from labeller.project.project import Project, explaining
from labeller.window.dialogs.round_dialog import ExperimentForm
from labeller.window.kit.language import spoken, tr
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import Operation
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.learning.plots import ExperimentPlot


def show_experiments(page: LabellingPage) -> None:
    """Open it beside the window, only once."""
    for open_one in page.findChildren(ExperimentsDialog):
        open_one.activateWindow()
        return
    dialog = ExperimentsDialog(page)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()


def run_experiments(page: LabellingPage) -> Operation:
    """Simulate the unfinished experiments of the project's queue."""

    def simulate(project: Project, run: Run) -> None:
        def report(progress: Progress) -> None:  # the curves are those of the project's model
            run.report(replace(progress, metrics=None))

        plans.run_queue(project, replace(run, report=report))

    def done(_: object) -> None:
        page.learning.finished.emit(tr("The experiments have finished."))

    return Operation(tr("Running experiments"), simulate, done)


class ExperimentsDialog(QDialog):
    """A non-modal dialog; the window's worker runs the queue."""

    def __init__(self, page: LabellingPage) -> None:
        super().__init__(page)
        self.setWindowTitle(tr("Experiments"))
        self._page, self._project = page, page.session.project
        self._worker = worker = page.learning.worker
        project = self._project
        self._queue: list[Experiment] = []
        self.outcomes: dict[str, Outcome] = {}
        self.form = ExperimentForm(round_settings(project), project.batch_size)
        self.table = _table()
        self.plot = ExperimentPlot()
        self.message = PlainLabel()
        self.message.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of the experiments"))
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self.form.added.connect(self._add)
        self.table.currentCellChanged.connect(self._allow)
        worker.progressed.connect(self._on_progress)
        worker.busy_changed.connect(self.refresh)
        folder = project.folder / plans.FOLDER
        folder.mkdir(exist_ok=True)
        # Results are written by the worker or by the command line.
        self._watcher = QFileSystemWatcher([str(folder)], self)
        self._watcher.directoryChanged.connect(self.refresh)
        self.refresh()
        self.resize(1080, 700)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop reading: the project may be closed next."""
        self._watcher.blockSignals(True)
        super().closeEvent(event)

    def refresh(self, *_: object) -> None:
        """Read the queue and its results again."""
        with explaining(self._project.folder):
            self._queue = plans.experiments(self._project)
        self.outcomes = plans.outcomes(self._project, self._queue)
        row = max(0, self.table.currentRow())
        self.table.setRowCount(len(self._queue))
        for place, experiment in enumerate(self._queue):
            for column, text in enumerate(self._texts(experiment)):
                self.table.setItem(place, column, QTableWidgetItem(text))
        self.table.resizeColumnsToContents()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setCurrentCell(min(row, len(self._queue) - 1), 0)
        self.plot.show_outcomes(self.outcomes)
        self.form.avoid(self._taken_names())
        if not self._worker.busy:
            self.bar.hide()
            advice = tr(
                "Add an experiment, then run the queue. It labels a copy of the project with the "
                "hidden labels; your own labels are not touched."
            )
            self.message.setText("" if self._queue else advice)
        self._allow()

    def _texts(self, experiment: Experiment) -> tuple[str, ...]:
        """The texts of a table row."""
        outcome = self.outcomes.get(experiment.name)
        done = points(outcome) if outcome else []
        cycles = sum(len(run.cycles) for run in outcome.runs) if outcome else 0
        plan = experiment.plan
        total = plan.cycles * len(plan.seeds)
        state = {
            plans.WAITING: tr("waiting"),
            plans.BEGUN: tr("{done} of {total} cycles").format(done=cycles, total=total),
            plans.DONE: tr("done"),
        }[plans.state(self._project, experiment)]
        reached = ""
        if done and done[-1].mean is not None and done[-1].deviation is not None:
            reached = f"{done[-1].mean:.1%} ± {100 * done[-1].deviation:.1f}"
        recipe = plan.method.recipe.name if trains_network(plan.method.encoder) else "–"
        images = f"{plan.initial} + {plan.cycles - 1} × {plan.budget}"
        return (
            experiment.name, state, reached, plan.method.strategy, plan.method.encoder,
            recipe, images, " ".join(map(str, plan.seeds)),
        )  # fmt: skip

    def _taken_names(self) -> set[str]:
        """Names in the queue and of existing results."""
        files = (self._project.folder / plans.FOLDER).glob("*.json")
        return {each.name for each in self._queue} | {file.stem for file in files}

    def _add(self, experiment: Experiment) -> None:
        try:
            with explaining(self._project.folder):
                plans.add(self._project, experiment)
                choose(experiment.plan.method.encoder)
        except LabellerError as error:
            self.form.message.setText(spoken(error))
            return
        self.form.name.clear()
        self.refresh()
        self.table.setCurrentCell(len(self._queue) - 1, 0)

    def _run(self) -> None:
        self._page.learning.start(run_experiments(self._page))

    def _remove(self) -> None:
        chosen = self._queue[self.table.currentRow()]
        plans.forget(self._project, chosen.name)
        self.refresh()

    def _copy(self) -> None:
        chosen = self._queue[self.table.currentRow()]
        QGuiApplication.clipboard().setText(plans.as_command(self._project, chosen))
        self.message.setText(
            tr("The command for “{name}” is on the clipboard.").format(name=chosen.name)
        )

    def _save_figure(self) -> None:
        self._save("experiments.png", tr("Figures (*.png *.svg *.pdf)"), write_figure)

    def _save_table(self) -> None:
        self._save(
            "experiments.csv",
            tr("Tables (*.csv *.json *.parquet)"),
            lambda outcomes, path: write_table({"": outcomes}, path),
        )

    def _save(
        self, name: str, kinds: str, write: Callable[[dict[str, Outcome], Path], object]
    ) -> None:
        """Ask for a file name and write it."""
        suggestion = self._project.folder.parent / name
        path, _ = QFileDialog.getSaveFileName(self, tr("Save"), str(suggestion), kinds)
        if path:
            write(self.outcomes, Path(path))
            self.message.setText(tr("Saved to {path}.").format(path=path))

    def _on_progress(self, progress: Progress) -> None:
        self.bar.setMaximum(progress.total)
        self.bar.setValue(progress.done)
        self.bar.show()
        text = f"{tr(progress.stage)} ..."
        if at := progress.cycle:
            where = tr("Seed {seed}, cycle {number} of {of}")
            text = f"{where.format(seed=at.seed, number=at.number, of=at.of)}: {text}"
        self.message.setText(text)

    def _allow(self, *_: object) -> None:
        """Enable what can be done now."""
        chosen, busy = 0 <= self.table.currentRow() < len(self._queue), self._worker.busy
        states = [plans.state(self._project, each) for each in self._queue]
        self.buttons["run"].setEnabled(not busy and any(s != plans.DONE for s in states))
        self.buttons["stop"].setEnabled(busy)
        self.buttons["remove"].setEnabled(chosen and not busy)
        self.buttons["copy"].setEnabled(chosen)
        for name in ("figure", "table"):
            self.buttons[name].setEnabled(bool(self.outcomes))

    def _lay_out(self) -> None:
        calls: dict[str, tuple[str, Callable[[], object]]] = {
            "run": (tr("Run the &queue"), self._run),
            "stop": (tr("Sto&p"), self._page.learning.stop),
            "remove": (tr("Remo&ve"), self._remove),
            "copy": (tr("Copy as c&ommand"), self._copy),
            "figure": (tr("Save fi&gure ..."), self._save_figure),
            "table": (tr("Save &table ..."), self._save_table),
        }
        row = QHBoxLayout()
        for name, (text, call) in calls.items():
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, c=call: self._do(c))
            self.buttons[name] = button
            row.addWidget(button)
        row.addStretch()
        close = QPushButton(tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        row.addWidget(close)
        right = QVBoxLayout()
        right.addWidget(self.table, 2)
        right.addWidget(self.plot, 3)
        left = QVBoxLayout()
        left.addWidget(self.form)
        left.addStretch()
        upper = QHBoxLayout()
        upper.addLayout(left)
        upper.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(upper, 1)
        layout.addWidget(self.message)
        layout.addWidget(self.bar)
        layout.addLayout(row)

    def _do(self, call: Callable[[], object]) -> None:
        """Run a button's action, or report why it failed."""
        try:
            with explaining(self._project.folder):
                call()
        except (LabellerError, OSError) as error:
            self.message.setText(spoken(error))


def _table() -> QTableWidget:
    titles = (
        tr("Name"), tr("State"), tr("Accuracy"), tr("Strategy"), tr("Network"), tr("Recipe"),
        tr("Images"), tr("Seeds"),
    )  # fmt: skip
    table = QTableWidget(0, len(titles))
    table.setHorizontalHeaderLabels(titles)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.setTabKeyNavigation(False)
    table.setAccessibleName(tr("Queue of experiments"))
    return table
