"""The header: labelling progress and pace."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from labeller.project.project import Project
from labeller.window.labelling.batch_header import Pace

K = Qt.Key


def test_pace_excludes_pauses():
    pace = Pace()
    for second in range(0, 40, 4):
        pace.add(1, float(second))
    assert pace.a_minute() == pytest.approx(15)
    for second in range(240, 280, 4):  # after a break of three minutes
        pace.add(1, float(second))
    assert pace.a_minute() == pytest.approx(19 / 72 * 60)
    pace.add(1, 1000.0)
    assert pace.a_minute() is None, "old labels do not count"


def test_too_few_labels_give_no_pace():
    pace = Pace()
    assert pace.a_minute() is None
    pace.add(50, 0.0)
    pace.add(1, 1.0)
    assert pace.a_minute() is None


def test_the_header_counts_batch_pool_and_day(person, window, folder):
    window.resize(1280, 800)
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_S)
    assert window.page.header.count.text() == "Batch 3/9  ·  Pool 2/36  ·  today 3"
    person.press_ctrl(K.Key_Z)
    assert window.page.header.count.text() == "Batch 2/9  ·  Pool 2/36  ·  today 2"
    window.close_project()
    person.open(folder)
    assert window.page.header.count.text() == "Batch 2/9  ·  Pool 2/36  ·  today 2"
    with Project(folder, read_only=True) as project:
        name, tomorrow = person.session.annotator, datetime.now(UTC) + timedelta(days=1)
        assert len(project.labels.given_since("2000", name)) == 2
        assert project.labels.given_since("2000", "somebody else") == []
        assert project.labels.given_since(tomorrow.isoformat(), name) == []


def test_a_narrow_header_shows_only_the_batch(person, window, folder):
    person.open(folder)
    header = window.page.header
    header.resize(260, header.height())
    assert header.count.text() == "Batch 0/9"
    header.resize(900, header.height())
    assert "today" in header.count.text()
