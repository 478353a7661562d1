"""Starting the window."""

import logging
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QSplashScreen

from labeller import __version__
from labeller.core import log
from labeller.window.kit.icons import icon
from labeller.window.kit.language import speak
from labeller.window.kit.theme import apply_theme
from labeller.window.learning import jobs
from labeller.window.shell.main_window import MainWindow
from labeller.window.shell.tour import show_tour_once


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
    splash = _splash()
    splash.show()
    application.processEvents()
    jobs.warm_up()
    window = MainWindow()
    window.project_shown.connect(lambda: show_tour_once(window))
    log.catch_all(window.messages.show_uncaught)
    window.show()
    splash.finish(window)
    if project is not None:
        window.open_project(project, read_only)
    elif demo:
        window.open_demo()
    _let_signals_through(application, window)
    return application.exec()


def _log_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own warnings say nothing to a person; they belong in the log."""
    severe = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    logging.getLogger("labeller.qt").log(logging.ERROR if severe else logging.WARNING, message)


def _let_signals_through(application: QApplication, window: MainWindow) -> None:
    """Ctrl+C in the terminal, or a polite kill, closes the window in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    # Python sees a signal only between two of its own instructions.
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
