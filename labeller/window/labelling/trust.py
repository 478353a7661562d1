"""Which suggestions are sure enough to be taken together, and whether such ones proved right."""

from labeller.store.classes import ImageClass
from labeller.store.foreseen import Record
from labeller.window.kit.language import tr
from labeller.window.kit.preferences import settings
from labeller.window.labelling.session import Session

DEFAULT_LEAST = 90
ENOUGH = 20
"""So many comparisons have to show that suggestions are as good as they claim."""


class Trust:
    """Asks the session's batch and what the project has kept of earlier answers."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.least = int(str(settings().value("least_confidence", DEFAULT_LEAST)))

    def set_least(self, percent: int) -> None:
        """Call suggestions sure from this confidence on, now and the next time."""
        self.least = percent
        settings().setValue("least_confidence", percent)
        self._session.labels_changed.emit(list(range(len(self._session.images))))

    def is_sure(self, confidence: float) -> bool:
        """Whether a confidence (0 to 1) is at least what is asked for."""
        return confidence >= self.least / 100

    def words(self, image_class: ImageClass, confidence: float) -> str:
        """A suggestion as a person reads it; a number only where it is worth one."""
        sure = f" {confidence:.0%}" if self.is_sure(confidence) else ""
        return f"{image_class.name}?{sure}"

    def positions(self) -> list[int]:
        """Places of the open images whose suggestion is sure."""
        session = self._session
        return [
            place
            for place in session.open_positions()
            if (suggested := session.suggested(place)) and self.is_sure(suggested[1])
        ]

    def record(self) -> Record:
        """How often such suggestions were right, by the labels that were given after them."""
        return self._session.project.foreseen.record(self.least / 100)

    def problem(self, record: Record) -> str | None:
        """Why they cannot be taken together, in a sentence."""
        if not self.positions():
            return tr("No open image has a suggestion of {least} or more.").format(
                least=f"{self.least} %"
            )
        if record.compared < ENOUGH:
            return tr(
                "Accepting all waits until {enough} such answers are compared with labels; "
                "there are {count}."
            ).format(enough=ENOUGH, count=record.compared)
        if 100 * record.right < self.least * record.compared:
            return tr(
                "Accepting all is off: such answers were right {right} of {compared} times."
            ).format(right=record.right, compared=record.compared)
        return None
