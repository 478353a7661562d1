"""Everything that can be done, each as one `QAction` with its key, icon and explanation."""

from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from labeller.window.icons import icon
from labeller.window.preferences import settings


@dataclass(frozen=True)
class _Description:
    text: str
    keys: str = ""
    icon: str = ""
    tip: str = ""
    checkable: bool = False


DESCRIPTIONS = {
    "new": _Description("&New project ...", "Ctrl+N"),
    "open": _Description("&Open project ...", "Ctrl+O"),
    "demo": _Description("Open the &demo"),
    "close": _Description("&Close project", "Ctrl+W"),
    "quit": _Description("&Quit", "Ctrl+Q"),
    "export_csv": _Description("Labels as a &CSV table ...", "Ctrl+E"),
    "export_imagefolder": _Description("Images in &folders by class ..."),
    "export_model": _Description("The trained &model ..."),
    "undo": _Description("&Undo", "Ctrl+Z", "undo", "Take the last label back"),
    "redo": _Description("&Redo", "Ctrl+Y", "redo", "Do again what was undone"),
    "accept": _Description("&Accept suggestion", "Return", "", "Take what the model suggests"),
    "accept_sure": _Description(
        "Accept all s&ure suggestions", "Shift+Return", "", "Take all that are sure enough"
    ),
    "skip": _Description("&Skip", "S", "skip", "Put this image aside without a label"),
    "unsure": _Description("Uns&ure", "U", "", "Put it aside because you cannot tell"),
    "no_class": _Description("&Not any class", "X", "", "It shows nothing of the classes"),
    "bad_image": _Description("&Bad image", "B", "", "It cannot be used: blurred, cut off, wrong"),
    "note": _Description("&Note ...", "Ctrl+I", "", "Write something about this image"),
    "clear": _Description("C&lear label", "Backspace", "", "Make the chosen images open again"),
    "next_open": _Description("Next &open image", "Tab", "", "Go to the next unlabelled image"),
    "previous_open": _Description(
        "&Previous open image", "Shift+Tab", "", "Go back to an unlabelled image"
    ),
    "go_to": _Description("&Go to image ...", "Ctrl+G", "", "By its number or a part of its name"),
    "find_class": _Description("&Find a class ...", "/", "", "Type a part of its name"),
    "edit_classes": _Description(
        "&Edit classes ...", "Ctrl+K", "", "Add, rename, merge, order, colour, keys"
    ),
    "one_by_one": _Description(
        "&One by one", "O", "single", "Show one large image instead of the grid", True
    ),
    "review": _Description(
        "&Review ...", "R", "review", "Look through labels, likely mistakes first"
    ),
    "map": _Description(
        "&Map of the pool ...", "M", "", "How the model sees the images; draw around some"
    ),
    "agreement": _Description(
        "&Agreement ...", "", "", "Where several people disagree, and how far"
    ),
    "annotator": _Description(
        "&Who is labelling ...", "", "", "The name that labels are kept under"
    ),
    "back": _Description("Back to the &batch", "Shift+R"),
    "suggestions": _Description("Show or &hide suggestions", "H"),
    "group": _Description("&Group by suggested class", "G"),
    "train": _Description(
        "&Train", "T", "train", "Learn from all the labels, then choose the next batch"
    ),
    "pause": _Description("&Pause or go on", "P", "", "Let the training rest, or go on with it"),
    "stop": _Description("St&op", "Escape", "stop", "End the training; what was learnt is kept"),
    "next_batch": _Description(
        "&Next batch", "N", "next", "Show the next batch, or choose one with the model there is"
    ),
    "rounds": _Description(
        "&Rounds ...", "Ctrl+R", "", "Strategy, network, recipe, device, size of a batch"
    ),
    "oracle": _Description(
        "&Oracle", "", "oracle", "Let the hidden labels answer for you (for experiments)", True
    ),
    "larger": _Description("&Larger thumbnails", "Ctrl++"),
    "smaller": _Description("&Smaller thumbnails", "Ctrl+-"),
    "commands": _Description(
        "&Find a command ...", "Ctrl+Shift+P", "", "Type a part of what you want to do"
    ),
    "keys": _Description("&Keys", "F1"),
    "shortcuts": _Description("&Change keys ...", "", "", "Which key does what"),
    "report": _Description(
        "Save a &bug report ...", "", "", "Versions and logs in one file; no images, no labels"
    ),
}


def plain_name(name: str) -> str:
    """What an action is called, without marks for the menu."""
    return DESCRIPTIONS[name].text.replace("&", "").removesuffix(" ...")


def key_of(name: str) -> QKeySequence:
    """The key of an action: the person's own, or that of the program."""
    own = settings().value(f"keys/{name}")
    return QKeySequence(DESCRIPTIONS[name].keys if own is None else str(own))


def taken_letters() -> dict[str, str]:
    """The single letters and digits that have a meaning, and which."""
    keys = {name: key_of(name).toString() for name in DESCRIPTIONS}
    return {key: plain_name(name) for name, key in keys.items() if len(key) == 1 and key.isalnum()}


class Actions:
    """The actions by name: `actions["undo"]`."""

    def __init__(self, window: QWidget) -> None:
        self._actions: dict[str, QAction] = {}
        for name, described in DESCRIPTIONS.items():
            action = QAction(described.text, window)
            action.setCheckable(described.checkable)
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

    def _show_key(self, name: str, keys: QKeySequence) -> None:
        action = self._actions[name]
        action.setShortcut(keys)
        told = f"  ({keys.toString()})" if not keys.isEmpty() else ""
        action.setToolTip((DESCRIPTIONS[name].tip or plain_name(name)) + told)

    def refresh_icons(self) -> None:
        """Draw the icons in the colour of the theme."""
        for name, described in DESCRIPTIONS.items():
            if described.icon:
                self._actions[name].setIcon(icon(described.icon))

    def enable(self, **states: bool) -> None:
        """`enable(undo=True, redo=False)`."""
        for name, enabled in states.items():
            self._actions[name].setEnabled(enabled)
