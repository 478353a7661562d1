"""Announces above the images that the next batch is ready. The batch on screen is never replaced
automatically: a key meant for it would label another image."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel
from labeller.window.labelling.session import Session


class BatchBanner(QFrame):
    """Signal: wanted(): show the next batch."""

    wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._text = PlainLabel()
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not take the focus
        self.button.clicked.connect(self.wanted)
        self.setObjectName("banner")
        self.setStyleSheet("#banner { border: 1px solid palette(highlight); border-radius: 6px; }")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.button)
        for signal in (session.waiting_changed, session.batch_changed, session.labels_changed):
            signal.connect(self.refresh)
        self.hide()  # until it is laid out: without a parent it would be a window

    def refresh(self, *_: object) -> None:
        """Show while another batch waits, with how many images of this one are left."""
        waiting = None if self._session.reviewing else self._session.waiting_round
        self.setVisible(waiting is not None)
        if waiting is None:
            return
        text = tr("Next batch ready: %n image(s)", None, len(waiting.image_ids))
        if left := len(self._session.open_positions()):
            text += tr(" · {left} open in this one").format(left=left)
        self._text.setText(text)
        self.button.setText(tr("Show it ({key})").format(key=key_text("next_batch")))
