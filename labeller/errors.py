"""The one kind of error that is meant for people."""


class LabellerError(Exception):
    """Something the user can put right.

    Its message is one plain sentence that says what is wrong and what to do. The command line
    prints it and exits with 1; the window shows it in a dialog.
    """


class Cancelled(LabellerError):
    """The user stopped the work before it was finished."""
