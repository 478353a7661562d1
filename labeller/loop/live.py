"""Live suggestions: read the pool's features in the background, and after each label refit the head
and suggest classes for the images on screen. Runs in its own thread, with its own connection."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch

from labeller.core.errors import Cancelled
from labeller.core.run import Progress, Run, yield_to_others
from labeller.learning.feature_learners import FeatureModel, mean_of, prepared
from labeller.learning.fine_tuning import FineTunedModel
from labeller.learning.frozen_features import STAGE
from labeller.learning.learners import trains_network
from labeller.learning.logistic import Head, fit_head, oof_scores, temperature_for
from labeller.loop.method import Method
from labeller.loop.predicting import frozen_features, likeliest, newest_on_features
from labeller.loop.round_settings import round_settings
from labeller.loop.suggestion_requests import SuggestionRequests
from labeller.loop.training_data import labelled_rows, offered, rows_of
from labeller.project.project import Project

CHUNK = 32
"""Images read before looking for requests again; about a third of a second's worth."""
CENTRED_ON = 2000
"""Maximum number of images to compute the mean feature from."""
AFTER_ERROR = 5.0
"""Seconds until work resumes after an error."""
CALIBRATE_EVERY = 1.2
"""Calibrate again when the number of labels has grown by this factor."""


def keep_suggesting(
    folder: Path,
    requests: SuggestionRequests,
    run: Run,
    suggested: Callable[[], object],
    failed: Callable[[Exception], object],
) -> None:
    """Serve requests until `run.should_stop`, if the project's learner has a frozen encoder.

    Errors do not end it: each is reported once, and work resumes after a while, since a disk may
    have space again, or be reconnected.

    Args:
        suggested: called when the suggestions for the images on screen have changed.
        failed: called with an error, unless it repeats the previous one.
    """
    yield_to_others()
    told = ""
    while not run.should_stop():
        try:
            with Project(folder, lock=False) as project:
                method = round_settings(project).method
                if trains_network(method.encoder):
                    return
                live = _Live(project, method, run)
                while not run.should_stop():
                    if requests.taken() and live.suggest(requests.images):
                        suggested()
                        told = ""
                    elif requests.busy or not live.read_on():
                        requests.wait(1.0 if live.idle else 0.2)
        except Exception as error:
            if str(error) != told:
                told = str(error)
                failed(error)
            requests.wake()
            requests.rest(AFTER_ERROR, run)


class _Live:
    def __init__(self, project: Project, method: Method, run: Run) -> None:
        self._project, self._encoder = project, method.encoder
        self._run = Run(should_stop=run.should_stop)  # batches report their own progress
        self._report = run.report
        newest = newest_on_features(project, method)
        self._tuned = newest if isinstance(newest, FineTunedModel) else None
        self._features = self._tuned.frozen if self._tuned else frozen_features(project, method)
        ids = np.concatenate([project.images.unlabelled(), project.labels.labelled()[0]])
        rows = rows_of(np.unique(ids))
        order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(project.seed))
        held_out = rows_of(project.oracle.test_set()[0].astype(np.int64))
        self._unread = torch.cat([rows[order], held_out])
        self._total = len(self._unread)
        self._centre: torch.Tensor | None = None
        self._centred_on = 0
        self._head: Head | None = None
        self._class_ids: tuple[int, ...] = ()
        self._calibrated_at = 0.0
        self._temperature = 1.0

    @property
    def idle(self) -> bool:
        """Whether all features have been read."""
        return not len(self._unread)

    def read_on(self) -> bool:
        """Read a few more images; False if none are left."""
        missing = ~self._features.store.known(self._unread)
        self._unread = self._unread[missing]
        if self.idle:
            self._features.rest()
            return False
        with suppress(Cancelled):
            self._features.read(self._unread[:CHUNK], self._run)
            self._unread = self._unread[CHUNK:]
        done = self._total - len(self._unread)
        self._report(Progress(STAGE, done, self._total))
        return True

    def suggest(self, images: tuple[int, ...]) -> bool:
        """Fit to the current labels and store suggestions for some images; return whether any have
        changed. If undoing has left too few labels, the suggestions are withdrawn."""
        if not images:
            return False
        class_ids = offered(self._project)
        if class_ids != self._class_ids:
            self._class_ids, self._head, self._calibrated_at = class_ids, None, 0.0
        labelled, labels = labelled_rows(self._project, class_ids)
        trained_on = labels >= 0
        labelled, labels = labelled[trained_on], labels[trained_on]
        run_id = self._project.runs.live(self._encoder, len(labels))
        if len(labels.unique()) < 2:
            return self._project.suggestions.withdraw(run_id)
        try:
            wanted = torch.tensor(images, dtype=torch.long) - 1
            wanted = wanted[~torch.isin(wanted, labelled)]  # labelled since the request
            self._features.read(torch.cat([wanted[:CHUNK], labelled]), self._run)
            model = self._fitted(labelled, labels)
            here = wanted[self._features.store.known(wanted)]
            probabilities = model.probabilities(here, self._run)
        except Cancelled:
            return False
        places, confidences = likeliest(probabilities, labels.unique())
        self._project.suggestions.update(
            run_id,
            [
                (row + 1, class_ids[place], confidence)
                for row, place, confidence in zip(
                    here.tolist(), places.tolist(), confidences.tolist(), strict=True
                )
            ],
        )
        return True

    def _fitted(self, labelled: torch.Tensor, labels: torch.Tensor) -> FeatureModel:
        known = self._features.store.all_known()
        if self._centre is None or len(known) > 1.5 * self._centred_on:
            self._centre = mean_of(self._features, known, self._run, CENTRED_ON)
            self._centred_on, self._head = len(known), None
        count = len(self._class_ids)
        seen = prepared(self._features.raw(labelled, self._run), self._centre)
        self._head = fit_head(seen, labels, count, self._head, run=self._run)
        if self._tuned is not None:  # labels it was fine-tuned on cannot calibrate it
            self._temperature = self._tuned.temperature
        elif len(labels) > CALIBRATE_EVERY * self._calibrated_at:
            scores = oof_scores(seen, labels, count, run=self._run)
            self._temperature = temperature_for(scores, labels)
            self._calibrated_at = len(labels)
        return FeatureModel(self._features, self._centre, self._head, self._temperature)
