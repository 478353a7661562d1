"""A project's progress as an HTML page, for those who are waiting for its labels: labels per day,
seconds per image, accuracy over time, agreement, and classes that need more labels.

The page is a single file. Qt's rich text can show it too, which is why bars are table cells.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from labeller_models.registry import mark

from labeller.core.files import new_output
from labeller.core.intervals import ANSWERS, BY_AUDIT, BY_LABELS, HELD_OUT
from labeller.loop.estimates import estimates
from labeller.project.project import Project
from labeller.store.agreement import fleiss_kappa, pairs
from labeller.store.pace import Pace

GOAL = "labels_wanted"
"""Setting: how many labels each class should get."""
DAYS = 30
BAR = 240
"""Length of the longest bar in pixels."""
COLOUR = "#2f7ed8"
FROM = {
    HELD_OUT: mark("on held-out images"),
    BY_AUDIT: mark("by an audit"),
    BY_LABELS: mark("by cross-validation"),
    ANSWERS: mark("by answered suggestions"),
}
STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 52em; padding: 0 1em; }
h1 { margin-bottom: 0; } h2 { margin: 1.6em 0 .4em; }
td, th { padding: 2px 14px 2px 0; text-align: left; } .number { text-align: right; }
"""


def progress_page(project: Project, tr: Callable[[str], str] = str) -> str:
    """The page of a project; `tr` translates its texts."""
    pace = project.pace()
    parts = [
        _summary(project, pace, tr),
        _classes(project, pace, tr),
        _days(pace, tr),
        _people(project, pace, tr),
        _accuracies(project, tr),
    ]
    name = escape(project.folder.name)
    when = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{name}</title>'
        f"<style>{STYLE}</style></head><body><h1>{name}</h1><p>{when}</p>{''.join(parts)}"
        "</body></html>"
    )


def write_progress(output: Path, project: Project, replace: bool = False) -> None:
    """Write the page to a file; replace an existing one only with `replace`.

    Raises:
        LabellerError: `output` exists or cannot be written.
    """
    with new_output(output, replace) as temporary:
        temporary.write_text(progress_page(project), encoding="utf-8")


def labels_wanted(project: Project) -> int:
    """How many labels each class should get; 0 if no goal is set."""
    return project.settings.whole_number(GOAL, 0, 0)


def _summary(project: Project, pace: Pace, tr: Callable[[str], str]) -> str:
    status = project.status()
    rows = [
        (tr(mark("Labelled")), f"{status.labelled:,}"),
        (tr(mark("Labelled by the model")), f"{status.by_model:,}"),
        (tr(mark("Put aside")), f"{status.skipped:,}"),
        (tr(mark("Images to label")), f"{project.images.pool_size():,}"),
    ]
    if pace.seconds is not None:
        rows.append((tr(mark("Median seconds per image")), f"{pace.seconds:.1f}"))
    return _table([], [[escape(name), _number(value)] for name, value in rows])


def _classes(project: Project, pace: Pace, tr: Callable[[str], str]) -> str:
    by_class = project.labels.summary().by_class
    by_model = Counter(one.class_id for one in project.model_labels.all().values())
    goal = labels_wanted(project)
    classes = project.classes.all()
    most = max([1, goal, *(by_class.get(c.id, 0) for c in classes)])
    rows = []
    for each in classes:
        count = by_class.get(each.id, 0)
        wanting = max(0, goal - count)
        seconds = pace.by_class.get(each.id)
        rows.append([
            escape(each.name), _bar(count / most), _number(f"{count:,}"),
            *([_number(f"{wanting:,}" if wanting else "✓")] if goal else []),
            _number(f"{by_model[each.id]:,}"),
            _number("–" if seconds is None else f"{seconds:.1f}"),
        ])  # fmt: skip
    titles = [
        tr(mark("Class")), "", tr(mark("Labels")),
        *([tr(mark("Still needed")) + f" ({goal:,})"] if goal else []),
        tr(mark("By the model")), tr(mark("Seconds")),
    ]  # fmt: skip
    return _section(tr(mark("Classes")), _table(titles, rows))


def _days(pace: Pace, tr: Callable[[str], str]) -> str:
    if not pace.by_day:
        return ""
    days = list(pace.by_day.items())[-DAYS:]
    most = max(day.total() for _, day in days)
    rows = [
        [day.isoformat(), _bar(people.total() / most), _number(f"{people.total():,}"),
         escape(", ".join(f"{name or '–'} {count:,}" for name, count in people.most_common()))]
        for day, people in days
    ]  # fmt: skip
    hours = [(f"{hour:02d}:00", count) for hour, count in enumerate(pace.by_hour) if count]
    busiest = max(count for _, count in hours)
    by_hour = [[hour, _bar(count / busiest), _number(f"{count:,}")] for hour, count in hours]
    return _section(tr(mark("Labels per day")), _table([], rows)) + _section(
        tr(mark("Labels by hour")), _table([], by_hour)
    )


def _people(project: Project, pace: Pace, tr: Callable[[str], str]) -> str:
    totals = sum(pace.by_day.values(), Counter[str]())
    rows = [
        [escape(name or "–"), _number(f"{count:,}"),
         _number(f"{pace.by_annotator[name]:.1f}" if name in pace.by_annotator else "–")]
        for name, count in totals.most_common()
    ]  # fmt: skip
    if not rows:
        return ""
    titles = [tr(mark("Annotator")), tr(mark("Labels")), tr(mark("Seconds"))]
    text = _section(tr(mark("People")), _table(titles, rows))
    opinions = project.agreement.opinions()
    agreed = [
        [escape(f"{pair.first} · {pair.second}"), _number(f"{pair.images:,}"),
         _number(f"{pair.alike / pair.images:.0%}"),
         _number("–" if pair.kappa is None else f"{pair.kappa:.2f}")]
        for pair in pairs(opinions)
    ]  # fmt: skip
    if agreed:
        titles = [
            tr(mark("Agreement")), tr(mark("Images")), tr(mark("Same labels")),
            tr(mark("Cohen's κ")),
        ]  # fmt: skip
        text += _table(titles, agreed)
        overall = fleiss_kappa(opinions)
        if overall is not None and len(agreed) > 1:
            text += f"<p>Fleiss' κ {overall:.2f}</p>"
        disputed = len(project.agreement.disputed())
        if disputed:
            text += f"<p>{escape(tr(mark('Disputed images')))}: {disputed:,}</p>"
    return text


def _accuracies(project: Project, tr: Callable[[str], str]) -> str:
    known = estimates(project)
    if not known:
        return ""
    rows = [
        [_number(f"{each.labelled:,}"), _bar(each.accuracy), _number(f"{each.accuracy:.1%}"),
         f"{each.low:.0%} – {each.high:.0%}", escape(tr(FROM.get(each.source, each.source)))]
        for each in known[-DAYS:]
    ]  # fmt: skip
    titles = [
        tr(mark("Labels")), "", tr(mark("Accuracy")), tr(mark("90 % interval")),
        tr(mark("Measured")),
    ]  # fmt: skip
    return _section(tr(mark("Accuracy of the model")), _table(titles, rows))


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>{content}"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """An HTML table; the cells are HTML already."""
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f'<table cellspacing="0">{f"<tr>{head}</tr>" if head else ""}{body}</table>'


def _cell(content: str) -> str:
    return content if content.startswith("<td") else f"<td>{content}</td>"


def _number(text: str) -> str:
    return f'<td class="number" align="right">{text}</td>'


def _bar(share: float) -> str:
    """A bar with this share of the longest bar's length."""
    filled = max(1, round(BAR * min(1.0, share)))
    cell = f'<td width="{filled}" height="12" bgcolor="{COLOUR}" style="padding:0"></td>'
    return f'<td width="{BAR}"><table cellspacing="0" width="{filled}"><tr>{cell}</tr></table></td>'
