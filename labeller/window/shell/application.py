"""Starting the window."""

import faulthandler
import gc
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QSplashScreen

from labeller import __version__
from labeller.core import log
from labeller.core.errors import LabellerError
from labeller.window.kit.accessibility import show_focus
from labeller.window.kit.language import speak
from labeller.window.kit.theme import apply_theme, icon
from labeller.window.shell.main_window import MainWindow
from labeller.window.shell.tour import show_tour_once

ADVICE = "Every command but `open` and `demo` works without a window: see --help."


def run(project: Path | None = None, demo: bool = False, read_only: bool = False) -> int:
    """Show the window on a project, the demo, or the welcome page; returns the exit code."""
    qInstallMessageHandler(_log_message)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("labeller")
    application.setApplicationDisplayName("Labeller")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("labeller")
    speak()
    apply_theme(application)
    show_focus(application)
    splash = _splash()
    splash.show()
    application.processEvents()
    warm_up()
    window = MainWindow()
    window.project_shown.connect(lambda: show_tour_once(window))
    log.catch_all(window.messages.show_uncaught)
    window.show()
    splash.finish(window)
    if project is not None:
        window.open_project(project, read_only)
    elif demo:
        window.actions_by_name["demo"].trigger()
    _let_signals_through(application, window)
    return application.exec()


def warm_up() -> None:
    """Load all that operations need and pay for torch's first use, behind the splash screen."""
    import labeller.loop.rounds  # noqa: F401
    from labeller.learning.device import warm_up

    warm_up()
    # All this stays until the end. Looking through it for garbage stops the window for 0.3 s.
    gc.freeze()


def require_display() -> None:
    """Raise LabellerError if Qt cannot open a window; asked first, since Qt aborts without one."""
    if not sys.platform.startswith("linux"):
        return
    if not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise LabellerError("There is no display to open a window on. {advice}", advice=ADVICE)
    failed, text = _try_in_a_child()
    if failed:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        found = next((line for line in lines if "needed" in line or "could not" in line), None)
        reason = found or (lines[-1] if lines else "no reason given")
        raise LabellerError(
            "Qt cannot open a window ({reason}). {advice}", reason=reason.rstrip("."), advice=ADVICE
        )


def _try_in_a_child() -> tuple[bool, str]:
    """Start Qt in a fork of this process; return whether that ended it, and its output.

    A fork, because a packaged program has no interpreter to start.
    """
    with tempfile.TemporaryFile() as written:
        child = os.fork()
        if child == 0:
            faulthandler.disable()  # its end is reported in words, not as a crash
            os.dup2(written.fileno(), 2)
            QGuiApplication([])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        written.seek(0)
        return status != 0, written.read().decode(errors="replace")


def _log_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Write Qt's warnings to the log instead of the terminal."""
    severe = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    logging.getLogger("labeller.qt").log(logging.ERROR if severe else logging.WARNING, message)


def _let_signals_through(application: QApplication, window: MainWindow) -> None:
    """Close the window properly on SIGINT and SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    # Python handles signals only between two bytecode instructions.
    timer = QTimer(application)
    timer.timeout.connect(lambda: None)
    timer.start(250)


def _splash() -> QSplashScreen:
    pixmap = QPixmap(360, 200)
    pixmap.fill(QColor("#22262e"))
    painter = QPainter(pixmap)
    painter.drawPixmap(148, 36, icon("labeller").pixmap(64, 64))
    painter.setPen(Qt.GlobalColor.white)
    font = painter.font()
    font.setPointSize(17)
    painter.setFont(font)
    painter.drawText(0, 108, 360, 40, Qt.AlignmentFlag.AlignCenter, "Labeller")
    painter.end()
    splash = QSplashScreen(pixmap)
    splash.showMessage(
        "Starting ...",
        Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
        QColor("#c8ccd4"),
    )
    return splash
