"""Let the model label the rest: how many images, and with what expected precision."""

from functools import partial

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.core.run import Run
from labeller.loop.pool_prediction import Answers, most_confident
from labeller.project.project import Project
from labeller.window.kit.language import tr
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import Operation
from labeller.window.labelling.labelling_page import LabellingPage

DEFAULT_RIGHT = 95
LEFT_SHOWN = 500
"""Images that a model left open are shown up to this many."""


def label_rest(page: LabellingPage) -> None:
    """Predict all open images, then ask how confident the model has to be."""

    def predict(project: Project, run: Run) -> Answers:
        from labeller.loop.pool_prediction import require_calibrated, weigh_rest

        require_calibrated(project)
        return weigh_rest(project, run)

    page.learning.start(
        Operation(tr("Predicting the unlabelled images"), predict, partial(_ask, page))
    )


def _ask(page: LabellingPage, answers: Answers) -> None:
    """Let the model label the images it is confident about, then review the rest."""
    dialog = RestDialog(answers, page)
    if dialog.exec():
        page.changes.let_model_label(answers, dialog.count)
        if left := dialog.left()[:LEFT_SHOWN]:
            page.session.look_through(left, tr("Left open by the model, most confident first"))
    page.take_keyboard()


class RestDialog(QDialog):
    """Once accepted, the first `count` answers are to be stored."""

    def __init__(self, answers: Answers, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Label the rest"))
        self._answers, self.count = answers, 0
        words = PlainLabel(
            tr(
                "The model labels the images it is most confident about. Its labels are "
                "kept separate: they are exported as the model's with their confidence, "
                "never trained on, and any label by a person replaces them."
            )
        )
        words.setWordWrap(True)
        self.right = QSpinBox()
        self.right.setRange(50, 100)
        self.right.setPrefix("≥ ")
        self.right.setSuffix(tr(" % correct"))
        self.right.setValue(DEFAULT_RIGHT)
        self.right.setAccessibleName(tr("Target precision of the model's labels"))
        self.right.valueChanged.connect(self._count)
        self.found = PlainLabel()
        self.found.setWordWrap(True)
        form = QFormLayout()
        form.addRow(tr("Expected:"), self.right)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.label = self.buttons.addButton(
            tr("&Label them"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(words)
        layout.addLayout(form)
        layout.addWidget(self.found)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(460)
        self._count()

    def left(self) -> list[int]:
        """Images that stay open, most confident first."""
        return [int(image_id) for image_id in self._answers.image_ids[self.count :]]

    def _count(self, *_: object) -> None:
        confidences = self._answers.confidences
        self.count = most_confident(confidences, self.right.value() / 100)
        self.label.setEnabled(self.count > 0)
        if not self.count:
            self.found.setText(tr("The model is not confident enough about any image."))
            return
        self.found.setText(
            tr(
                "{count} of {total} unlabelled images: {share} expected to be correct, "
                "the least confident at {lowest}. {left} stay open."
            ).format(
                count=f"{self.count:,}",
                total=f"{len(confidences):,}",
                share=f"{confidences[: self.count].mean():.1%}",
                lowest=f"{confidences[self.count - 1]:.0%}",
                left=f"{len(confidences) - self.count:,}",
            )
        )
