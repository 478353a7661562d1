"""Critical-difference diagrams (Demšar, JMLR 2006, figure 1)."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from labeller.core.files import replacing
from labeller.experiments.figures import check_format, shown_name
from labeller.experiments.ranking import Ranking

AXIS, LINE, LETTER, MARGIN = 3.6, 0.22, 0.085, 0.35
"""Inches: of the axis, between two names, of a letter, and beside the names."""


def write_rank_figure(ranks: Ranking, path: Path) -> None:
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
