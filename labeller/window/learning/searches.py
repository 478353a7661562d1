"""Searching images in the background, to look through what is found: similar ones, groups that look
alike, likely mistakes, near-duplicates, outliers."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labeller.core.run import Run
from labeller.project.project import Project
from labeller.store.review import Question
from labeller.window.kit.language import tr
from labeller.window.kit.worker import Operation

if TYPE_CHECKING:
    from labeller.window.learning.learning_control import LearningControl


def similar(control: "LearningControl", image_id: int) -> Operation:
    """Open images that are most like one, the most similar first."""

    def find(project: Project, run: Run) -> list[int]:
        from labeller.loop.likeness import similar_images

        return similar_images(project, image_id, run=run)

    def show(found: list[int]) -> None:
        session = control.session
        if not found:
            session.announced.emit(tr("No open image can be compared yet: none has been read."))
            return
        own = [] if session.project.labels.current([image_id]) else [image_id]
        session.look_through([*own, *found], tr("Similar images, most similar first"))

    wait = tr("Similar images have to wait until the current task has finished.")
    return _search(control, find, show, wait)


def groups(control: "LearningControl") -> Operation:
    """The open pool in groups that look alike, the largest group first."""

    def find(project: Project, run: Run) -> list[tuple[int, ...]]:
        from labeller.loop.likeness import groups_of

        return [tuple(group) for group in groups_of(project, run=run)]

    wait = tr("Groups have to wait until the current task has finished.")
    return _search(control, find, control.show_groups, wait)


def odd(control: "LearningControl", question: Question, title: str) -> Operation:
    """Likely mistakes, near-duplicates or outliers among the images that a question finds, with
    what a model that has not learnt them calls them."""

    def find(project: Project, run: Run) -> dict[int, int | None]:
        from labeller.loop.oddities import find

        ids = project.review.find(replace(question, order="newest")).tolist()
        return find(question.order, project, ids, run)

    def show(found: dict[int, int | None]) -> None:
        session, mistakes = control.session, question.order == "mistakes"
        if not found and mistakes:
            session.review(replace(question, order="newest"), tr("Review: the newest"))
            session.announced.emit(
                tr("The model agrees with every label when it is trained without it. Newest first.")
            )
        elif not found:
            session.announced.emit(tr("None of these images stands out."))
        else:
            said = {i: class_id for i, class_id in found.items() if class_id is not None}
            session.look_through(
                list(found), title, question=question, said=said if mistakes else None
            )

    wait = tr("Comparing images has to wait until the current task has finished.")
    return _search(control, find, show, wait)


def _search(
    control: "LearningControl",
    find: Callable[[Project, Run], Any],
    show: Callable[[Any], object],
    waits: str,
) -> Operation:
    """A search whose images are shown unless the person has moved on meanwhile: keys that are meant
    for what is on screen must not reach others."""
    before = control.place

    def done(found: Any) -> None:
        if control.has_queued:
            return  # something else is being searched for
        if control.place == before:
            show(found)
        else:
            control.announced.emit(
                tr("The images are found, but you have moved on meanwhile. Ask again to see them.")
            )

    return Operation(tr("Looking for similar images"), find, done, waits)
