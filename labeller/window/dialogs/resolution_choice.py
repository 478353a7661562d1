"""The resolution that a whole network is trained at, with its cost and a sample."""

from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from labeller.pool.decode import square
from labeller.project.project import DEFAULT_RESOLUTION
from labeller.window.kit.language import mark, tr
from labeller.window.kit.plain_text import PlainLabel

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
