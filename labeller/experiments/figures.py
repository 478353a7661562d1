"""Figures of simulations: accuracy against labels, and the accuracy of each class."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError
from labeller.core.extras import require_extra
from labeller.core.files import replacing
from labeller.experiments.results import Outcome, per_class, points

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
