"""Projects that the benchmarks are run on, made by the program."""

from pathlib import Path

from labeller.project import Project

BATCH = 50


def of_rows(folder: Path, images: int, labelled: int) -> Path:
    """A project of so many rows whose image files do not exist, labelled in part."""
    with Project.new(folder) as project:
        with project.transaction():
            project.classes.add(["one", "two", "three"])
            project._db.execute("INSERT INTO source (split, root) VALUES ('pool', '/nowhere')")
            project._db.conn.executemany(
                "INSERT INTO image (source_id, path, state, width, height, bytes, sha256) "
                "VALUES (1, ?, 'ready', 32, 32, 100, ?)",
                ((f"{n // 1000:04d}/{n:07d}.jpg", f"{n:064x}") for n in range(images)),
            )
            project.settings.set("complete", True)
            project.settings.set("batch_size", BATCH)
        project.labels.assign({n: n % 3 + 1 for n in range(1, labelled + 1)}, "anna")
    return folder
