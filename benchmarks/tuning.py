"""Training the last stages of a pretrained encoder: the gain from each part of the loss, and where
to cut the network. PROJECT has hidden labels and held-out images; the default is the demo.

    python -m benchmarks.tuning [PROJECT] [--labels 100 250] [--seeds 5] [--rows ROW ...]
        [--stages 2] [--side PIXELS]

Labels are random, the same for all rows of a seed. Accuracy is measured on the held-out images and,
with less noise, on up to 600 unlabelled ones; ± is 1.96 standard errors over the seeds of the gain
over the linear head. Seconds are CPU time over all cores, without feature extraction. Rows:
`linear` is the linear head; `labels` uses only the labels; `moby` adds the contrastive loss
(equation 1), `consistency` the consistency loss, and `both` adds both; `resumed` starts from the
stages that `consistency` has trained on the first two thirds of the labels.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from labeller_models.cut import CutNetwork
from torch import Tensor, nn

from benchmarks.answers import answers_of, project_or_demo
from labeller.core.run import Run
from labeller.learning.feature_learners import prepared
from labeller.learning.fine_tuning import late_features
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.late_stages import Material, Tuning, train_late
from labeller.learning.logistic import Head, fit_head
from labeller.project.project import Project

USUAL = Tuning()
ALONE = replace(USUAL, contrastive=0.0, consistency=0.0)
ROWS = {
    "labels": ALONE,
    "moby": replace(ALONE, contrastive=0.5),
    "consistency": replace(USUAL, contrastive=0.0, consistency=1.0),
    "both": replace(USUAL, contrastive=0.5, consistency=1.0),
    "resumed": replace(USUAL, contrastive=0.0, consistency=1.0),
}
EARLIER = 2 / 3
"""Share of the labels on which the starting stages of `resumed` were trained."""
UNSEEN = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, nargs="?")
    parser.add_argument("--labels", type=int, nargs="+", default=[100])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", nargs="+", choices=list(ROWS), default=list(ROWS))
    parser.add_argument(
        "--stages", type=int, help="number of trained stages; default: that of the program"
    )
    parser.add_argument("--side", type=int, help="side in pixels; default: that of the program")
    asked = parser.parse_args()
    with project_or_demo(asked.project) as project:
        measured = _Measured(project, asked.stages, asked.side)
        for count in asked.labels:
            found: dict[str, list[tuple[float, float, float]]] = {}
            for seed in range(asked.seeds):
                for row, result in measured.once(count, seed, asked.rows).items():
                    found.setdefault(row, []).append(result)
            _print(count, found)


class _Measured:
    def __init__(self, project: Project, stages: int | None, side: int | None) -> None:
        self._known = known = answers_of(project)
        self._features = features = FrozenFeatures("efficientnet-lite0", known.pool)
        if side is not None:
            features.side = side
            features.store = features.tuned_store(features.encoder)
        if stages is not None:
            features.encoder.__dict__["halves"] = CutNetwork(features.encoder.network, stages)
        began = time.perf_counter()
        features.read(torch.cat([known.rows, known.test]), Run(), maps=True)
        seconds, shape = time.perf_counter() - began, tuple(features.shape)
        print(f"read in {seconds:.0f} s, {features.side} pixels, maps {shape}", flush=True)
        self._centre = features.raw(known.rows, Run()).mean(dim=0)

    def once(self, count: int, seed: int, rows: list[str]) -> dict[str, tuple[float, float, float]]:
        """Accuracies on held-out and unlabelled images, and CPU seconds, by row."""
        features, centre, every = self._features, self._centre, self._known
        rng = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(every.rows), generator=rng)
        known, unknown = order[:count], order[count:]
        labels, unseen = every.labels[known], unknown[:UNSEEN]
        frozen = {
            name: prepared(features.raw(places, Run()), centre)
            for name, places in (
                ("known", every.rows[known]), ("unknown", every.rows[unknown]), ("test", every.test)
            )
        }  # fmt: skip

        def right(test: Tensor, others: Tensor) -> tuple[float, float]:
            pairs = ((test, every.test_labels), (others, every.labels[unseen]))
            held_out, pool = (
                float((scores.argmax(dim=1) == truth).float().mean()) for scores, truth in pairs
            )
            return held_out, pool

        began = time.process_time()
        head = fit_head(frozen["known"], labels, every.classes)
        spent = time.process_time() - began
        teacher = head.scores(frozen["unknown"])
        found = {"linear": (*right(head.scores(frozen["test"]), teacher[:UNSEEN]), spent)}
        material = Material(
            lambda each: features.maps_of(each, Run()),
            every.rows[known], labels, every.rows[unknown], every.classes, centre,
        )  # fmt: skip
        assert features.encoder.halves is not None
        late = features.encoder.halves.fresh()
        for row in rows:
            start, first = late, head
            if row == "resumed":
                start, first = self._earlier(late, material, teacher, seed)
            began = time.process_time()
            stages, tuned = train_late(start, first, material, teacher, ROWS[row], Run(seed))
            spent = time.process_time() - began

            def scores(places: Tensor, stages=stages, tuned=tuned) -> Tensor:  # type: ignore[no-untyped-def]
                parts = [late_features(stages, material.maps(p)) for p in places.split(64)]
                said: Tensor = tuned.scores(prepared(torch.cat(parts), centre))
                return said

            found[row] = (*right(scores(every.test), scores(every.rows[unseen])), spent)
        return found

    def _earlier(
        self, late: nn.Module, material: Material, teacher: Tensor, seed: int
    ) -> tuple[nn.Module, Head]:
        """Stages trained on some of the labels, and a head on their features for all labels."""
        count, classes = round(EARLIER * len(material.labels)), material.classes
        some = material.only(torch.arange(len(material.labels)) < count)
        pretrained = prepared(self._features.raw(some.known, Run()), self._centre)
        head = fit_head(pretrained, some.labels, classes)
        stages, _ = train_late(late, head, some, teacher, ROWS["consistency"], Run(seed))
        for weight in stages.parameters():
            weight.requires_grad_(True)
        seen = [late_features(stages, material.maps(p)) for p in material.known.split(64)]
        return stages, fit_head(prepared(torch.cat(seen), self._centre), material.labels, classes)


def _print(count: int, found: dict[str, list[tuple[float, float, float]]]) -> None:
    linear = np.array(found["linear"])
    print(f"{count} labels     held out   unlabelled   gain on these    seconds of all cores")
    for row, results in found.items():
        values = np.array(results)
        gains = values[:, :2].mean(axis=1) - linear[:, :2].mean(axis=1)
        error = 1.96 * gains.std(ddof=1) / len(gains) ** 0.5 if len(gains) > 1 else float("nan")
        held_out, unlabelled, seconds = values.mean(axis=0)
        print(
            f"{row:>12}  {held_out:9.1%}  {unlabelled:11.1%}  {100 * gains.mean():+5.1f} ± "
            f"{100 * error:.1f}  {seconds:12.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
