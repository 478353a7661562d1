"""What each action does on the open page."""

from collections.abc import Callable

from labeller.window.dialogs import questions
from labeller.window.labelling.labelling_page import LabellingPage

PAGE_COMMANDS: dict[str, Callable[[LabellingPage], object]] = {
    "undo": lambda page: page.changes.undo(),
    "redo": lambda page: page.changes.redo(),
    "accept": lambda page: page.changes.accept(page.chosen()),
    "accept_sure": lambda page: page.accept_sure(),
    "skip": lambda page: page.changes.skip(page.chosen()),
    "unsure": lambda page: page.changes.skip(page.chosen(), "unsure"),
    "no_class": lambda page: page.changes.skip(page.chosen(), "not-any-class"),
    "bad_image": lambda page: page.changes.skip(page.chosen(), "bad-image"),
    "clear": lambda page: page.changes.clear(page.chosen()),
    "note": questions.ask_for_note,
    "find_class": questions.find_class,
    "edit_classes": questions.edit_classes,
    "example": lambda page: page.changes.make_examples(page.chosen()),
    "next_open": lambda page: page.session.go_to_open(),
    "previous_open": lambda page: page.session.go_back_to_open(),
    "next_pane": lambda page: page.switch_pane(),
    "go_to": questions.go_to_image,
    "groups": lambda page: page.learning.find_groups(),
    "similar": lambda page: page.learning.find_similar(),
    "map": lambda page: page.learning.map_pool(),
    "agreement": questions.show_agreement,
    "label_again": questions.label_again,
    "annotator": questions.ask_for_name,
    "review": lambda page: page.review(),
    "back": lambda page: page.session.back_to_batch(),
    "suggestions": lambda page: page.suggestions.shown.toggle(),
    "group": lambda page: page.suggestions.grouped.toggle(),
    "select_alike": lambda page: page.select_alike(),
    "deselect": lambda page: page.deselect(),
    "least_lower": lambda page: page.suggestions.move_least(-1),
    "least_higher": lambda page: page.suggestions.move_least(1),
    "train": lambda page: page.learning.train(),
    "pause": lambda page: page.learning.pause(),
    "stop": lambda page: page.learning.stop(),
    "next_batch": lambda page: page.learning.show_next(),
    "rounds": questions.choose_rounds,
    "experiments": questions.show_experiments,
    "fit": lambda page: page.grid.fit(),
    "larger": lambda page: page.grid.zoom(1),
    "smaller": lambda page: page.grid.zoom(-1),
}
