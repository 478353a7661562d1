"""How images are read: grey values, the largest image and a retry; and the resolution that a whole
network is trained at."""

from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from labeller.pool.channels import parsed
from labeller.pool.decode import Reading, square
from labeller.project.planning import MOST_MEGAPIXELS
from labeller.project.project import DEFAULT_RESOLUTION, Project
from labeller.window.kit.language import mark, tr
from labeller.window.kit.widgets import PlainLabel

CHOICES = {
    32: mark("Coarse: colours and rough shapes. Fastest"),
    64: mark("Medium: shapes and large patterns. 4 times the work"),
    96: mark("Fine: parts and patterns. 9 times the work"),
    128: mark("Finer: small parts. 16 times the work"),
    224: mark("Finest, what pretrained networks expect. 49 times the work"),
}
SAMPLE_SIDE = 96
"""Pixels on the screen."""


class ResolutionChoice(QWidget):
    """A list of resolutions, beside a sample at the chosen one."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setAccessibleName(tr("Resolution of training images"))
        for side, text in CHOICES.items():
            self.box.addItem(f"{side} × {side}  ·  {tr(text)}", side)
        self.box.setCurrentIndex(self.box.findData(DEFAULT_RESOLUTION))
        self.box.currentIndexChanged.connect(self._draw)
        self.sample = PlainLabel()
        self.sample.setFixedSize(QSize(SAMPLE_SIDE, SAMPLE_SIDE))
        self.sample.setAccessibleName(tr("What a whole network sees of an image"))
        self.sample.setToolTip(tr("What a whole network sees of an image"))
        self._picture: Image.Image | None = None
        column = QVBoxLayout()
        column.addWidget(self.box)
        self._note = PlainLabel(
            tr(
                "Only for training a whole network, which sees what is on the right. The "
                "default, a pretrained encoder, reads the files themselves."
            )
        )
        self._note.setWordWrap(True)
        policy = self._note.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._note.setSizePolicy(policy)
        self._note.hide()
        column.addWidget(self._note)
        column.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(column, 1)
        layout.addWidget(self.sample)
        layout.setAlignment(self.sample, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.box)

    def value(self) -> int:
        """The side in pixels."""
        return int(self.box.currentData())

    def show_sample(self, picture: Image.Image | None) -> None:
        """Show an image as the network would see it."""
        self._picture = picture
        self._draw()

    def _draw(self, *_: object) -> None:
        self._note.setVisible(self._picture is not None)
        if self._picture is None:
            self.sample.clear()
            return
        side = self.value()
        pixels = square(self._picture, side)
        image = QImage(pixels.tobytes(), side, side, 3 * side, QImage.Format.Format_RGB888)
        ratio = self.devicePixelRatioF()
        shown = QPixmap.fromImage(image).scaled(
            QSize(SAMPLE_SIDE, SAMPLE_SIDE) * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.FastTransformation,
        )
        shown.setDevicePixelRatio(ratio)
        self.sample.setPixmap(shown)


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
                "Images with more than 8 bits (from microscopes, X-ray detectors, "
                "scientific cameras) are shown and trained on in this range of values."
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
        self.channels = channels_field(reading.channels)
        self.channels.textChanged.connect(self._check)
        form.addRow(tr("C&hannels of TIFFs"), self.channels)
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
        return Reading(grey, self.megapixels.value(), channels=self.channels.text().strip())

    def _check(self, *_: object) -> None:
        fixed = self.fixed.isChecked()
        for field in (self.low, self.high):
            field.setEnabled(fixed)
        good = not fixed or self.low.value() < self.high.value()
        try:
            parsed(self.channels.text().strip())
        except ValueError:
            good = False
        self.ok.setEnabled(good)


def channels_field(text: str = "") -> QLineEdit:
    """Where people write which channels of TIFFs are shown (labeller/pool/channels.py)."""
    field = QLineEdit(text)
    field.setPlaceholderText(tr("3,2,1 or 1=red:0:4095,2=cyan   (empty: as the files say)"))
    field.setToolTip(
        tr("Which channels of TIFFs are shown: red, green and blue, or each with its colour")
    )
    return field


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
            + tr("{path}, for example: {reason}.").format(path=path, reason=reason)
        )
    else:
        words.setText(tr("All images could be read."))
    return words
