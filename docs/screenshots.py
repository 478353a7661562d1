"""Make the pictures of the documents: start the real window on the demo, press keys, grab it.

`make screenshots` runs this under a virtual screen. The demo is made in a temporary folder.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from labeller_models.encoders import ENCODERS
from PIL import Image
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from labeller.loop.method import Method
from labeller.loop.pool_prediction import weigh_rest
from labeller.loop.round_settings import RoundSettings, keep_round_settings
from labeller.project import guidelines
from labeller.project.project import Project
from labeller.store.agreement import conflicts
from labeller.window.dialogs.comparison_dialogs import show_matrix
from labeller.window.dialogs.experiments_dialog import ExperimentsDialog
from labeller.window.dialogs.guidelines_dialog import GuidelinesDialog
from labeller.window.dialogs.new_project_dialog import NewProjectDialog
from labeller.window.dialogs.rest_dialog import RestDialog
from labeller.window.kit.language import speak
from labeller.window.kit.theme import ACCENT, CLASS_COLOURS, apply_theme, choose_scheme
from labeller.window.learning.feature_map import FeatureMapDialog
from labeller.window.shell.application import warm_up
from labeller.window.shell.main_window import MainWindow
from labeller.window.shell.tour import Tour, show_tour_once

IMAGES = Path(__file__).resolve().parent / "images"
EXACT = (*CLASS_COLOURS, ACCENT.name())
"""What colours mean is read off the pictures: these are kept as they are."""
KEYS = [Qt.Key(Qt.Key.Key_1 + place) for place in range(9)] + [Qt.Key.Key_0]


def pause(milliseconds: int) -> None:
    """Let the window and its threads live on (QTest.qWait would keep the interpreter's lock)."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        pause(50)


def label(window: MainWindow, count: int) -> None:
    """Press the key of the true class, image by image."""
    come_back(window)
    session = window.page.session
    truth = session.project.oracle.reveal([image.id for image in session.images])
    places = {c.id: c.position for c in session.classes}
    for _ in range(count):
        image = session.images[session.cursor]
        QTest.keyClick(window.page.grid, KEYS[places[truth[image.id]]])


def grab(window: MainWindow, name: str) -> None:
    pause(800)
    save(window, name)


def save(widget: QWidget, name: str) -> None:
    """What a widget shows, in 256 colours: a third of the bytes. Those of the classes stay true."""
    path = IMAGES / f"{name}.png"
    widget.grab().save(str(path))
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    reduced = picture.quantize(256 - len(EXACT), dither=Image.Dither.NONE)
    pixels, places = np.asarray(picture), np.array(reduced)
    colours = (reduced.getpalette() or [])[: 3 * (256 - len(EXACT))]
    for exact in EXACT:
        colour = QColor(exact).getRgb()[:3]
        places[(pixels == colour).all(axis=2)] = len(colours) // 3
        colours += colour
    small = Image.fromarray(places)
    small.putpalette(colours)
    small.save(path, optimize=True)
    print(path)


def in_both(window: MainWindow, name: str) -> None:
    """The window in dark and in light colours."""
    choose_scheme("dark")
    grab(window, f"{name}-dark")
    choose_scheme("light")
    grab(window, name)


def grab_widget(widget: QWidget, name: str) -> None:
    """A dialog in both colours."""
    for suffix, scheme in (("-dark", "dark"), ("", "light")):
        choose_scheme(scheme)
        pause(400)
        save(widget, f"{name}{suffix}")


def show_an_import(dialog: QWidget) -> None:
    """Labels of another program that contradict ours in part."""
    dialog.file.setText("labels.csv")
    wait(lambda: "\n" in dialog.found.text())


def show_what_goes_in_and_out(window: MainWindow) -> None:
    grab_dialog(window, "export", "export", lambda dialog: dialog.choose("labelstudio"))
    project = window.page.session.project
    chosen = [*project.labels.labelled()[0][:12].tolist(), *project.images.open()[:20].tolist()]
    rows = [
        f"{image.path},{'boat' if n % 5 else 'fish'},ben\n"
        for n, image in enumerate(project.images.get(chosen))
    ]
    Path("labels.csv").write_text("path,label,annotator\n" + "".join(rows), encoding="utf-8")
    grab_dialog(window, "import_labels", "import", show_an_import)
    come_back(window)


def show_an_example(editor: QWidget) -> None:
    """In the editor of classes: the one that has an example."""
    classes = editor._session.project.classes
    with_one = next(iter(classes.examples()))
    editor.table.setCurrentCell([c.id for c in classes.all()].index(with_one), 0)


def grab_dialog(
    window: MainWindow,
    action: str,
    name: str,
    prepare: Callable[[QWidget], None] = lambda _: None,
    open_it: Callable[[], object] | None = None,
) -> None:
    """Open a dialog by its action (or `open_it`), grab it in both colours, close it."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        prepare(dialog)
        grab_widget(dialog, name)
        dialog.close()

    QTimer.singleShot(600, look)
    (open_it or window.actions_by_name[action].trigger)()


def show_review(window: MainWindow) -> None:
    """Some labels of the second batch, two of them wrong, and what the model had said."""
    come_back(window)
    QTest.keyClick(window.page.grid, Qt.Key.Key_R)
    wait(lambda: window.page.session.reviewing)
    QTest.keyClick(window.page.grid, Qt.Key.Key_Return)
    QTest.keyClick(window.page.grid, Qt.Key.Key_Return)
    in_both(window, "review")
    grab_dialog(window, "", "matrix", open_it=lambda: show_matrix(window.page))
    come_back(window)
    QTest.keyClick(window.page.grid, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)


def show_the_pool(window: MainWindow) -> None:
    come_back(window)
    window.actions_by_name["pool"].trigger()
    line = window.page.reviewing.filters.text
    QTest.keyClicks(line, "is:unlabelled confidence<0.7")
    QTest.keyClick(line, Qt.Key.Key_Return)
    in_both(window, "pool")
    QTest.keyClick(window.page.grid, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)


def show_the_progress(window: MainWindow) -> None:
    grab_dialog(window, "progress", "progress")


def show_new_project(window: MainWindow) -> None:
    """The dialog, looking at the images of the demo."""
    dialog = NewProjectDialog(window)
    dialog.images.setText("demo-images")  # in the working folder
    dialog.location.setText("things")
    dialog.show()
    wait(lambda: dialog.meanings["truth"].isEnabled())
    dialog.meanings["truth"].setChecked(True)
    grab_widget(dialog, "new-project")
    dialog.close()


def show_what_a_model_brings(window: MainWindow) -> None:
    page = window.page
    label(window, 4)
    QTest.keyClick(page.grid, Qt.Key.Key_U)
    QTest.keyClick(page.grid, Qt.Key.Key_B)
    QTest.keyClick(page.grid, Qt.Key.Key_Return)
    QTest.keyClick(page.grid, Qt.Key.Key_F)
    in_both(window, "suggestions")
    show_what_looks_alike(window)
    QTest.keyClick(page.grid, Qt.Key.Key_O)
    in_both(window, "one-by-one")
    QTest.keyClick(page.single, Qt.Key.Key_Z)
    for _ in range(8):
        page.single.picture.zoom(1)
    in_both(window, "zoom")
    QTest.keyClick(page.single, Qt.Key.Key_Z)
    QTest.keyClick(page.single, Qt.Key.Key_O)
    show_the_rest(window)
    grab_dialog(window, "edit_classes", "classes", show_an_example)
    grab_dialog(window, "find_class", "new-class", lambda dialog: dialog.text.setText("ca"))
    for name in ("rounds", "commands", "keys"):
        grab_dialog(window, name, name)
    show_the_map(window)


def show_what_looks_alike(window: MainWindow) -> None:
    """Images like the current one, then a group of the pool, and back."""
    page = window.page
    QTest.keyClick(page.grid, Qt.Key.Key_L)
    wait(lambda: page.session.reviewing and not window.worker.busy)
    in_both(window, "similar")
    come_back(window)
    QTest.keyClick(page.grid, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    wait(lambda: page.learning.shows_groups and not window.worker.busy)
    in_both(window, "groups")
    come_back(window)
    page.session.back_to_batch()


def show_the_rest(window: MainWindow) -> None:
    """What the model would label by itself."""
    with Project(window.page.session.project.folder, lock=False) as project:
        answers = weigh_rest(project)
    dialog = RestDialog(answers, window.page)
    dialog.show()
    grab_widget(dialog, "rest")
    dialog.close()


def show_an_audit(window: MainWindow) -> None:
    """A random sample, labelled in part."""
    session = window.page.session
    wait(lambda: not window.worker.busy, 400)
    window.actions_by_name["audit"].trigger()
    wait(lambda: session.round is not None and session.round.is_audit)
    label(window, 12)
    in_both(window, "audit")
    finish_the_batch(window)


def show_the_map(window: MainWindow) -> None:
    window.actions_by_name["map"].trigger()
    wait(lambda: bool(window.findChildren(FeatureMapDialog)))
    (dialog,) = window.findChildren(FeatureMapDialog)
    view, project = dialog.view, window.page.session.project
    wait(lambda: project.tensor_cache.path.with_name("map.npz").exists())
    dialog.colouring.setCurrentIndex(dialog.colouring.findData("Suggestion"))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):
        QTest.keyClick(view, key)
    for _ in range(4):
        QTest.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    grab_widget(dialog, "map")
    view.go_to(view.current)
    while len(view.in_view()) > 25:
        QTest.keyClick(view, Qt.Key.Key_Plus)
    wait(lambda: all(view._picture(number) for number in view.in_view()))
    grab_widget(dialog, "map-near")
    dialog.close()


GUIDELINES = """# How to label

Give each picture the class of the **largest** thing in it.

- Several things of the same size: skip the picture (`S`).
- Only a part can be seen: label it if you are sure, otherwise `U`.

"""


def show_the_guidelines(window: MainWindow) -> None:
    """A text with a picture, and a class with examples of what it is and is not."""
    session = window.page.session
    project, classes = session.project, {each.name: each for each in session.classes}
    ids, of_classes = project.labels.labelled()
    drawn = project.images.get(ids[:1].tolist())[0].file
    name = guidelines.add_picture(project, drawn)
    window.page.changes.write_guidelines(f"{GUIDELINES}![A picture to label]({name})")

    def labelled(name: str, count: int) -> list[int]:
        return ids[of_classes == classes[name].id][:count].tolist()

    first = classes["balloon"]
    described = replace(first, description="A balloon in the air, with or without its string.")
    project.classes.change(described)
    project.classes.change_examples(dict.fromkeys(labelled("balloon", 3), first.id), add=True)
    wrong = [*labelled("umbrella", 1), *labelled("mushroom", 1)]
    project.classes.change_examples(dict.fromkeys(wrong, first.id), add=True, wrong=True)
    session.reload_classes()
    window.actions_by_name["guidelines"].trigger()
    (dialog,) = window.page.findChildren(GuidelinesDialog)
    dialog.shown.verticalScrollBar().setValue(0)
    pause(1500)
    grab_widget(dialog, "guidelines")
    dialog.close()


def show_the_tour(window: MainWindow) -> None:
    show_tour_once(window)
    (tour,) = window.findChildren(Tour)
    in_both(window, "tour")
    tour.close()


def show_what_a_batch_taught(window: MainWindow) -> None:
    """A second round, on the batch that the first model chose."""
    finish_the_batch(window)
    plot = window.page.training.plot
    QTest.keyClick(window.page.grid, Qt.Key.Key_D)
    plot.setCurrentWidget(window.page.training.balance)
    in_both(window, "classes-learnt")
    plot.setCurrentIndex(0)
    QTest.keyClick(window.page.grid, Qt.Key.Key_D)


def finish_the_batch(window: MainWindow) -> None:
    """Label what is open, and train; a key shows the next batch, which comes by itself."""
    session = window.page.session
    label(window, len(session.open_positions()))
    wait(lambda: not window.worker.busy, 400)
    if session.newest_model is None:  # typical images were offered instead
        QTest.keyClick(window.page.grid, Qt.Key.Key_T)
        wait(lambda: session.newest_model is not None and not window.worker.busy, 400)
    wait(lambda: session.waiting_round is not None)
    QTest.keyClick(window.page.grid, Qt.Key.Key_N)


def show_a_training(window: MainWindow) -> None:
    """A whole network, as the paper trains one, with its curves."""
    project = window.page.session.project
    method = Method(learner="mobyv2al", encoder=ENCODERS.default)
    keep_round_settings(project, RoundSettings(method), project.batch_size)
    window.page.live.start()
    come_back(window)
    QTest.keyClick(window.page.grid, Qt.Key.Key_D)
    window.page.learning.train()
    window.page.learning.train()  # the batch is not done
    wait(lambda: window.page.training.plot.epoch_count >= 8, 400)
    in_both(window, "training")
    QTest.keyClick(window.page.grid, Qt.Key.Key_D)
    wait(lambda: not window.worker.busy, 400)


def show_two_people(window: MainWindow) -> None:
    """A second person labels some images again, a third of them otherwise."""
    session = window.page.session
    project, class_ids = session.project, [c.id for c in session.classes]
    ids, labels = project.labels.labelled()
    session.annotator = "berta"
    session.look_through(ids[:20].tolist(), "Labelling again, blind", blind=True)
    come_back(window)
    for place, label_of in enumerate(labels[:20].tolist()):
        wrong = place % 3 == 2
        key = KEYS[(class_ids.index(label_of) + wrong) % len(class_ids)]
        if place < 12:
            QTest.keyClick(window.page.grid, key)
    in_both(window, "blind")
    session.back_to_batch()
    grab_dialog(window, "agreement", "agreement")
    found = project.agreement.opinions()
    session.decide({i: found[i] for i in conflicts(found)}, "To decide: people disagree")
    in_both(window, "deciding")
    session.back_to_batch()


def show_experiments(window: MainWindow) -> None:
    """Two strategies over two seeds, with the learner that is quick."""
    window.actions_by_name["experiments"].trigger()
    (dialog,) = window.page.findChildren(ExperimentsDialog)
    form = dialog.form
    learner = form.boxes["learner"]
    learner.setCurrentIndex(learner.findData("frozen"))
    for strategy in ("weighted-coreset", "random"):
        box = form.boxes["strategy"]
        box.setCurrentIndex(box.findData(strategy))
        form.cycles.setValue(4)
        form.seeds.setText("0 1")
        form.add_button.click()
    dialog.buttons["run"].click()
    wait(lambda: not window.worker.busy, 600)
    grab_widget(dialog, "experiments")
    dialog.close()


def show_german(window: MainWindow) -> None:
    """The same window as somebody sees it whose system speaks German."""
    speak("de")
    german = MainWindow()
    german.resize(1280, 800)
    german.show()
    folder = window.page.session.project.folder
    window.close_project()
    german.open_project(folder)
    wait(lambda: german.page is not None and bool(german.page.session.images))
    in_both(german, "german")
    german.close()


def come_back(window: MainWindow) -> None:
    """To the front again, so that keys arrive."""

    def active() -> bool:
        window.activateWindow()
        return QApplication.activeWindow() is window

    wait(active)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LABELLER_DATA"] = folder
        os.chdir(folder)
        application = QApplication(sys.argv[:1])
        speak("en")
        apply_theme(application)
        choose_scheme("light")
        warm_up()
        window = MainWindow()
        window.resize(1280, 800)
        window.show()
        in_both(window, "welcome")
        window.actions_by_name["demo"].trigger()
        wait(lambda: window.page is not None and bool(window.page.session.images))
        window.page.session.annotator = "anna"
        show_the_tour(window)
        show_new_project(window)
        grab_dialog(window, "reading", "reading")
        label(window, 22)
        in_both(window, "labelling")
        QTest.keyClick(window.page.grid, Qt.Key.Key_Home)
        QTest.keyClick(window.page.grid, Qt.Key.Key_E)
        QTest.keyClick(window.page.grid, Qt.Key.Key_Tab)
        finish_the_batch(window)
        show_what_a_model_brings(window)
        show_what_a_batch_taught(window)
        show_review(window)
        show_the_pool(window)
        show_the_progress(window)
        show_the_guidelines(window)
        show_an_audit(window)
        show_two_people(window)
        show_experiments(window)
        show_a_training(window)
        show_what_goes_in_and_out(window)
        show_german(window)
        window.close()


if __name__ == "__main__":
    main()
