"""Errors of the layers below, which know no Qt, in the window's language."""

from labeller.core.errors import LabellerError, Word, unforeseen
from labeller.core.remarks import Remark
from labeller.window.kit.language import tr


def spoken(error: BaseException) -> str:
    """The sentence of an error, also of an unforeseen one."""
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
