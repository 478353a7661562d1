"""Translations of the window: complete, up to date and in use."""

import ast
import shutil
import string
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow

from labeller.core.errors import LabellerError, require_known
from labeller.core.run import Cycle, Progress
from labeller.window.dialogs.experiments_dialog import ExperimentsDialog
from labeller.window.kit.actions import DECLARED, Actions
from labeller.window.kit.language import LANGUAGES, chosen_language, speak, spoken, tr
from labeller.window.shell.main_window import MainWindow
from labeller.window.shell.menus import build_menus

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "labeller_resources" / "translations"
LEFT = Qt.MouseButton.LeftButton
BIN = Path(sys.executable).parent


@pytest.fixture(autouse=True)
def english_again(qapp):
    yield
    speak("en")


def messages(name: str, folder: Path = FOLDER):
    """Yield (source text, has plural forms, translations, finished) for each message."""
    for message in ElementTree.parse(folder / f"{name}.ts").iter("message"):
        translation = message.find("translation")
        forms = [form.text or "" for form in translation.iter("numerusform")]
        yield (
            message.findtext("source"), message.get("numerus") == "yes",
            forms or [translation.text or ""], translation.get("type") is None,
        )  # fmt: skip


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_text_is_translated_with_its_fields(name):
    count = 0
    for source, plural, forms, finished in messages(name):
        assert finished and all(forms), source
        assert len(forms) == (2 if plural else 1), source
        for form in forms:
            assert fields(form) == fields(source), source
            assert form.count("&") == source.count("&"), source
            assert source.endswith("...") == form.endswith("..."), source
        count += 1
    assert count > (400 if name != "en" else 10)


def test_translation_files_are_up_to_date(tmp_path):
    """Extracting the texts again gives the files in the repository."""
    copy = tmp_path / "copy"
    for part in ("Makefile", "labeller", "models", "resources/labeller_resources/translations"):
        target = copy / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, target)
    made = subprocess.run(
        ["make", "--old-file=.venv/.installed", "translations", f"BIN={BIN}"],
        cwd=copy, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    for name in LANGUAGES:
        gathered = list(messages(name, copy / "resources" / "labeller_resources" / "translations"))
        assert gathered == list(messages(name)), f"{name}: run `make translations`"


def test_error_texts_can_be_extracted():
    """A text assembled before it is raised could not be translated."""
    kinds = {"LabellerError", *(kind.__name__ for kind in LabellerError.__subclasses__())}
    for path in (ROOT / "labeller").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds and node.args:
                written = isinstance(node.args[0], ast.Constant | ast.Name)
                assert written, f"{path.name}, line {node.lineno}"


def test_errors_from_lower_layers_are_translated(qapp):
    inner = LabellerError("{written} is not an image of this project", written="a.jpg")
    outer = LabellerError("{place}: {error}. Nothing was imported.", place="t.csv", error=inner)
    with pytest.raises(LabellerError) as caught:
        require_known("strategy", "magic", ["random"])
    unknown = caught.value
    full = LabellerError("The disk is full; {path} is unchanged. Free some space.", path="{open}")
    assert spoken(outer) == "t.csv: a.jpg is not an image of this project. Nothing was imported."
    assert spoken(unknown) == "There is no strategy 'magic'. Choose one of random."
    speak("de")
    assert (
        spoken(outer) == "t.csv: a.jpg ist kein Bild dieses Projekts. Es wurde nichts importiert."
    )
    assert spoken(unknown) == "„magic“ gibt es nicht (Strategie). Zur Wahl stehen: random."
    assert spoken(full).startswith("Der Datenträger ist voll; {open} ist unverändert.")
    assert spoken(MemoryError()).startswith("Der Speicher reicht nicht.")
    assert str(outer).startswith("t.csv: a.jpg is not"), "the command line speaks English"


def test_compiled_translations_match_their_sources(qapp):
    for name in LANGUAGES:
        compiled = QTranslator()
        assert compiled.load(str(FOLDER / f"{name}.qm"))
        for source, plural, forms, _ in messages(name):
            said = [compiled.translate("", source, None, n) for n in ((1, 2) if plural else (-1,))]
            assert said == forms, source


def test_menu_mnemonics_are_unique(qtbot):
    """Alt and the letter after & trigger an action: each letter occurs once per menu."""
    owner = QMainWindow()
    qtbot.addWidget(owner)
    for name in LANGUAGES:
        speak(name)
        owner.menuBar().clear()
        build_menus(owner, Actions(owner))
        titles = owner.menuBar().actions()
        for actions in (titles, *(title.menu().actions() for title in titles)):
            texts = [action.text() for action in actions if action.text()]
            letters = [text[text.index("&") + 1].lower() for text in texts]
            twice = {letter for letter in letters if letters.count(letter) > 1}
            assert not twice, (name, twice, texts)


def test_the_window_is_translated_into_german(person, window, qtbot, folder):
    speak("de")
    german = MainWindow()
    qtbot.addWidget(german)
    german.show()
    titles = [action.text() for action in german.menuBar().actions()]
    assert titles == ["&Datei", "&Labeln", "&Gehe zu", "&Modell", "&Ansicht", "&Bild", "&Hilfe"]
    assert german.welcome.new_button.text() == "Neues Projekt ..."
    assert DECLARED["bad_image"].name == "Schlechtes Bild"
    german.open_project(folder)
    person.wait(lambda: german.page is not None and len(german.page.session.images) > 0)
    person.wait(lambda: not german.worker.busy)
    assert german.page.header.title.text() == "Runde 0, zufällig gewählt"
    qtbot.waitActive(german)
    german.activateWindow()
    person.wait(lambda: QApplication.activeWindow() is german)
    qtbot.keyClick(german.page.grid, Qt.Key.Key_1)
    qtbot.keyClick(german.page.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert german.statusBar().currentMessage() == "Zurückgenommen: 1 Bild."
    german.actions_by_name["experiments"].trigger()
    (dialog,) = german.page.findChildren(ExperimentsDialog)
    german.worker.progressed.emit(Progress("Training", 1, 2, cycle=Cycle(5, 1, 4)))
    assert dialog.message.text() == "Startwert 5, Zyklus 1 von 4: Training ..."
    german.close()


def test_plurals():
    speak("en")
    assert tr("%n image(s)", None, 1) == "1 image" and tr("%n image(s)", None, 2) == "2 images"
    speak("de")
    assert tr("%n image(s)", None, 1) == "1 Bild" and tr("%n image(s)", None, 0) == "0 Bilder"


def test_a_language_chosen_in_the_menu_applies_from_the_next_start(window, qtbot, monkeypatch):
    menu = next(a for a in window.menuBar().actions() if a.text() == "&View").menu()
    title = next(a for a in menu.actions() if a.menu() is not None)
    languages = title.menu()

    def choose(language: QAction) -> None:
        bar = window.menuBar()
        qtbot.mouseClick(bar, LEFT, pos=bar.actionGeometry(menu.menuAction()).center())
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(title).center())
        qtbot.waitUntil(languages.isVisible)
        qtbot.mouseClick(languages, LEFT, pos=languages.actionGeometry(language).center())

    assert [a.text() for a in languages.actions()] == ["System language", "English", "Deutsch"]
    assert [a.isChecked() for a in languages.actions()] == [True, False, False]
    choose(languages.actions()[2])
    assert chosen_language() == "de" and "next" not in tr("&File")
    assert "next start" in window.statusBar().currentMessage()
    speak()
    assert tr("&File") == "&Datei"
    choose(languages.actions()[0])
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("fr_FR"))
    speak()
    assert tr("%n image(s)", None, 1) == "1 image", "falls back to English"
