"""Errors of the rooms below, which know no Qt, in the language of the window."""

from labeller.core.errors import LabellerError, Word, unforeseen
from labeller.core.remarks import Remark
from labeller.window.kit.language import tr


def spoken(error: BaseException) -> str:
    """The sentence of an error; one that nobody foresaw gets one too."""
    known = unforeseen(error)
    if not known.values:
        return tr(known.message) if known.message else ""
    return tr(known.message).format(**{name: _said(value) for name, value in known.values.items()})


def remark_in_words(remark: Remark) -> str:
    """The sentence of a remark."""
    return tr(remark.message).format(**dict(remark.values)) if remark.values else tr(remark.message)


def _said(value: object) -> object:
    if isinstance(value, LabellerError):
        return spoken(value)
    return tr(value) if isinstance(value, Word) else value
