"""The demo project: the generated images, hidden labels for the oracle, a held-out set."""

from labeller.core.locations import data_folder, demo_folder
from labeller.core.progress import Report, ShouldStop, ignore, never
from labeller.pool.demo import generate
from labeller.project.creation import create, interrupted_request, resume
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project


def open_demo(report: Report = ignore, should_stop: ShouldStop = never) -> Project:
    """Open the demo project, making it the first time. Raises Cancelled; can then be continued."""
    project, images = demo_folder(), data_folder() / "demo-images"
    if (project / DATABASE).exists() and interrupted_request(project) is None:
        return resume(project, report, should_stop)
    generate(images, report=report, should_stop=should_stop)
    return create(project, Request(str(images), truth="folders"), report, should_stop)
