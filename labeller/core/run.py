"""One piece of long work: its random seed, where it reports to, and what may stop it."""

from dataclasses import dataclass, field, replace

from labeller.core.progress import Report, ShouldStop, ignore, never


@dataclass(frozen=True)
class Run:
    """Passed to everything that takes long; `Run()` reports nothing and is never stopped.

    Attributes:
        seed: of everything that is drawn; rounds derive another one for each purpose.
        report: called for every step.
        should_stop: asked before every step; true ends the work with `Cancelled`.
    """

    seed: int = 0
    report: Report = field(default=ignore)
    should_stop: ShouldStop = field(default=never)

    def seeded(self, seed: int) -> "Run":
        """The same run, drawing from another seed."""
        return replace(self, seed=seed)
