"""Below the preview: the labelled image that the model finds most similar to the current one."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from labeller.selection.strategies import STRATEGIES
from labeller.store.images import StoredImage
from labeller.window.kit.elided_label import ElidedLabel
from labeller.window.kit.language import mark, tr
from labeller.window.kit.plain_text import plain
from labeller.window.labelling.picture import Picture
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Thumbnails

SIDE = 48
"""Of the picture, in pixels."""
REASONS = {
    mark("Chosen because the model is unsure ({score})"): (
        "weighted-coreset", "margin", "entropy", "least-confidence", "cluster-margin", "bald",
        "mc-dropout", "dropquery", "uncertain-gcn", "csal",
    ),
    mark("Chosen because it differs from the labelled images ({score})"): (
        "coreset", "core-gcn", "vaal",
    ),
    mark("Chosen because it is typical ({score})"): ("typiclust", "probcover", "centres"),
}  # fmt: skip
OTHER = mark("Chosen by {strategy} ({score})")


class LikenessRow(QWidget):
    """A small picture, its class, and why the image was chosen. Hidden if no image of the batch has
    one, empty if only this image has none, so that nothing moves."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self._image: StoredImage | None = None
        self.picture = Picture()
        self.picture.setFixedSize(SIDE, SIDE)
        self.alike, self.reason = ElidedLabel(), ElidedLabel()
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.alike, self.reason):
            words.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture)
        layout.addLayout(words, 1)
        session.batch_changed.connect(self.refresh)
        session.cursor_changed.connect(self.refresh)
        thumbnails.loaded.connect(self._on_loaded)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show what belongs to the current image."""
        session = self._session
        self.setVisible(bool(session.batch.likened) and not session.blind)
        if self.isHidden() or not session.images:
            return
        found = session.likeness_of(session.cursor)
        self._image = found[0] if found else None
        self.picture.show_pixmap(self._thumbnails.get(self._image) if self._image else None)
        self.alike.setText(tr("Most similar: {name}").format(name=found[1].name) if found else "")
        self.reason.setText(self._why())

    def _why(self) -> str:
        """Why the strategy chose the image, with its score."""
        round_, score = self._session.round, self._session.score_of(self._session.cursor)
        if round_ is None or score is None:
            return ""
        strategy = round_.strategy
        if strategy in STRATEGIES:
            self.reason.setToolTip(plain(tr(STRATEGIES.explained(strategy))))
        reason = next((text for text, names in REASONS.items() if strategy in names), OTHER)
        return tr(reason).format(strategy=strategy, score=f"{score:.2g}")

    def _on_loaded(self, image_id: int) -> None:
        if self._image is not None and self._image.id == image_id:
            self.refresh()
