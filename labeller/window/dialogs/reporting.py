"""Asking where a report goes, and writing it."""

from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QWidget

from labeller.care.bug_report import write_report
from labeller.project.project import Project
from labeller.window.kit.language import tr


def save_report_with_dialog(parent: QWidget, project: Project | None) -> str | None:
    """Ask for a name and write a bug report; returns what to tell, None for nothing.

    Raises:
        LabellerError: it cannot be written.
    """
    suggestion = QDir.home().filePath("labeller-report.zip")
    path, _ = QFileDialog.getSaveFileName(parent, tr("Save a bug report"), suggestion)
    if not path:
        return None
    write_report(Path(path), project, replace=True)  # the dialog has asked
    return tr("{path} holds versions and logs, no images and no labels").format(path=path)
