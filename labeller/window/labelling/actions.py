"""Actions that label images and change how they are shown: the menus *Label*, *Go*, *View* and
*Picture*. Also conditions that other packages' actions use."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from labeller.window.kit.actions import GO, LABEL, PICTURE, VIEW, Action, declare
from labeller.window.kit.language import mark
from labeller.window.kit.worker import Worker

if TYPE_CHECKING:
    from labeller.window.labelling.labelling_page import LabellingPage


class Window(Protocol):
    """The part of the main window that actions use. `page` is None while no project is open."""

    page: "LabellingPage | None"
    worker: Worker


def on_page(call: Callable[..., object]) -> Callable[..., None]:
    """The call with the open page; nothing happens while there is none."""

    def run(window: Window, *on: Any) -> None:
        if window.page is not None:
            call(window.page, *on)

    return run


def is_open(window: Window) -> bool:
    return window.page is not None


def is_writable(window: Window) -> bool:
    return window.page is not None and not window.page.session.project.read_only


def is_idle(window: Window) -> bool:
    """Whether an operation that writes could begin."""
    return is_writable(window) and not window.worker.busy


def can_label(window: Window) -> bool:
    return is_writable(window) and has(window, lambda page: bool(page.session.images))


def has(window: Window, condition: Callable[["LabellingPage"], bool]) -> bool:
    """Whether a project is open whose page meets a condition."""
    return window.page is not None and condition(window.page)


def _has_labels(window: Window) -> bool:
    return has(window, lambda p: bool(p.session.summary.labelled or p.session.summary.skipped))


declare(
    Action(
        "undo", mark("&Undo"), (LABEL, 11), on_page(lambda page: page.changes.undo()),
        lambda w: is_writable(w) and w.page.session.summary.can_undo,
        "Ctrl+Z", "undo", mark("Revert the last action"), tool=11,
    ),
    Action(
        "redo", mark("&Redo"), (LABEL, 12), on_page(lambda page: page.changes.redo()),
        lambda w: is_writable(w) and w.page.session.summary.can_redo,
        "Ctrl+Y", "redo", mark("Repeat what was undone"), tool=12,
    ),
    Action(
        "accept", mark("&Accept suggestion"), (LABEL, 21),
        on_page(lambda page: page.changes.accept(page.chosen())), can_label,
        "Return", tip=mark("Label with what the model suggests"),
    ),
    Action(
        "accept_sure", mark("Accept the most confident su&ggestions"), (LABEL, 22),
        on_page(lambda page: page.accept_sure()), can_label, "Shift+Return",
        tip=mark("Accept the most confident suggestions up to the target precision"),
    ),
    Action(
        "skip", mark("&Skip"), (LABEL, 31), on_page(lambda page: page.changes.skip(page.chosen())),
        can_label, "S", "skip", mark("Put this image aside without a label"), tool=13,
    ),
    Action(
        "unsure", mark("Unsur&e"), (LABEL, 32),
        on_page(lambda page: page.changes.skip(page.chosen(), "unsure")), can_label, "U",
        tip=mark("Put it aside because you cannot tell"),
    ),
    Action(
        "no_class", mark("Not any &class"), (LABEL, 33),
        on_page(lambda page: page.changes.skip(page.chosen(), "not-any-class")), can_label, "X",
        tip=mark("None of the classes is in the picture"),
    ),
    Action(
        "bad_image", mark("&Bad image"), (LABEL, 34),
        on_page(lambda page: page.changes.skip(page.chosen(), "bad-image")), can_label, "B",
        tip=mark("Unusable: blurred, cut off, wrong"),
    ),
    Action(
        "clear", mark("C&lear label"), (LABEL, 35),
        on_page(lambda page: page.changes.clear(page.chosen())), can_label, "Backspace",
        tip=mark("Make the selected images unlabelled again"),
    ),
    Action(
        "forget", mark("F&orget images"), (LABEL, 36),
        on_page(lambda page: page.changes.forget(page.chosen())), can_label,
        tip=mark("Remove the selected images from the project; can be undone, files stay"),
    ),
    Action(
        "example", mark("Use as e&xample"), (LABEL, 43),
        on_page(lambda page: page.changes.make_examples(page.chosen())), can_label, "E",
        tip=mark("Show these images wherever their class is explained, or stop showing them"),
    ),
    Action(
        "next_open", mark("Next &open image"), (GO, 11),
        on_page(lambda page: page.session.go_to_open()), is_open, "Tab",
        tip=mark("Go to the next unlabelled image"), repeats=True,
    ),
    Action(
        "previous_open", mark("&Previous open image"), (GO, 12),
        on_page(lambda page: page.session.go_back_to_open()), is_open, "Shift+Tab",
        tip=mark("Go back to an unlabelled image"), repeats=True,
    ),
    Action(
        "next_pane", mark("Switch foc&us to the side panel"), (GO, 14),
        on_page(lambda page: page.switch_pane()), is_open, "F6",
        tip=mark("Let Tab and Space reach the buttons beside the images; again to come back"),
    ),
    Action(
        "review", mark("&Review"), (GO, 21), on_page(lambda page: page.review()), _has_labels,
        "R", "review", mark("Check labels, likely mistakes first"), tool=22,
    ),
    Action(
        "pool", mark("All &images"), (GO, 20), on_page(lambda page: page.look_through_pool()),
        is_open, "Ctrl+F", tip=mark("Look through the whole pool, with filters"),
    ),
    Action(
        "back", mark("Back to the &batch"), (GO, 27),
        on_page(lambda page: page.session.back_to_batch()),
        lambda w: has(w, lambda page: page.session.reviewing), "Shift+R",
    ),
    Action(
        "one_by_one", mark("&One by one"), (VIEW, 11),
        on_page(lambda page, on: page.show_one_by_one(on)), is_open, "O", "single",
        mark("Show one large image instead of the grid"), tool=21, checkable=True,
    ),
    Action(
        "suggestions", mark("Show or &hide suggestions"), (VIEW, 21),
        on_page(lambda page: page.suggestions.shown.toggle()), is_open, "H",
    ),
    Action(
        "group", mark("&Group by suggested class"), (VIEW, 22),
        on_page(lambda page: page.suggestions.grouped.toggle()), is_open, "G",
    ),
    Action(
        "select_alike", mark("Select all with this s&uggestion"), (VIEW, 23),
        on_page(lambda page: page.select_alike()), can_label, "A",
        tip=mark("All open images with the same suggestion; one key labels them"),
    ),
    Action(
        "least_lower", mark("Lower the target pre&cision"), (VIEW, 31),
        on_page(lambda page: page.suggestions.move_least(-1)), is_open, "[",
        tip=mark("More suggestions are accepted together, and more of them are wrong"),
        repeats=True,
    ),
    Action(
        "least_higher", mark("Raise the target precisio&n"), (VIEW, 32),
        on_page(lambda page: page.suggestions.move_least(1)), is_open, "]",
        tip=mark("Fewer suggestions are accepted together, and fewer of them are wrong"),
        repeats=True,
    ),
    Action(
        "deselect", mark("D&eselect"), (VIEW, 33), on_page(lambda page: page.deselect()), is_open,
        "Escape", tip=mark("Select the current image alone again"),
    ),
    Action(
        "larger", mark("&Larger thumbnails"), (VIEW, 41),
        on_page(lambda page: page.grid.zoom(1)), is_open, "Ctrl++", repeats=True,
    ),
    Action(
        "smaller", mark("&Smaller thumbnails"), (VIEW, 42),
        on_page(lambda page: page.grid.zoom(-1)), is_open, "Ctrl+-", repeats=True,
    ),
    Action(
        "fit", mark("&Fit the batch"), (VIEW, 43), on_page(lambda page: page.grid.fit()), is_open,
        "F", tip=mark("The largest thumbnails at which the whole batch is visible"),
    ),
    Action(
        "zoom", mark("&Zoom to 100 %"), (PICTURE, 11), on_page(lambda page: page.picture.toggle()),
        is_open, "Z", tip=mark("Pixel for pixel, or the whole image again"),
    ),
    Action(
        "zoom_in", mark("Zoom &in"), (PICTURE, 12), on_page(lambda page: page.picture.zoom(1)),
        is_open, "+", tip=mark("Zoom in at the pointer"), repeats=True,
    ),
    Action(
        "zoom_out", mark("Zoom &out"), (PICTURE, 13), on_page(lambda page: page.picture.zoom(-1)),
        is_open, "-", repeats=True,
    ),
    Action(
        "zoom_keep", mark("&Keep the zoom"), (PICTURE, 14),
        on_page(lambda page, on: page.keep_zoom(on)), is_open, "Shift+Z",
        tip=mark("Show the next image at the same zoom"), checkable=True,
    ),
    Action(
        "brighter", mark("&Brighter"), (PICTURE, 21),
        on_page(lambda page: page.change_tone(brightness=1)), is_open, ".",
        tip=mark("Show this and the following pictures brighter"), repeats=True,
    ),
    Action(
        "darker", mark("&Darker"), (PICTURE, 22),
        on_page(lambda page: page.change_tone(brightness=-1)), is_open, ",",
        tip=mark("Show this and the following pictures darker"), repeats=True,
    ),
    Action(
        "more_contrast", mark("More &contrast"), (PICTURE, 23),
        on_page(lambda page: page.change_tone(contrast=1)), is_open, "Ctrl+.", repeats=True,
    ),
    Action(
        "less_contrast", mark("&Less contrast"), (PICTURE, 24),
        on_page(lambda page: page.change_tone(contrast=-1)), is_open, "Ctrl+,", repeats=True,
    ),
    Action(
        "plain_tone", mark("&Reset brightness and contrast"), (PICTURE, 25),
        on_page(lambda page: page.change_tone()), is_open, "Ctrl+B",
        tip=mark("Show the picture as it is"),
    ),
)  # fmt: skip
