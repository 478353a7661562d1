"""What can be done now, and what the status bar says of it."""

from labeller.window.actions import key_text
from labeller.window.labelling_page import LabellingPage
from labeller.window.language import tr
from labeller.window.worker import Worker

LABELLING = (
    "accept", "accept_sure", "skip", "unsure", "no_class", "bad_image", "clear", "note",
    "find_class", "example", "select_alike",
)  # fmt: skip
LOOKING = (
    "next_open", "previous_open", "go_to", "one_by_one", "suggestions", "group", "larger",
    "smaller", "deselect", "least_lower", "least_higher", "export_csv", "export_imagefolder",
    "export_model", "close", "tour",
)  # fmt: skip


def possible(page: LabellingPage | None, busy: bool) -> dict[str, bool]:
    """Each action whose being possible changes; without a page none of them is."""
    labels = None if page is None else page.session.project.labels
    writable = page is not None and not page.session.project.read_only
    labelling = page is not None and writable and bool(page.session.images)
    return {
        "undo": labels is not None and writable and labels.can_undo,
        "redo": labels is not None and writable and labels.can_redo,
        **dict.fromkeys(LABELLING, labelling),
        **dict.fromkeys(LOOKING, page is not None),
        "train": page is not None and page.learning.can_train,
        "stop": page is not None and busy,
        "pause": page is not None and busy,
        "next_batch": page is not None and page.learning.can_show_next,
        "oracle": labelling,
        "edit_classes": writable,
        "rounds": writable,
        "experiments": page is not None and writable and page.session.has_oracle,
        "map": page is not None and page.session.project.runs.newest_usable() is not None,
        "annotator": writable,
        "agreement": page is not None,
        "label_again": writable,
        "review": labels is not None and labels.counts() != (0, 0),
        "back": page is not None and page.session.reviewing,
    }


def hint(page: LabellingPage, worker: Worker) -> str:
    """What is going on, and which key goes on with it."""
    if page.session.project.read_only:
        return tr("Open read-only: nothing can be changed")
    if worker.paused:
        return tr("Learning is paused: {pause} goes on, {stop} ends it").format(
            pause=key_text("pause"), stop=key_text("stop")
        )
    if worker.busy:
        return tr("Learning – you can go on labelling")
    if page.session.reviewing:
        return tr("{key} goes back to the batch").format(key=key_text("back"))
    if page.session.waiting_round is not None:
        return tr("The next batch is ready: press {key}").format(key=key_text("next_batch"))
    if page.session.batch_done:
        return tr("Batch done: press {key} to train and get the next one").format(
            key=key_text("train")
        )
    return tr("1–9, 0 label · {accept} accept · {skip} skip · {undo} undo · {keys} keys").format(
        **{name: key_text(name) for name in ("accept", "skip", "undo", "keys")}
    )
