"""The number of SQL statements per key press, after which the window redraws itself."""

from PySide6.QtCore import Qt

from labeller.project.project import Project

K = Qt.Key
MOST = 6
"""SQL statements per label key, apart from BEGIN and COMMIT."""


def statements(person, *keys: Qt.Key) -> list[str]:
    """SQL statements executed while keys are pressed."""
    seen: list[str] = []
    connection = person.session.project._db.conn
    connection.set_trace_callback(lambda sql: seen.append(" ".join(sql.split())))
    person.press(*keys)
    connection.set_trace_callback(None)
    return [sql for sql in seen if not sql.startswith(("BEGIN", "COMMIT"))]


def test_a_label_key_needs_few_statements(person, folder):
    person.open(folder)
    person.press(K.Key_1)
    found = statements(person, K.Key_2)
    assert len(found) <= MOST, "\n".join(found)
    assert not [sql for sql in found if " FROM round" in sql or "training_run " in sql]


def test_a_label_key_needs_few_statements_with_suggestions(person, window, folder):
    with Project(folder) as project:
        run = project.runs.start({}, "resnet-small", "cpu", 0, 0)
        project.suggestions.replace(run, [(i, 1, 0.95) for i in range(1, 37)])
    person.open(folder)
    person.press(K.Key_1)
    assert window.page.suggestions.isVisible()
    found = statements(person, K.Key_2)
    assert len(found) <= MOST + 1, "\n".join(found)  # one more for the record of suggestions


def test_cached_counts_are_correct_after_undo_and_failures(person, folder):
    """Counts, undo state and digests are cached between keys and must agree with the log."""
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_S)
    person.press_ctrl(K.Key_Z)
    person.press_ctrl(K.Key_Y)
    project = person.session.project
    try:
        with project.transaction():
            project.labels.assign({1: 1}, "ann")
            raise ValueError
    except ValueError:
        pass
    person.press(K.Key_3)
    person.press_ctrl(K.Key_Z)
    person.press_ctrl(K.Key_Z)
    assert project.labels.log_problems() == []
    counts = project.labels.counts(), project.labels.counts_by_class()
    stacks = project.labels.can_undo, project.labels.can_redo
    with Project(folder, read_only=True) as other:
        assert (
            (other.labels.counts(), other.labels.counts_by_class())
            == counts
            == ((2, 0), {1: 1, 2: 1})
        )
        assert (other.labels.can_undo, other.labels.can_redo) == stacks == (True, True)
