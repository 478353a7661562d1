"""The learner MoBYv2AL: on a pretrained encoder it also trains the last stages of it, in about a
minute on two CPU cores; with any other encoder it trains the whole network, as in the paper.

The model is the mean of the trained stages with their head and of a linear head on the pretrained
features. Out-of-fold predictions of both calibrate it: the labels are split into
folds, and for each the stages are trained without it, on labels alone, which takes a few seconds.
If the model is then not expected to be right more often than the linear head by itself, it is not
used.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch
from labeller_models.encoders import ENCODERS
from labeller_models.registry import mark
from torch import Tensor, nn

from labeller.core.run import Progress, Run
from labeller.learning.batches import PoolImages
from labeller.learning.feature_learners import (
    Compared,
    FeatureModel,
    LinearProbe,
    fit_companions,
    load_companions,
    prepared,
)
from labeller.learning.feature_store import FeatureStore
from labeller.learning.frozen_features import STAGE, FrozenFeatures
from labeller.learning.late_stages import Material, Tuning, train_late
from labeller.learning.learners import FEWEST_TO_TUNE
from labeller.learning.logistic import Head, cross_validated, fit_head, temperature_for
from labeller.learning.mobyv2al import MoBYv2AL
from labeller.learning.model import TrainedModel
from labeller.learning.recipe import Recipe
from labeller.learning.trainer import TrainingSet
from labeller.selection.strategies import Companion

TUNING = Tuning()
FOLDS = 4
CAUTION = 1.2
"""The temperature of the folds is multiplied by this: the stages that are used have learnt more
than theirs, and are more confident than they are accurate (docs/results.md)."""
COMPARING = mark("Comparing fine-tuning with a linear head")
COMPARED = 1000
"""Unlabelled images on which both models say how often they expect to be right."""
MOST = 5000
"""Unlabelled images to learn from; of more, a random sample."""
LATE = "late."
"""Prefix of the stages' weights in a checkpoint."""
AT_ONCE = 64
TRIED = 3
"""Steps from which the time for all of them is estimated."""


def mobyv2al(encoder: str, recipe: Recipe) -> Any:
    """The `Learner` for an encoder: one that is trained from scratch, or a pretrained one."""
    return MoBYv2AL(encoder, recipe) if encoder in ENCODERS else FineTuning(encoder, recipe)


class TunedFeatures(FrozenFeatures):
    """Features under trained last stages, computed from the maps that `base` reads, and beside them
    those of the pretrained ones.

    Args:
        late: maps → features, on the device that computes them.
    """

    parts = 2

    def __init__(self, base: FrozenFeatures, late: nn.Module) -> None:
        self.__dict__.update(base.__dict__)  # the same pool, encoder's name, maps and views
        self.base, self.late = base, late
        self.encoder = base.encoder.tuned(late)
        self.store: FeatureStore = base.tuned_store(self.encoder)

    def read(self, rows: Tensor, run: Run, keep: bool = True, maps: bool = False) -> None:
        if maps:
            self.base.read(rows, run, keep, maps)
            return
        missing = torch.unique(rows[~self.store.known(rows)])
        if not len(missing):
            return
        if self.base.keeps_all_maps:
            self.base.read(missing, run, keep, maps=True)
        done = 0
        for part, seen in self.base.each_maps(missing, run):
            tuned = torch.cat([late_features(self.late, some) for some in seen.split(AT_ONCE)])
            self.store.put(part, torch.cat([tuned, self.base.raw(part, run)], dim=1))
            done += len(part)
            run.report(Progress(STAGE, done, len(missing)))

    def rest(self) -> None:
        self.base.rest()


@torch.inference_mode()
def late_features(late: nn.Module, maps: Tensor) -> Tensor:
    """Features of maps float32 [N, views, ...], the mean over the views: float32 [N, d]."""
    device = next(late.parameters()).device
    flat = maps.flatten(0, 1).to(device)
    if flat.dim() == 4:
        flat = flat.contiguous(memory_format=torch.channels_last)
    return late(flat).float().view(*maps.shape[:2], -1).mean(dim=1).cpu()


class FineTunedModel(FeatureModel):
    """A linear head on features under trained last stages."""

    frozen: TunedFeatures

    def state(self) -> dict[str, Tensor]:
        stages = self.frozen.late.state_dict().items()
        return super().state() | {f"{LATE}{name}": weight for name, weight in stages}

    def exported(self) -> dict[str, Tensor]:
        """The whole network, including the stages that were not trained."""
        network = self.frozen.base.encoder.network.state_dict().items()
        return self.state() | {f"pretrained.{name}": weight for name, weight in network}


class FineTuning(LinearProbe):
    """Trains the last stages of a pretrained encoder (labeller/learning/late_stages.py)."""

    budget_seconds = 0.0
    """CPU seconds for the training; 0 takes all steps."""

    def __init__(self, encoder: str, recipe: Recipe, tuning: Tuning | None = None) -> None:
        super().__init__(encoder, recipe)
        self._recipe, self.tuning = recipe, tuning or TUNING

    def features_of(self, pool: PoolImages) -> FrozenFeatures:
        """The features, with the maps that the stages are trained on."""
        return FrozenFeatures(self._encoder, pool, with_maps=True)

    def fit_to(
        self,
        features: FrozenFeatures,
        data: TrainingSet,
        run: Run,
        companions: Sequence[Companion] = (),
    ) -> FeatureModel:
        """As `fit`; returns a model with only a linear head where that is better."""
        halves = features.encoder.halves
        few = len(data.labels) < FEWEST_TO_TUNE * data.classes
        if few or halves is None:
            return super().fit_to(features, data, run, companions)
        if features.keeps_all_maps:
            unknown = _drawn(data.unlabelled, run.seed)
        else:  # always the same, since there is no room for the maps of others
            order = torch.randperm(len(features.pool), generator=torch.Generator().manual_seed(0))
            unknown = data.unlabelled[order[data.unlabelled].argsort()[:MOST]]
            features.read(torch.cat([data.labelled, unknown]), run, maps=True)
        simple = super().fit_to(features, data, run, companions)
        material = Material(
            lambda rows: features.maps_of(rows, Run()),
            data.labelled, data.labels, unknown, data.classes, simple.centre,
        )  # fmt: skip
        late = halves.fresh().to(features.pool.device)
        frozen = prepared(features.raw(data.labelled, run), simple.centre)
        linear = simple.classifier
        assert isinstance(linear, Head)
        teacher = linear.scores(prepared(features.raw(unknown, run), simple.centre))

        def trained(tuning: Tuning, run: Run) -> tuple[nn.Module, Head]:
            return train_late(late, linear, material, teacher, tuning, run)

        tuning = self.tuning
        if self.budget_seconds:
            tuning = tuning.shortened(self.budget_seconds / _cost(tuning, trained, run))
        alone, folds = tuning.labels_alone(), iter(range(FOLDS))

        def scores_without(kept: Tensor, out: Tensor) -> Tensor:
            head = fit_head(frozen[kept], data.labels[kept], data.classes, run=run)
            stages, tuned = train_late(
                late, head, material.only(kept), None, alone, _part_of(run, next(folds), alone)
            )
            seen = late_features(stages, material.maps(data.labelled[out]))
            return (tuned.scores(prepared(seen, simple.centre)) + head.scores(frozen[out])) / 2

        scores = cross_validated(scores_without, data.labels, data.classes, run.seed, FOLDS)
        stages, head = trained(tuning, run)
        temperature = CAUTION * temperature_for(scores, data.labels)
        model = FineTunedModel(
            TunedFeatures(features, stages),
            torch.stack([simple.centre, simple.centre]),
            _mean_of_both(head, linear),
            temperature,
        )
        model.oof_probabilities = (scores / temperature).softmax(dim=1)
        some = unknown[:COMPARED] if len(unknown) else data.labelled
        expected = [_expected(each, some, run) for each in (model, simple)]
        model.compared = simple.compared = Compared(*expected)
        if model.compared.fine_tuned <= model.compared.linear:
            return simple
        seen = model.features(data.labelled, run)
        model.along = fit_companions(companions, seen, scores, data.labels, run)
        return model

    def head_only(self) -> "HeadOnly":
        """The learner that is used between two trainings of the stages."""
        return HeadOnly(self._encoder, self._recipe)

    def load(self, state: dict[str, Tensor], pool: PoolImages, classes: int) -> FeatureModel:
        """As `Learner.load`."""
        stages = {n.removeprefix(LATE): t for n, t in state.items() if n.startswith(LATE)}
        if not stages:
            return super().load(state, pool, classes)
        features = FrozenFeatures(self._encoder, pool)
        assert features.encoder.halves is not None
        late = features.encoder.halves.fresh()
        late.load_state_dict(stages)
        head = Head(state["weight"], state["bias"])
        centre = state["centre"]
        return FineTunedModel(
            TunedFeatures(features, late.to(pool.device)),
            centre, head, float(state["temperature"]), load_companions(state, centre.numel()),
        )  # fmt: skip


def _mean_of_both(tuned: Head, linear: Head) -> Head:
    """The mean of the scores of two heads, on features of two parts that have the length one
    together."""
    weight = torch.cat([tuned.weight, linear.weight]) / 2 * 2**0.5
    return Head(weight, (tuned.bias + linear.bias) / 2)


class HeadOnly(LinearProbe):
    """Fits a new head, within a second, to the features of the previous model, fine-tuned or not.

    Labels that the stages were trained on cannot show how good the head is, so the temperature is
    kept from the previous model and nothing is estimated.
    """

    wants_previous = True

    def fit(
        self,
        data: TrainingSet,
        pool: PoolImages,
        run: Run,
        companions: Sequence[Companion] = (),
        previous: TrainedModel | None = None,
    ) -> FeatureModel:
        if not isinstance(previous, FeatureModel) or previous.frozen.name != self._encoder:
            return super().fit(data, pool, run, companions)
        simple = self.fit_to(previous.frozen, data, run, companions)
        if not isinstance(previous, FineTunedModel):
            return simple
        return FineTunedModel(
            previous.frozen, simple.centre, simple.classifier, previous.temperature, simple.along
        )


def _cost(
    tuning: Tuning, trained: Callable[[Tuning, Run], tuple[nn.Module, Head]], run: Run
) -> float:
    """CPU seconds that all steps would take, from a few of them."""

    def seconds(each: Tuning, whole: int) -> float:
        began = time.process_time()
        trained(replace(each, steps=TRIED), Run(run.seed, should_stop=run.should_stop))
        return (time.process_time() - began) * whole / TRIED

    alone = tuning.labels_alone()
    return seconds(tuning, tuning.steps) + FOLDS * seconds(alone, alone.steps)


def _drawn(rows: Tensor, seed: int) -> Tensor:
    """`MOST` of the rows at random."""
    rng = torch.Generator().manual_seed(seed)
    return rows[torch.randperm(len(rows), generator=rng)[:MOST]]


def _expected(model: FeatureModel, rows: Tensor, run: Run) -> float:
    """The share of rows that a model expects to get right (labeller/learning/judging.py)."""
    return float(model.probabilities(rows, run).max(dim=1).values.mean())


def _part_of(run: Run, part: int, tuning: Tuning) -> Run:
    """The run of one fold: its own seed, and its progress as a part of the whole."""

    def report(progress: Progress) -> None:
        done = part * tuning.steps + progress.done
        run.report(Progress(COMPARING, done, FOLDS * tuning.steps))

    return Run(run.seed + part, report, run.should_stop)
