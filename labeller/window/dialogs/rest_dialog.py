"""Let the model label the rest: how many images it would answer, and how right that is expected."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.loop.answers import Answers, surest
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel

DEFAULT_RIGHT = 95


class RestDialog(QDialog):
    """After it was accepted, the first `count` answers are to be kept."""

    def __init__(self, answers: Answers, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Label the rest"))
        self._answers, self.count = answers, 0
        words = PlainLabel(
            tr(
                "The model labels the images that it is surest of. Its labels are kept apart: they "
                "are exported as the model's with their confidence, never trained on, and whatever "
                "a person says of an image counts instead."
            )
        )
        words.setWordWrap(True)
        self.right = QSpinBox()
        self.right.setRange(50, 100)
        self.right.setPrefix("≥ ")
        self.right.setSuffix(tr(" % right"))
        self.right.setValue(DEFAULT_RIGHT)
        self.right.setAccessibleName(tr("How many of the model's labels have to be right"))
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
        """Images that stay open, the surest first."""
        return [int(image_id) for image_id in self._answers.image_ids[self.count :]]

    def _count(self, *_: object) -> None:
        confidences = self._answers.confidences
        self.count = surest(confidences, self.right.value() / 100)
        self.label.setEnabled(self.count > 0)
        if not self.count:
            self.found.setText(tr("The model is not sure enough of any image."))
            return
        self.found.setText(
            tr(
                "{count} of {total} open images: {share} of them expected right, the least sure "
                "one to {lowest}. {left} stay open."
            ).format(
                count=f"{self.count:,}",
                total=f"{len(confidences):,}",
                share=f"{confidences[: self.count].mean():.1%}",
                lowest=f"{confidences[self.count - 1]:.0%}",
                left=f"{len(confidences) - self.count:,}",
            )
        )
