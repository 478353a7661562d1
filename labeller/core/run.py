"""One piece of long work: what it draws from, whom it reports to, and who may end it."""

from dataclasses import dataclass, field

from labeller.core.progress import Report, ShouldStop, ignore, never


@dataclass(frozen=True)
class Run:
    """Goes to training and to selection.

    Attributes:
        seed: of everything that is drawn; rounds derive another one for each purpose.
        report: called for every step.
        should_stop: asked before every step.
    """

    seed: int = 0
    report: Report = field(default=ignore)
    should_stop: ShouldStop = field(default=never)
