"""What the window wants of live suggestions. Without torch: it is made in the window's thread."""

import threading
import time
from dataclasses import dataclass, field

from labeller.core.run import Run


@dataclass
class SuggestionRequests:
    """What the window wants; shared by two threads.

    Attributes:
        images: ids on screen that carry nothing, the current one first.
        busy: another job computes, so that nothing is read meanwhile.
    """

    images: tuple[int, ...] = ()
    busy: bool = False
    _changed: threading.Event = field(default_factory=threading.Event)

    def want(self, images: tuple[int, ...]) -> None:
        """Labels or the images on screen have changed."""
        self.images = images
        self._changed.set()

    def wake(self) -> None:
        """Look whether to stop."""
        self._changed.set()

    def rest(self, seconds: float, run: Run) -> None:
        """So long, whatever is wished meanwhile."""
        end = time.monotonic() + seconds
        while not run.should_stop() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))

    def taken(self) -> bool:
        """Whether something was wished since the last time that this was asked."""
        was = self._changed.is_set()
        self._changed.clear()
        return was

    def wait(self, seconds: float) -> None:
        """Until something is wished, or so long; the wish stays."""
        self._changed.wait(seconds)
