"""The method against its ablations and baselines (Table 2 of the paper and around it).

    python -m benchmarks.ablations PROJECT OUTPUT [options of simulate ...]

Every method is one `simulate` into OUTPUT/METHOD.json with the options given; what is interrupted
goes on when the same command is given again, what is done is not repeated. The tables and the
figure of docs/results.md come out of it.
"""

import subprocess
import sys
from pathlib import Path

METHODS = {
    "MoBYv2AL": [],
    "random selection": ["--strategy", "random"],
    "supervised": ["--objective", "supervised"],
    "without strong augmentation": ["--views", "weak"],
    "without predictor": ["--no-predictor"],
    "without projector": ["--no-projector"],
    "MoBY": ["--heads", "moby", "--views", "strong"],
    "lowest loss": ["--unlabelled", "lowest-loss"],
    "multi-stage": ["--objective", "multi-stage"],
}


def main() -> None:
    project, output, *options = sys.argv[1:]
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    program = [sys.executable, str(Path(__file__).parents[1] / "main.py")]
    files = [folder / f"{method}.json" for method in METHODS]
    for file, own in zip(files, METHODS.values(), strict=True):
        if not file.exists() or file.with_name(f"{file.name}.unfinished").exists():
            command = ["simulate", project, *options, *own, "--results", str(file)]
            print(f"\n{file.stem}: labeller {' '.join(command)}", flush=True)
            subprocess.run([*program, *command], check=True)
    outputs = ["--table", str(folder / "all.csv"), "--figure", str(folder / "all.png")]
    subprocess.run([*program, "compare", *map(str, files), *outputs], check=True)


if __name__ == "__main__":
    main()
