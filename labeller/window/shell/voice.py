"""What is going on and which key goes on with it: one state, and one sentence for it, so that no
two places of the window contradict each other."""

from enum import Enum, auto

from labeller.window.kit.actions import key_text
from labeller.window.kit.language import mark, tr
from labeller.window.labelling.labelling_page import LabellingPage


class State(Enum):
    """From what matters most to what matters least."""

    READ_ONLY = auto()
    STOPPING = auto()
    PAUSED = auto()
    TRAINING = auto()
    CHOOSING = auto()
    MAPPING = auto()
    SEARCHING = auto()
    SIMULATING = auto()
    WEIGHING = auto()
    EXPORTING = auto()
    GROUPS = auto()
    REVIEWING = auto()
    NEXT_READY = auto()
    NEXT_POSSIBLE = auto()
    """The batch is done, and a model that has not chosen one yet is there."""
    DONE = auto()
    SUGGESTING = auto()
    LABELLING = auto()


SENTENCES = {
    State.READ_ONLY: mark("Open read-only: nothing can be changed"),
    State.STOPPING: mark("Stopping – you can go on labelling"),
    State.PAUSED: mark("Training is paused: {pause} goes on, {stop} ends it"),
    State.TRAINING: mark("Training – you can go on labelling"),
    State.CHOOSING: mark("Choosing the next batch – you can go on labelling"),
    State.MAPPING: mark("Drawing the map of the pool – you can go on labelling"),
    State.SEARCHING: mark("Looking for similar images – you can go on labelling"),
    State.SIMULATING: mark("Running experiments – you can go on labelling"),
    State.WEIGHING: mark("Asking the model of the rest – you can go on labelling"),
    State.EXPORTING: mark("Writing the export – you can go on labelling"),
    State.GROUPS: mark("One key for the group, Ctrl+click takes one out · {next_batch} next group"),
    State.REVIEWING: mark("{back} goes back to the batch"),
    State.NEXT_READY: mark("The next batch is ready: press {next_batch}"),
    State.NEXT_POSSIBLE: mark("Batch done: {next_batch} chooses the next one, {train} trains"),
    State.DONE: mark("Batch done: press {train} to train and get the next one"),
    State.SUGGESTING: mark("{digits} label · {accept} accept · {skip} skip · {keys} keys"),
    State.LABELLING: mark("{digits} label · {skip} skip · {undo} undo · {keys} keys"),
}
KEYS = ("accept", "skip", "undo", "keys", "pause", "stop", "back", "next_batch", "train")


def state_of(page: LabellingPage) -> State:
    """What the person should know first."""
    session, learning = page.session, page.learning
    if session.project.read_only:
        return State.READ_ONLY
    if learning.worker.stopping:
        return State.STOPPING
    if learning.worker.paused:
        return State.PAUSED
    if learning.worker.busy:
        return State[learning.doing.upper()]
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
    """That state in the person's language, with the keys as they are now."""
    keys = {name: key_text(name) for name in KEYS}
    return tr(SENTENCES[state_of(page)]).format(digits="1–9, 0", **keys)
