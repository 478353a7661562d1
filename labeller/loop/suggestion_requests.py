"""The window's requests for live suggestions. Does not import torch, since it runs in the window's
thread."""

import threading
import time
from dataclasses import dataclass, field

from labeller.core.run import Run


@dataclass
class SuggestionRequests:
    """The window's requests; shared by two threads.

    Attributes:
        images: ids of open images on screen, the current one first.
        busy: whether another job is computing; no features are read meanwhile.
    """

    images: tuple[int, ...] = ()
    busy: bool = False
    _changed: threading.Event = field(default_factory=threading.Event)

    def want(self, images: tuple[int, ...]) -> None:
        """Request suggestions: labels or the images on screen have changed."""
        self.images = images
        self._changed.set()

    def wake(self) -> None:
        """Make the other thread check whether to stop."""
        self._changed.set()

    def rest(self, seconds: float, run: Run) -> None:
        """Sleep this long, whatever is requested, unless stopped."""
        end = time.monotonic() + seconds
        while not run.should_stop() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))

    def taken(self) -> bool:
        """Whether anything was requested since the last call."""
        was = self._changed.is_set()
        self._changed.clear()
        return was

    def wait(self, seconds: float) -> None:
        """Wait for a request, at most this long; the request stays."""
        self._changed.wait(seconds)
