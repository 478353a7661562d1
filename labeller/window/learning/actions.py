"""Actions that use the model: most of the menu *Model*, and searches by similarity."""

from labeller.window.kit.actions import GO, MODEL, VIEW, Action, declare
from labeller.window.kit.language import mark
from labeller.window.labelling.actions import Window, can_label, has, is_idle, is_open, on_page
from labeller.window.learning import feature_map


def _is_running(window: Window) -> bool:
    return has(window, lambda page: page.learning.running is not None)


def _can_search(window: Window) -> bool:
    return can_label(window) and not has(window, lambda page: page.session.blind)


def _has_features(window: Window) -> bool:
    """Whether images can be compared, now or once they have been read."""
    return has(
        window,
        lambda page: (
            not page.session.hides_answers
            and (page.live.reads_features or page.session.newest_model is not None)
        ),
    )


declare(
    Action(
        "similar", mark("&Similar images"), (GO, 22),
        on_page(lambda page: page.learning.find_similar()), _can_search, "L",
        tip=mark("Open images that look most like this one"),
    ),
    Action(
        "groups", mark("Groups that loo&k alike"), (GO, 23),
        on_page(lambda page: page.learning.find_groups()), _can_search, "Shift+L",
        tip=mark("Label many open images with one key, group by group"),
    ),
    Action(
        "map", mark("&Map of the pool ..."), (GO, 24),
        on_page(lambda page: page.learning.start(feature_map.map_pool(page))),
        _has_features, "M",
        tip=mark("The pool as the model sees it; draw around images to label them"),
    ),
    Action(
        "train", mark("&Train"), (MODEL, 11), on_page(lambda page: page.learning.train()),
        lambda w: has(w, lambda page: page.learning.can_train), "T", "train",
        mark("Learn from all the labels, then choose the next batch"), tool=31,
    ),
    Action(
        "pause", mark("&Pause or resume"), (MODEL, 12),
        on_page(lambda page: page.learning.pause()), _is_running, "P",
        tip=mark("Pause the training, or resume it"),
    ),
    Action(
        "stop", mark("&Stop"), (MODEL, 13), on_page(lambda page: page.learning.stop()),
        _is_running, "Shift+Escape", "stop",
        mark("End the training; what was learnt in whole epochs is kept"), tool=32,
    ),
    Action(
        "next_batch", mark("&Next batch"), (MODEL, 14),
        on_page(lambda page: page.learning.show_next()),
        lambda w: has(w, lambda page: page.learning.can_show_next), "N", "next",
        mark("Show the next batch, or choose one with the current model"), tool=33,
    ),
    Action(
        "unlike", mark("Images &unlike the labelled ones"), (MODEL, 15),
        on_page(lambda page: page.learning.look_elsewhere()),
        lambda w: has(w, lambda page: page.learning.can_train), "Shift+N",
        tip=mark("A batch in which rare classes and surprises are likely"),
    ),
    Action(
        "audit", mark("&Audit the model"), (MODEL, 31),
        on_page(lambda page: page.learning.audit()), is_idle,
        tip=mark("Label a random sample blind, to measure how good the model is"),
    ),
    Action(
        "oracle", mark("&Oracle"), (MODEL, 41),
        on_page(lambda page, on: page.oracle.switch(on)), can_label, icon="oracle",
        tip=mark("Let the hidden labels answer for you (for experiments)"), tool=41,
        checkable=True,
    ),
    Action(
        "details", mark("&Model details"), (VIEW, 51),
        on_page(lambda page, on: page.training.show_details(on)), is_open, "D",
        tip=mark("Curves and figures of the model, or one line"), checkable=True,
    ),
)  # fmt: skip
