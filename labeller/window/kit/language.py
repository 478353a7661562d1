"""The language of the window: its texts, and errors of the layers below, go through Qt's
translations.

`make translations` gathers the texts into `resources/labeller_resources/translations/*.ts` for
Qt Linguist and compiles what has been translated. English needs a file too, for its plurals.
"""

from importlib.resources import as_file, files

from labeller_models.registry import mark as mark
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from labeller.core.errors import LabellerError, Remark, Word, unforeseen
from labeller.window.kit.preferences import settings

LANGUAGES = {"en": "English", "de": "Deutsch"}
SYSTEM = "system"


def tr(text: str, comment: str | None = None, n: int = -1) -> str:
    """Translate a text.

    Args:
        comment: says to translators what is meant, where a text alone would not.
        n: stands for `%n`, and chooses between singular and plural.
    """
    return QCoreApplication.translate("", text, comment, n)


def chosen_language() -> str:
    """`system`, or one of `LANGUAGES`."""
    name = str(settings().value("language", SYSTEM))
    return name if name in LANGUAGES else SYSTEM


def choose_language(name: str) -> None:
    """Set the language from the next start on."""
    settings().setValue("language", name)


def speak(name: str | None = None) -> None:
    """Load the translations of a language (None: the chosen one), or English."""
    name = name or chosen_language()
    if name == SYSTEM:
        name = QLocale.system().name().split("_")[0]
    name = name if name in LANGUAGES else "en"
    application = QCoreApplication.instance()
    assert application is not None
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.deleteLater()
    ours, of_qt = QTranslator(application), QTranslator(application)
    with as_file(files("labeller_resources").joinpath("translations", f"{name}.qm")) as compiled:
        ours.load(str(compiled))
    of_qt.load(f"qtbase_{name}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for translator in (of_qt, ours):
        application.installTranslator(translator)
    QLocale.setDefault(QLocale(name))


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
