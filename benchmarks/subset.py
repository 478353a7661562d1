"""Copy a reproducible random subset of a data set in folders, with equally many files of each class
below `train` and `test`. `python -m benchmarks.subset SOURCE TARGET --train 500 --test 50`."""

import argparse
import random
import shutil
from pathlib import Path


def copy_part(source: Path, target: Path, count: int, seed: int) -> None:
    """Copy `count` random files of each class folder."""
    rng = random.Random(seed)
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        (target / folder.name).mkdir(parents=True)
        for file in rng.sample(sorted(folder.iterdir()), count):
            shutil.copy(file, target / folder.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="with the folders train/CLASS and test/CLASS")
    parser.add_argument("target", type=Path)
    parser.add_argument("--train", type=int, required=True, help="files per class")
    parser.add_argument("--test", type=int, required=True, help="files per class")
    given = parser.parse_args()
    for seed, name in enumerate(("train", "test")):
        copy_part(given.source / name, given.target / name, getattr(given, name), seed)


if __name__ == "__main__":
    main()
