"""Ranks of two deliberately wrong labels in the list of likely mistakes, on photos of clothing.

    python -m benchmarks.mistakes [IMAGES] [--labels 100] [--seeds 10]

IMAGES is a folder or .zip whose folder names are the classes. As in the window, the features of the
pool are read first. Each seed labels random photos, two of them wrongly, and calls
`labeller.loop.oddities.likely_mistakes`.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from labeller.core.run import Run
from labeller.loop.likeness import features_now
from labeller.loop.oddities import likely_mistakes
from labeller.loop.training_data import rows_of
from labeller.project.creation import create
from labeller.project.planning import Request

IMAGES = Path(__file__).parents[2] / "shared" / "data" / "clothing-jpg.zip"
FIRST = 10


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("images", nargs="?", default=str(IMAGES))
    parser.add_argument("--labels", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=10)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        create(Path(folder, "project"), Request(asked.images, truth="folders")) as project,
    ):
        pool = project.images.candidates()
        features_now(project, rows_of(pool), Run(), compute=rows_of(pool))
        both = 0
        for seed in range(asked.seeds):
            rng = np.random.default_rng(seed)
            chosen = rng.choice(pool, asked.labels, replace=False)
            labels = project.oracle.reveal(chosen.tolist())
            count = len(project.classes.all())
            planted = rng.choice(list(labels), 2, replace=False).tolist()
            for image_id in planted:
                labels[image_id] = (labels[image_id] - 1 + int(rng.integers(1, count))) % count + 1
            project.labels.assign(labels, "anna")
            found = list(likely_mistakes(project, list(labels)))
            places = [found.index(i) + 1 if i in found else None for i in planted]
            hit = all(place is not None and place <= FIRST for place in places)
            both += hit
            print(f"seed {seed}: {len(found)} likely mistakes, the planted ones at {places}")
            project.labels.undo("anna")
        print(f"both within the first {FIRST}: {both} of {asked.seeds} seeds")


if __name__ == "__main__":
    main()
