"""How a project's images are read: grey values, the largest image, and a retry."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.pool.decode import Reading
from labeller.project.planning import MOST_MEGAPIXELS
from labeller.project.project import Project
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel

TWELVE_BITS = (0.0, 4095.0)
WIDEST = 1e9


class ReadingDialog(QDialog):
    """Once accepted, `reading()` says how to read the images."""

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("How images are read"))
        reading = project.reading
        words = PlainLabel(
            tr(
                "Greyscale images with more than 8 bits (from microscopes, X-ray "
                "detectors, scientific cameras) are shown and trained on in this range "
                "of values."
            )
        )
        words.setWordWrap(True)
        self.automatic = QRadioButton(tr("The range that &each file uses"))
        self.fixed = QRadioButton(tr("The &same range for all:"))
        self.low, self.high = _number(tr("Value shown as black")), _number(tr("…as white"))
        for field, value in zip((self.low, self.high), reading.grey or TWELVE_BITS, strict=True):
            field.setValue(value)
            field.valueChanged.connect(self._check)
        (self.automatic if reading.grey is None else self.fixed).setChecked(True)
        self.fixed.toggled.connect(self._check)
        span = QHBoxLayout()
        span.addWidget(self.low, 1)
        span.addWidget(PlainLabel(tr("black, to")))
        span.addWidget(self.high, 1)
        span.addWidget(PlainLabel(tr("white")))
        self.megapixels = QSpinBox()
        self.megapixels.setRange(1, MOST_MEGAPIXELS)
        self.megapixels.setValue(reading.megapixels)
        self.megapixels.setSuffix(tr(" million pixels"))
        form = QFormLayout()
        form.addRow(tr("&Largest image:"), self.megapixels)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(tr("&Read again"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(words)
        layout.addWidget(self.automatic)
        layout.addWidget(self.fixed)
        layout.addLayout(span)
        layout.addLayout(form)
        layout.addWidget(_unreadable(project))
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(500)
        self._check()

    def reading(self) -> Reading:
        grey = (self.low.value(), self.high.value()) if self.fixed.isChecked() else None
        return Reading(grey, self.megapixels.value())

    def _check(self, *_: object) -> None:
        fixed = self.fixed.isChecked()
        for field in (self.low, self.high):
            field.setEnabled(fixed)
        self.ok.setEnabled(not fixed or self.low.value() < self.high.value())


def _number(name: str) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setDecimals(3)
    field.setRange(-WIDEST, WIDEST)
    field.setAccessibleName(name)
    field.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
    return field


def _unreadable(project: Project) -> PlainLabel:
    """Show what could not be read and will be retried."""
    found = project.images.unreadable()
    words = PlainLabel()
    words.setWordWrap(True)
    if found:
        path, reason = found[0]
        words.setText(
            tr("%n image(s) could not be read and will be tried again.", None, len(found))
            + " "
            + tr("{path}, for one: {reason}.").format(path=path, reason=reason)
        )
    else:
        words.setText(tr("All images could be read."))
    return words
