"""Desktop notifications, sent only while the window is in the background."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel

from labeller.window.shell.messages import NOTIFY


def test_notifications_are_sent_only_while_another_window_is_active(
    person, window, qtbot, tmp_path, monkeypatch
):
    file = tmp_path / "shown"
    program = tmp_path / NOTIFY
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {file}.part && mv {file}.part {file}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    window.notifier.tell("nobody needs this")
    other = QLabel("another program")
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    person.wait(lambda: QApplication.activeWindow() is other)
    window.notifier.tell("A model has been trained.")
    person.wait(file.exists)
    words = Path(file).read_text().splitlines()
    assert (
        words[-2:] == ["Labeller", "A model has been trained."] and "--app-name=Labeller" in words
    )
