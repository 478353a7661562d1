"""A card over the images that summarises the batch once it is finished."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.widgets import PlainLabel
from labeller.window.labelling.session import Session
from labeller.window.learning.learning_control import LearningControl

ABOVE_THE_EDGE = 24
"""Room below the card, in pixels."""


class BatchCard(PlainLabel):
    """Shown while the session rests: no image is current, so no key changes one."""

    def __init__(self, session: Session, learning: LearningControl, over: QWidget) -> None:
        super().__init__("", over)
        self._session, self._learning, self._over = session, learning, over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setStyleSheet(
            "background: palette(window); color: palette(window-text); padding: 12px 20px;"
            "border: 2px solid palette(highlight); border-radius: 8px; font-size: 15px;"
        )
        over.installEventFilter(self)
        for signal in (
            session.rested, session.cursor_changed, session.batch_changed, session.labels_changed,
            session.waiting_changed,
        ):  # fmt: skip
            signal.connect(self.refresh)
        learning.changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the summary, or hide while an image is current."""
        self.setVisible(self._session.resting)
        if self._session.resting:
            self.setText("  ·  ".join(self._sentences()))
            self.adjustSize()
            self._place()
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _sentences(self) -> list[str]:
        session = self._session
        total = len(session.images)
        if session.blind:
            return [tr("All labelled again"), _key(tr("back"), "back")]
        if session.batch.question is not None:
            checked = tr("{done} of {total} checked").format(
                done=len(session.batch.checked), total=total
            )
            return [checked, _key(tr("search again"), "review"), _key(tr("back"), "back")]
        if session.reviewing:
            return [tr("Reviewed %n image(s)", None, total), _key(tr("back"), "back")]
        labels = session.batch.labels.values()
        aside = sum(label.skipped for label in labels)
        done = tr("{labelled} labelled").format(labelled=len(labels) - aside)
        if aside:
            done += ", " + tr("{aside} put aside").format(aside=aside)
        parts = [tr("Batch finished"), done]
        if self._learning.can_show_next:
            parts.append(_key(tr("next batch"), "next_batch"))
        if session.waiting_round is None and self._learning.can_train:
            parts.append(_key(tr("train"), "train"))
        return [*parts, _key(tr("check"), "review"), _key(tr("undo"), "undo")]

    def _place(self) -> None:
        room = self._over.rect()
        left = (room.width() - self.width()) // 2
        self.move(max(0, left), max(0, room.height() - self.height() - ABOVE_THE_EDGE))


def _key(meaning: str, action: str) -> str:
    """The key of an action, and what it does."""
    return f"{key_text(action)} {meaning}" if key_text(action) else meaning
