"""The state of the window and the key that continues from it, as one sentence, so that no two
places contradict each other."""

from enum import Enum, auto

from labeller.window.kit.actions import key_text
from labeller.window.kit.language import mark, tr
from labeller.window.labelling.labelling_page import LabellingPage


class State(Enum):
    """In order of importance."""

    READ_ONLY = auto()
    STOPPING = auto()
    PAUSED = auto()
    WORKING = auto()
    GROUPS = auto()
    REVIEWING = auto()
    NEXT_READY = auto()
    NEXT_POSSIBLE = auto()
    """The batch is finished, and there is a newer model that has not chosen a batch yet."""
    DONE = auto()
    SUGGESTING = auto()
    LABELLING = auto()


SENTENCES = {
    State.READ_ONLY: mark("Opened read-only: nothing can be changed"),
    State.STOPPING: mark("Stopping – you can keep labelling"),
    State.PAUSED: mark("Training is paused: {pause} resumes it, {stop} ends it"),
    State.WORKING: mark("{title} – you can keep labelling"),
    State.GROUPS: mark(
        "One key labels the group, Ctrl+click excludes an image · {next_batch} next group"
    ),
    State.REVIEWING: mark("{back} goes back to the batch"),
    State.NEXT_READY: mark("The next batch is ready: press {next_batch}"),
    State.NEXT_POSSIBLE: mark("Batch finished: {next_batch} chooses the next one, {train} trains"),
    State.DONE: mark("Batch finished: press {train} to train and get the next one"),
    State.SUGGESTING: mark("{digits} label · {accept} accept · {skip} skip · {keys} keys"),
    State.LABELLING: mark("{digits} label · {skip} skip · {undo} undo · {keys} keys"),
}
KEYS = ("accept", "skip", "undo", "keys", "pause", "stop", "back", "next_batch", "train")


def state_of(page: LabellingPage) -> State:
    """The most important state."""
    session, learning = page.session, page.learning
    if session.project.read_only:
        return State.READ_ONLY
    if learning.worker.stopping:
        return State.STOPPING
    if learning.worker.paused:
        return State.PAUSED
    if learning.worker.busy:
        return State.WORKING
    if learning.shows_groups:
        return State.GROUPS
    if session.reviewing:
        return State.REVIEWING
    if session.waiting_round is not None:
        return State.NEXT_READY
    if session.batch_done:
        return State.NEXT_POSSIBLE if learning.can_show_next else State.DONE
    return State.SUGGESTING if session.suggests and session.batch.suggestions else State.LABELLING


def sentence(page: LabellingPage) -> str:
    """The sentence for that state, with the current keys."""
    keys = {name: key_text(name) for name in KEYS}
    running = page.learning.worker.operation
    title = "" if running is None else running.title
    return tr(SENTENCES[state_of(page)]).format(digits="1–9, 0", title=title, **keys)
