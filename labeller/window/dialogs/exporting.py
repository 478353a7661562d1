"""Asking where an export or a report goes, and writing it."""

from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QWidget

from labeller.care.bug_report import write_report
from labeller.project.label_files import SUFFIXES, TITLES, export
from labeller.project.project import Project, explaining
from labeller.window.kit.language import tr


def export_with_dialog(parent: QWidget, project: Project, format_name: str) -> str | None:
    """Ask for a name and write; returns what to tell, None if the person changed their mind.

    Raises:
        LabellerError: it cannot be written.
    """
    suffix = SUFFIXES[format_name]
    suggestion = project.folder.parent / f"{project.folder.name}-{format_name}{suffix}"
    title = tr("Export: {what}").format(what=tr(TITLES[format_name]))
    path, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion))
    if not path:
        return None
    output = Path(path)
    if suffix and not output.suffix:
        output = output.with_suffix(suffix)
    with explaining(project.folder):
        # The dialog has asked whether a file may be replaced, but only of the name that was typed.
        return export(project, format_name, output, replace=output == Path(path))


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
