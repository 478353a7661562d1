"""What can be done now."""

from labeller.window.labelling.labelling_page import LabellingPage

LABELLING = (
    "accept", "accept_sure", "skip", "unsure", "no_class", "bad_image", "clear", "forget", "note",
    "find_class", "example", "select_alike",
)  # fmt: skip
LOOKING = (
    "next_open", "previous_open", "go_to", "one_by_one", "suggestions", "group", "larger",
    "smaller", "fit", "zoom", "zoom_in", "zoom_out", "zoom_keep", "brighter",
    "darker", "more_contrast", "less_contrast", "plain_tone", "details", "next_pane", "deselect",
    "least_lower", "least_higher", "close", "tour",
)  # fmt: skip


def possible(page: LabellingPage | None, busy: bool) -> dict[str, bool]:
    """Each action whose being possible changes; without a page none of them is."""
    labels = None if page is None else page.session.summary
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
        "import_labels": writable,
        **dict.fromkeys(("add_images", "locate", "merge"), writable and not busy),
        "undo_merge": writable and not busy and page.session.has_merged,  # type: ignore[union-attr]
        "export": page is not None and not busy,
        "reading": writable and not busy,
        "audit": writable and not busy,
        "label_rest": writable and not busy and page.session.newest_model is not None,  # type: ignore[union-attr]
        "edit_classes": writable,
        "rounds": writable,
        "experiments": page is not None and writable and page.session.has_oracle,
        "similar": labelling and not page.session.blind,  # type: ignore[union-attr]
        "groups": labelling and not page.session.blind,  # type: ignore[union-attr]
        "map": page is not None and page.session.newest_model is not None,
        "annotator": writable,
        "agreement": page is not None,
        "label_again": writable,
        "review": labels is not None and bool(labels.labelled or labels.skipped),
        "back": page is not None and page.session.reviewing,
    }
