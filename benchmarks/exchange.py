"""Time and memory of exports of a million labels, each in its own process.

python -m benchmarks.exchange [--labels 1000000]
"""

import argparse
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.projects import make_project

FORMATS = ("csv", "jsonl", "parquet", "tsv", "coco", "labelstudio")


def one(project: str, format_name: str, output: str) -> None:
    """In a child process: export, then print the seconds and peak memory."""
    from labeller.exchange.dataset import Writing
    from labeller.project.exporting import Choices, export
    from labeller.project.project import Project

    began = time.monotonic()
    with Project(Path(project), read_only=True) as found:
        export(found, format_name, Path(output), Choices(writing=Writing(embed=False)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.monotonic() - began:.1f} {peak:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(*asked.one)
        return
    print(f"exporting {asked.labels:,} labels")
    print("format          s    MiB    MB written")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = folder / "project"
        # In a separate process: children inherit the peak memory of their parent.
        made = multiprocessing.get_context("spawn").Process(
            target=make_project, args=(project, asked.labels, asked.labels)
        )
        made.start()
        made.join()
        for format_name in FORMATS:
            output = folder / f"out-{format_name}"
            arguments = ["--one", str(project), format_name, str(output)]
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.exchange", *arguments],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            seconds, peak = done.stdout.split()
            files = [output] if output.is_file() else [f for f in output.rglob("*") if f.is_file()]
            size = sum(file.stat().st_size for file in files) / 1e6
            print(f"{format_name:12} {seconds:>5} {peak:>6} {size:>10.0f}", flush=True)


if __name__ == "__main__":
    main()
