"""Reports as Markdown and LaTeX: sections of text, a table and a figure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "±": r"$\pm$", "−": "$-$",
    "×": r"$\times$", "–": "--", "·": r"$\cdot$", "“": "``", "”": "''",
    "≥": r"$\geq$", "≤": r"$\leq$",
}  # fmt: skip
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Section:
    """A section.

    Attributes:
        title: its heading.
        text: below that; may hold **bold** words.
        head, rows: of its table; no table without a head.
        figure: name of a vector file beside the document, without suffix; "" for none.
        depth: 0 for the main sections, 1 for those within one.
    """

    title: str
    text: str = ""
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    figure: str = ""
    depth: int = 0


def as_markdown(title: str, facts: Sequence[str], sections: Sequence[Section]) -> str:
    """The document; figures are SVG files."""
    parts = [f"# {title}", *(f"- {fact}" for fact in facts), ""]
    for each in sections:
        parts += [f"##{'#' * each.depth} {each.title}", ""]
        if each.text:
            parts += [each.text, ""]
        if each.head:
            parts += [_row(each.head), _row(["---"] * len(each.head)), *map(_row, each.rows), ""]
        if each.figure:
            parts += [f"![{each.title}]({each.figure}.svg)", ""]
    return "\n".join(parts)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def as_latex(title: str, facts: Sequence[str], sections: Sequence[Section]) -> str:
    """Sections to `\\input` into a paper that loads `booktabs` and `graphicx`; figures are PDF
    files."""
    parts = ["% Needs \\usepackage{booktabs,graphicx}."]
    parts += [f"% {' '.join(fact.split())}" for fact in (title, *facts)]
    for each in sections:
        command = "subsection" if each.depth else "section"
        parts += ["", rf"\{command}{{{latex(each.title)}}}", latex(each.text)]
        if each.head:
            columns = "l" + "r" * (len(each.head) - 1)
            parts += [
                r"\begin{table}[htbp]", r"\centering", rf"\caption{{{latex(each.title)}}}",
                r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
                rf"\begin{{tabular}}{{{columns}}}", r"\toprule", _latex_row(each.head),
                r"\midrule", *map(_latex_row, each.rows), r"\bottomrule", r"\end{tabular}}",
                r"\end{table}",
            ]  # fmt: skip
        if each.figure:
            parts += [
                r"\begin{figure}[htbp]", r"\centering",
                rf"\includegraphics[width=\linewidth]{{{each.figure}.pdf}}",
                rf"\caption{{{latex(each.title)}}}", r"\end{figure}",
            ]  # fmt: skip
    return "\n".join([*parts, ""])


def _latex_row(cells: Sequence[str]) -> str:
    return f"{' & '.join(map(latex, cells))} \\\\"


def latex(text: str) -> str:
    """Text with LaTeX's special characters escaped, and **bold** words."""
    parts = _BOLD.split(text)  # every second one was bold
    escaped = ["".join(SPECIAL.get(sign, sign) for sign in part) for part in parts]
    return "".join(
        rf"\textbf{{{part}}}" if place % 2 else part for place, part in enumerate(escaped)
    )
