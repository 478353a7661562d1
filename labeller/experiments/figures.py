"""Figures of simulations: accuracy against labels, the accuracy of each class, and
critical-difference diagrams of mean ranks (Demšar, JMLR 2006, figure 1)."""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeller.core.errors import LabellerError, require_extra
from labeller.core.files import replacing
from labeller.experiments.results import Outcome, per_class, points

if TYPE_CHECKING:  # it loads SciPy, which the window does not need
    from labeller.experiments.ranking import Ranking

# Okabe and Ito, "Color Universal Design", 2008: distinguishable with any kind of colour vision.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#000000", "#f0e442")
LINES = ("-", "--", ":", "-.")
"""The line style changes each time the colours run out."""
FORMATS = (".png", ".svg", ".pdf")
FEW = 8
"""With more methods, the legend is beside the curves, and each class gets a panel below."""
PANELS, MOST_PANELS = 5, 20
"""Panels in a row, and in total: the classes on which the methods differ most."""


def check_format(path: Path) -> None:
    """Raises LabellerError unless the file name ends in one of `FORMATS`, or if matplotlib is
    missing."""
    require_extra("matplotlib")
    if path.suffix.lower() not in FORMATS:
        raise LabellerError(
            "A figure must be a {formats} file, not {name}.",
            formats=", ".join(FORMATS),
            name=path.name,
        )


def write_figure(outcomes: Mapping[str, Outcome], path: Path) -> None:
    """Draw curves with bands of one standard deviation over the seeds and, if classes were
    measured, bars of their accuracy after the last cycle (as in the paper's figure 4). With many
    methods there are no bands, but a panel for each class.

    Raises:
        LabellerError: the file name does not end in one of `FORMATS`, or matplotlib is missing.
    """
    check_format(path)
    import matplotlib  # takes a second to load
    from matplotlib.figure import Figure

    classes = {name: per_class(outcome) for name, outcome in outcomes.items()}
    with_bars = any(classes.values())
    # Dollar signs in names are not formulas.
    with (
        matplotlib.rc_context({"text.parse_math": False, "svg.fonttype": "none"}),
        replacing(path) as temporary,
    ):
        figure = Figure(layout="constrained")
        if len(outcomes) > FEW:
            _lay_out_many(figure, outcomes, classes if with_bars else {})
        else:
            figure.set_size_inches(11 if with_bars else 5.5, 4)
            axes = figure.subplots(1, 2 if with_bars else 1, squeeze=False)[0]
            _draw_curves(axes[0], outcomes)
            if with_bars:
                _draw_bars(axes[1], classes)
        figure.savefig(temporary, format=path.suffix[1:].lower(), dpi=150)


def shown_name(name: str) -> str:
    """A name for legends, which skip names that begin with an underscore."""
    return f"\u200b{name}" if name.startswith("_") else name


def _draw_curves(axes: Any, outcomes: Mapping[str, Outcome]) -> None:
    for place, (name, outcome) in enumerate(outcomes.items()):
        measured = [p for p in points(outcome) if p.mean is not None and p.deviation is not None]
        labels = [p.labelled for p in measured]
        means = [100 * p.mean for p in measured if p.mean is not None]
        bands = [100 * p.deviation for p in measured if p.deviation is not None]
        colour = COLOURS[place % len(COLOURS)]
        style = LINES[place // len(COLOURS) % len(LINES)]
        axes.plot(
            labels, means, style, marker="o", markersize=4, color=colour, label=shown_name(name)
        )
        low = [m - b for m, b in zip(means, bands, strict=True)]
        high = [m + b for m, b in zip(means, bands, strict=True)]
        if len(outcomes) <= FEW:  # more bands would hide each other
            axes.fill_between(labels, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("labelled images")
    axes.set_ylabel("test accuracy, %")
    axes.grid(alpha=0.25)
    beside = {"loc": "center left", "bbox_to_anchor": (1, 0.5)} if len(outcomes) > FEW else {}
    axes.legend(frameon=False, fontsize=8, **beside)


def _lay_out_many(
    figure: Any,
    outcomes: Mapping[str, Outcome],
    classes: Mapping[str, Mapping[str, tuple[float, float]]],
) -> None:
    """Curves, and below them a panel of bars for each class."""
    shown = _most_different(classes)
    rows = -(-len(shown) // PANELS)
    height = 0.16 * len(outcomes) + 0.6  # of a row of panels, in inches
    figure.set_size_inches(10, 5 + rows * height)
    if not rows:
        _draw_curves(figure.subplots(), outcomes)
        return
    above, below = figure.subfigures(2, 1, height_ratios=[5, rows * height])
    _draw_curves(above.subplots(), outcomes)
    panels = below.subplots(rows, PANELS, squeeze=False, sharey=True).flatten()
    for panel, name in zip(panels, shown, strict=False):
        found = [each.get(name, (0.0, 0.0)) for each in classes.values()]
        places = range(len(found))
        panel.barh(
            places,
            [100 * share for share, _ in found],
            xerr=[100 * deviation for _, deviation in found],
            color=[COLOURS[place % len(COLOURS)] for place in places],
            error_kw={"linewidth": 0.6},
        )
        panel.set_yticks(places, [shown_name(method) for method in classes], fontsize=6)
        panel.tick_params(axis="x", labelsize=6)
        panel.set_xlim(0, 100)
        panel.set_title(shown_name(name), fontsize=8)
        panel.grid(axis="x", alpha=0.25)
    panels[0].invert_yaxis()  # the first method above; all panels share the axis
    for panel in panels[len(shown) :]:
        panel.set_visible(False)
    below.supxlabel("accuracy after the last cycle, %", fontsize=8)


def _most_different(classes: Mapping[str, Mapping[str, tuple[float, float]]]) -> list[str]:
    """The classes that get a panel, in order."""
    names = list(dict.fromkeys(name for each in classes.values() for name in each))

    def spread(name: str) -> float:
        shares = [each[name][0] for each in classes.values() if name in each]
        return max(shares) - min(shares)

    kept = sorted(names, key=spread, reverse=True)[:MOST_PANELS]
    return [name for name in names if name in kept]


def _draw_bars(axes: Any, classes: Mapping[str, Mapping[str, tuple[float, float]]]) -> None:
    names = list(dict.fromkeys(name for each in classes.values() for name in each))
    width = 0.8 / len(classes)
    for place, (method, accuracies) in enumerate(classes.items()):
        found = [accuracies.get(name, (0.0, 0.0)) for name in names]
        axes.bar(
            [spot + (place - (len(classes) - 1) / 2) * width for spot in range(len(names))],
            [100 * share for share, _ in found],
            width,
            yerr=[100 * deviation for _, deviation in found],
            color=COLOURS[place % len(COLOURS)],
            label=shown_name(method),
            error_kw={"linewidth": 0.8},
        )
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right", fontsize=8)
    axes.set_ylabel("accuracy after the last cycle, %")
    axes.set_ylim(0, 100)
    axes.grid(axis="y", alpha=0.25)


AXIS, LINE, LETTER, MARGIN = 3.6, 0.22, 0.085, 0.35
"""Inches: of the axis, between two names, of a letter, and beside the names."""


def write_rank_figure(ranks: "Ranking", path: Path) -> None:
    """Draw the methods on an axis of mean ranks, the best on the left, with bars that join those
    that do not differ.

    Args:
        ranks: with a critical difference.

    Raises:
        LabellerError: the file name does not end in a format of figures, or matplotlib is missing.
    """
    check_format(path)
    import matplotlib  # takes a second to load
    from matplotlib.figure import Figure

    assert ranks.critical is not None
    names, cliques = list(ranks.ranks), ranks.cliques()
    half = -(-len(names) // 2)
    beside = MARGIN + LETTER * (max(map(len, names)) + 5)
    names_share = beside / (AXIS + 2 * beside)
    lines = 1.5 + len(cliques) * 0.5 + half
    with (
        matplotlib.rc_context({"text.parse_math": False, "svg.fonttype": "none"}),
        replacing(path) as temporary,
    ):
        figure = Figure(figsize=(AXIS + 2 * beside, (lines + 2.2) * LINE))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(-lines, 2.2)
        place = functools.partial(_place, count=len(names), beside=names_share)
        _draw_axis(axes, len(names), ranks.critical, place)
        for at, clique in enumerate(cliques):
            ends = [place(ranks.ranks[name]) for name in (clique[0], clique[-1])]
            height = -0.8 - at * 0.5
            axes.plot([ends[0] - 0.004, ends[1] + 0.004], [height] * 2, color="black", linewidth=3)
        for at, name in enumerate(names):
            left = at < half
            line = at if left else len(names) - 1 - at
            height = -1.5 - len(cliques) * 0.5 - line
            at_rank, end = place(ranks.ranks[name]), names_share if left else 1 - names_share
            axes.plot([at_rank, at_rank, end], [0, height, height], color="black", linewidth=0.7)
            text = f"{shown_name(name)} {ranks.ranks[name]:.1f}"
            side = "right" if left else "left"
            axes.text(end + (-0.01 if left else 0.01), height, text, ha=side, va="center", size=9)
        figure.savefig(temporary, format=path.suffix[1:].lower(), dpi=150)


def _place(rank: float, count: int, beside: float) -> float:
    """The place of a rank on the axis, from 0 to 1 of the figure's width."""
    return beside + 0.02 + (1 - 2 * beside - 0.04) * (rank - 1) / (count - 1)


def _draw_axis(axes: Any, count: int, critical: float, place: Callable[[float], float]) -> None:
    axes.plot([place(1), place(count)], [0, 0], color="black", linewidth=1)
    step = -(-count // 10)
    for rank in range(1, count + 1, step):
        axes.plot([place(rank)] * 2, [0, 0.25], color="black", linewidth=1)
        axes.text(place(rank), 0.35, str(rank), ha="center", va="bottom", size=9)
    end = min(1 + critical, count)
    axes.plot([place(1), place(end)], [1.15] * 2, color="#d55e00", linewidth=2)
    more = "" if end == 1 + critical else ", more than the axis"
    axes.text(
        place(1), 1.3, f"critical difference {critical:.2f}{more}", va="bottom", size=8,
        color="#d55e00",
    )  # fmt: skip
