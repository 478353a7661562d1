"""Files and lines of code by folder, without comments, docstrings and blank lines.

    python -m benchmarks.code_size [PATH ...]

A PATH is a Python file or a folder; without any, the program itself is counted.
"""

import argparse
import ast
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PROGRAM = ("labeller", "models", "main.py")
NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstring_lines(tree: ast.Module) -> Iterator[int]:
    """Lines of the docstrings of a module, its classes and its functions."""
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            yield from range(first.lineno, (first.end_lineno or first.lineno) + 1)


def code_lines(path: Path) -> int:
    """The number of lines of a file that contain code."""
    lines: set[int] = set()
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type not in NO_CODE:
                lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines.difference(docstring_lines(ast.parse(path.read_bytes()))))


def folder_of(path: Path) -> str:
    """The folder under which a file is counted: two levels deep, three in the window."""
    folders = path.parts[:-1]
    return "/".join(folders[: 3 if "window" in folders else 2]) or "."


def main() -> None:
    parser = argparse.ArgumentParser(description="Count files and lines of code.")
    parser.add_argument("paths", nargs="*", type=Path, default=[Path(each) for each in PROGRAM])
    counts: defaultdict[str, list[int]] = defaultdict(list)
    for place in parser.parse_args().paths:
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            counts[folder_of(path)].append(code_lines(path))
    for folder, sizes in sorted(counts.items()):
        print(f"{folder:28} {len(sizes):4} files {sum(sizes):7,} lines")
    every = [size for sizes in counts.values() for size in sizes]
    print(f"{'all':28} {len(every):4} files {sum(every):7,} lines")


if __name__ == "__main__":
    main()
