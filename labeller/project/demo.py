"""The demo project: the generated images, hidden labels for the oracle, a held-out set."""

from labeller.core.locations import data_folder, demo_folder
from labeller.core.run import Run
from labeller.pool.demo import generate
from labeller.project.creation import create, interrupted_request, resume
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project


def open_demo(run: Run = Run()) -> Project:
    """Open the demo project, making it the first time. Raises Cancelled; can then be continued."""
    project, images = demo_folder(), data_folder() / "demo-images"
    if (project / DATABASE).exists() and interrupted_request(project) is None:
        return resume(project, run)
    generate(images, run=run)
    return create(project, Request(str(images), truth="folders"), run)
