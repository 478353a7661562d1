"""Projects for the benchmarks."""

import hashlib
from pathlib import Path

from labeller.project.project import Project

BATCH = 50
FOLDER = 500
"""Images in each folder."""


def make_project(
    folder: Path, images: int, labelled: int, root: Path = Path("/nowhere"), batch: int = BATCH
) -> Path:
    """Make a partly labelled project with a given number of rows. Image files exist if `root` has
    them, in identical folders."""
    alike = root / "0000"
    known = [hashlib.sha256((alike / f"{n}.jpg").read_bytes()).hexdigest() for n in range(FOLDER)
             if alike.exists()]  # fmt: skip
    with Project.new(folder) as project:
        with project.transaction():
            project.classes.add(["one", "two", "three"])
            project._db.execute("INSERT INTO source (split, root) VALUES ('pool', ?)", [str(root)])
            project._db.conn.executemany(
                "INSERT INTO image (source_id, path, state, width, height, bytes, sha256) "
                "VALUES (1, ?, 'ready', 32, 32, 100, ?)",
                (
                    (
                        f"{n // FOLDER:04d}/{n % FOLDER}.jpg",
                        known[n % FOLDER] if known else f"{n:064x}",
                    )
                    for n in range(images)
                ),
            )
            project.settings.set("complete", True)
            project.settings.set("batch_size", batch)
        project.labels.assign({n: n % 3 + 1 for n in range(1, labelled + 1)}, "anna")
    return folder
