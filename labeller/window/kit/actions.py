"""Everything that can be done, each as one `QAction` with its key, icon and explanation."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from labeller.window.kit.icons import icon
from labeller.window.kit.language import mark, tr
from labeller.window.kit.preferences import settings

NATIVE = QKeySequence.SequenceFormat.NativeText


@dataclass(frozen=True)
class _Description:
    text: str
    keys: str = ""
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    repeats: bool = False
    """Whether holding the key down goes on. Not for what changes labels: nobody has seen those
    images."""


DESCRIPTIONS = {
    "new": _Description(mark("&New project ..."), "Ctrl+N"),
    "open": _Description(mark("&Open project ..."), "Ctrl+O"),
    "demo": _Description(mark("Open the &demo")),
    "close": _Description(mark("&Close project"), "Ctrl+W"),
    "quit": _Description(mark("&Quit"), "Ctrl+Q"),
    "add_images": _Description(
        mark("&Add images ..."), "", "", mark("Let the project grow; labels and batches stay")
    ),
    "locate": _Description(
        mark("Locate i&mages ..."), "", "", mark("Say where images are that were moved")
    ),
    "merge": _Description(
        mark("Merge a colleague's co&py ..."),
        "",
        "",
        mark("Add the labels that others gave in a copy of this project"),
    ),
    "undo_merge": _Description(
        mark("Undo the last mer&ge ..."),
        "",
        "",
        mark("Undo the last merge as one action; what was labelled since stays"),
    ),
    "import_labels": _Description(
        mark("&Import labels ..."), "", "", mark("From a table, or from files of other programs")
    ),
    "export": _Description(
        mark("&Export ..."), "Ctrl+E", "", mark("Labels or the model, for other programs")
    ),
    "reading": _Description(
        mark("&How images are read ..."),
        "",
        "",
        mark("Range of grey values, the largest image; reads what could not be read once more"),
    ),
    "undo": _Description(mark("&Undo"), "Ctrl+Z", "undo", mark("Take the last label back")),
    "redo": _Description(mark("&Redo"), "Ctrl+Y", "redo", mark("Do again what was undone")),
    "accept": _Description(
        mark("&Accept suggestion"), "Return", "", mark("Take what the model suggests")
    ),
    "accept_sure": _Description(
        mark("Accept the surest su&ggestions"),
        "Shift+Return",
        "",
        mark("Take as many as are expected to be right to the share above the images"),
    ),
    "skip": _Description(mark("&Skip"), "S", "skip", mark("Put this image aside without a label")),
    "unsure": _Description(mark("Unsur&e"), "U", "", mark("Put it aside because you cannot tell")),
    "no_class": _Description(
        mark("Not any &class"), "X", "", mark("It shows nothing of the classes")
    ),
    "bad_image": _Description(
        mark("&Bad image"), "B", "", mark("It cannot be used: blurred, cut off, wrong")
    ),
    "note": _Description(mark("&Note ..."), "Ctrl+I", "", mark("Write something about this image")),
    "clear": _Description(
        mark("C&lear label"), "Backspace", "", mark("Make the chosen images open again")
    ),
    "forget": _Description(
        mark("F&orget images"),
        "",
        "",
        mark("Leave the chosen images out of the project; their files stay, and undo is possible"),
    ),
    "next_open": _Description(
        mark("Next &open image"), "Tab", "", mark("Go to the next unlabelled image"), repeats=True
    ),
    "previous_open": _Description(
        mark("&Previous open image"),
        "Shift+Tab",
        "",
        mark("Go back to an unlabelled image"),
        repeats=True,
    ),
    "next_pane": _Description(
        mark("To the b&uttons or back"),
        "F6",
        "",
        mark("Let Tab and Space reach the buttons beside the images; again: back to the images"),
    ),
    "go_to": _Description(
        mark("&Go to image ..."), "Ctrl+G", "", mark("By its number or a part of its name")
    ),
    "find_class": _Description(mark("&Find a class ..."), "/", "", mark("Type a part of its name")),
    "edit_classes": _Description(
        mark("E&dit classes ..."), "Ctrl+K", "", mark("Add, rename, merge, order, colour, keys")
    ),
    "example": _Description(
        mark("Use as e&xample"),
        "E",
        "",
        mark("Show these images wherever their class is explained; again: no longer"),
    ),
    "one_by_one": _Description(
        mark("&One by one"), "O", "single", mark("Show one large image instead of the grid"), True
    ),
    "review": _Description(
        mark("&Review"), "R", "review", mark("Look through labels, likely mistakes first")
    ),
    "map": _Description(
        mark("&Map of the pool ..."),
        "M",
        "",
        mark("How the model sees the images; draw around some"),
    ),
    "similar": _Description(
        mark("&Similar images"), "L", "", mark("Open images that are most like this one")
    ),
    "groups": _Description(
        mark("Groups that loo&k alike"),
        "Shift+L",
        "",
        mark("Label many open images with one key, group by group"),
    ),
    "agreement": _Description(
        mark("&Agreement ..."), "", "", mark("Where several people disagree, and how far")
    ),
    "annotator": _Description(
        mark("&Who is labelling ..."), "", "", mark("The name that labels are kept under")
    ),
    "label_again": _Description(
        mark("&Label again, blind ..."),
        "",
        "",
        mark("Label what others have labelled, without seeing their answers"),
    ),
    "back": _Description(mark("Back to the &batch"), "Shift+R"),
    "suggestions": _Description(mark("Show or &hide suggestions"), "H"),
    "group": _Description(mark("&Group by suggested class"), "G"),
    "select_alike": _Description(
        mark("Select all with this s&uggestion"),
        "A",
        "",
        mark("Open images that the model calls the same; one key labels them all"),
    ),
    "deselect": _Description(
        mark("D&eselect"), "Escape", "", mark("Choose the current image alone again")
    ),
    "least_lower": _Description(
        mark("A&ccept more at once"), "[", "", mark("Fewer of them have to be right"), repeats=True
    ),
    "least_higher": _Description(
        mark("Accept fewer at o&nce"), "]", "", mark("More of them have to be right"), repeats=True
    ),
    "train": _Description(
        mark("&Train"), "T", "train", mark("Learn from all the labels, then choose the next batch")
    ),
    "pause": _Description(
        mark("&Pause or go on"), "P", "", mark("Let the training rest, or go on with it")
    ),
    "stop": _Description(
        mark("&Stop"),
        "Shift+Escape",
        "stop",
        mark("End the training; what was learnt in whole epochs is kept"),
    ),
    "next_batch": _Description(
        mark("&Next batch"),
        "N",
        "next",
        mark("Show the next batch, or choose one with the model there is"),
    ),
    "rounds": _Description(
        mark("&Rounds ..."),
        "Ctrl+R",
        "",
        mark("Strategy, network, recipe, device, size of a batch"),
    ),
    "audit": _Description(
        mark("&Audit the model"),
        "",
        "",
        mark("Label a random sample blind, so that it says how good the model is"),
    ),
    "label_rest": _Description(
        mark("&Label the rest ..."),
        "",
        "",
        mark("Let the model answer where it is sure enough; kept apart from what people say"),
    ),
    "oracle": _Description(
        mark("&Oracle"),
        "",
        "oracle",
        mark("Let the hidden labels answer for you (for experiments)"),
        True,
    ),
    "experiments": _Description(
        mark("&Experiments ..."),
        "Ctrl+Shift+E",
        "",
        mark("Compare strategies over seeds; hidden labels answer, on a copy"),
    ),
    "fit": _Description(
        mark("&Fit the batch"), "F", "", mark("Thumbnails as large as all of them have room")
    ),
    "details": _Description(
        mark("&Model details"), "D", "", mark("Curves and numbers of the model, or one line"), True
    ),
    "zoom": _Description(
        mark("&Zoom to 100 %"), "Z", "", mark("Pixel for pixel, or the whole image again")
    ),
    "zoom_in": _Description(
        mark("Look nea&rer"), "+", "", mark("Look closer, at the pointer"), repeats=True
    ),
    "zoom_out": _Description(
        mark("Look far&ther"), "-", "", mark("Look from farther away"), repeats=True
    ),
    "zoom_keep": _Description(
        mark("&Keep the zoom"),
        "Shift+Z",
        "",
        mark("Show the next image as close as this one"),
        True,
    ),
    "brighter": _Description(
        mark("&Brighter"),
        ".",
        "",
        mark("Show the large picture brighter, and those that follow"),
        repeats=True,
    ),
    "darker": _Description(
        mark("&Darker"),
        ",",
        "",
        mark("Show the large picture darker, and those that follow"),
        repeats=True,
    ),
    "more_contrast": _Description(mark("More &contrast"), "Ctrl+.", repeats=True),
    "less_contrast": _Description(mark("&Less contrast"), "Ctrl+,", repeats=True),
    "plain_tone": _Description(
        mark("As the i&mage is"), "Ctrl+B", "", mark("Neither brighter nor with more contrast")
    ),
    "larger": _Description(mark("&Larger thumbnails"), "Ctrl++", repeats=True),
    "smaller": _Description(mark("&Smaller thumbnails"), "Ctrl+-", repeats=True),
    "commands": _Description(
        mark("&Find a command ..."), "Ctrl+Shift+P", "", mark("Type a part of what you want to do")
    ),
    "tour": _Description(mark("&Tour"), "", "", mark("The window in under a minute")),
    "keys": _Description(mark("&Keys"), "F1"),
    "shortcuts": _Description(mark("&Change keys ..."), "", "", mark("Which key does what")),
    "report": _Description(
        mark("Save a &bug report ..."),
        "",
        "",
        mark("Versions and logs in one file; no images, no labels"),
    ),
}


def plain_name(name: str) -> str:
    """What an action is called, without marks for the menu."""
    return tr(DESCRIPTIONS[name].text).replace("&", "").removesuffix(" ...")


def key_of(name: str) -> QKeySequence:
    """The key of an action: the person's own, or that of the program."""
    own = settings().value(f"keys/{name}")
    return QKeySequence(DESCRIPTIONS[name].keys if own is None else str(own))


def key_text(name: str) -> str:
    """The key of an action, as a person reads it."""
    return key_of(name).toString(NATIVE)


def _on_keypad(keys: QKeySequence) -> list[QKeySequence]:
    """The same with the keypad's Enter, where Return belongs to it."""
    text = keys.toString(QKeySequence.SequenceFormat.PortableText)
    return [QKeySequence(text.replace("Return", "Enter"))] if "Return" in text else []


def taken_letters() -> dict[str, str]:
    """The single letters and digits that have a meaning, and which."""
    keys = {name: key_of(name).toString() for name in DESCRIPTIONS}
    return {key: plain_name(name) for name, key in keys.items() if len(key) == 1 and key.isalnum()}


class Actions:
    """The actions by name: `actions["undo"]`."""

    def __init__(self, window: QWidget) -> None:
        self._actions: dict[str, QAction] = {}
        self._yielded: frozenset[str] = frozenset()
        for name, described in DESCRIPTIONS.items():
            action = QAction(tr(described.text), window)
            action.setCheckable(described.checkable)
            action.setAutoRepeat(described.repeats)
            self._actions[name] = action
            self._show_key(name, key_of(name))
            window.addAction(action)
        self.refresh_icons()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def set_key(self, name: str, keys: QKeySequence) -> None:
        """Give an action another key, from now on and the next time too."""
        if keys == QKeySequence(DESCRIPTIONS[name].keys):
            settings().remove(f"keys/{name}")
        else:
            settings().setValue(f"keys/{name}", keys.toString())
        self._show_key(name, keys)

    def yield_to(self, class_keys: Iterable[str]) -> None:
        """Leave these letters and digits to the classes; two meanings of a key would be none."""
        self._yielded = frozenset(key.upper() for key in class_keys if len(key) == 1)
        for name in DESCRIPTIONS:
            self._show_key(name, key_of(name))

    def _show_key(self, name: str, keys: QKeySequence) -> None:
        action = self._actions[name]
        if keys.toString() in self._yielded:
            keys = QKeySequence()
        action.setShortcuts([keys, *_on_keypad(keys)])
        text = f"  ({keys.toString(NATIVE)})" if not keys.isEmpty() else ""
        tip = DESCRIPTIONS[name].tip
        action.setToolTip((tr(tip) if tip else plain_name(name)) + text)

    def refresh_icons(self) -> None:
        """Draw the icons in the colour of the theme."""
        for name, described in DESCRIPTIONS.items():
            if described.icon:
                self._actions[name].setIcon(icon(described.icon))

    def enable(self, **states: bool) -> None:
        """`enable(undo=True, redo=False)`."""
        for name, enabled in states.items():
            self._actions[name].setEnabled(enabled)
