"""Learning from unlabelled images with a frozen encoder: what each way adds to a linear head.

    python -m benchmarks.unlabelled PROJECT [--labels 50 100 200 400] [--seeds 5] [--views 4]

PROJECT has hidden labels and held-out images. Each image is seen unchanged and in some weak and
strong views (labeller/learning/augment.py), whose features are cached in the project. Labels are
random. ± is 1.96 standard errors over the seeds; seconds are the mean time of a fit. Ways:

- logistic regression on the image alone, or on all its views;
- label spreading on the graph of nearest neighbours (Zhou et al., NIPS 2003; scikit-learn), and the
  mean of its probabilities and those of logistic regression;
- an adapter (linear layer, batch norm, ReLU) as f_q on the frozen features, trained on labels
  alone, with MoBYv2's contrastive loss (equations 1 and 4 of the paper), with FreeMatch's
  consistency (Wang et al., ICLR 2023: self-adaptive thresholds, here with distribution alignment),
  or with both.
"""

import argparse
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from labeller_models.mobyv2 import MoBYv2
from sklearn.semi_supervised import LabelSpreading
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from labeller.core.run import Run
from labeller.learning.adapter import (
    BATCH,
    CONTRASTIVE,
    DECAY,
    MOMENTUM,
    QUEUE,
    RATE,
    RATIO,
    STEPS,
    TEMPERATURE,
    AdapterEncoder,
    Consistency,
    scores_of,
    train_adapter,
)
from labeller.learning.augment import strong_view, weak_view
from labeller.learning.batches import PoolImages
from labeller.learning.device import FEATURES, runtime
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.logistic import fit_head
from labeller.learning.mobyv2al import network_loss
from labeller.learning.recipe import key_momentum
from labeller.project.project import Project
from labeller.selection.training import endless


@dataclass(frozen=True)
class Seen:
    """Features [N, views, d] of length one: first the image itself, then weak, then strong views;
    the first `pool` rows may be labelled, the others are held out."""

    features: Tensor
    truth: Tensor
    pool: int
    classes: int

    @property
    def plain(self) -> Tensor:
        return self.features[:, 0]

    def drawn(self, rows: Tensor, strong: bool, rng: torch.Generator) -> Tensor:
        """A random weak or strong view of each row."""
        half = (self.features.shape[1] - 1) // 2
        view = torch.randint(half, (len(rows),), generator=rng) + 1 + half * strong
        return self.features[rows, view]


def adapter_on_views(
    seen: Seen, chosen: Tensor, seed: int, contrastive: bool, consistent: bool
) -> Tensor:
    """Class scores of all images."""
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    network = MoBYv2(AdapterEncoder(seen.features.shape[2]), seen.classes, QUEUE).train()
    learnt = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(learnt, RATE, 0.9, weight_decay=DECAY, nesterov=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    labelled = endless(chosen, min(BATCH, len(chosen)), rng)
    others = torch.ones(seen.pool, dtype=torch.bool)
    others[chosen] = False
    unlabelled = endless(others.nonzero().flatten(), BATCH * RATIO, rng)
    thresholds = Consistency(seen.classes)
    for step in range(STEPS):
        rows = next(labelled)
        both = torch.cat([rows, next(unlabelled)])
        weak, strong = (seen.drawn(both, each, rng) for each in (False, True))
        said = network.queries(weak, strong)
        loss = cross_entropy(said.scores[: len(rows)], seen.truth[rows])
        if contrastive:
            keys = network.keys(weak, strong)
            loss = loss + CONTRASTIVE * network_loss(network, said, keys, TEMPERATURE).mean()
        if consistent:
            scores = network.head(network.encoder(strong[len(rows) :]))
            loss = loss + thresholds.loss(said.scores[len(rows) :].detach(), scores)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if contrastive:
            network.update_keys(key_momentum(MOMENTUM, step, STEPS))
            network.enqueue(*keys)
    network.eval()
    with torch.no_grad():
        return network.classify(seen.plain)


def logistic(seen: Seen, chosen: Tensor, seed: int) -> Tensor:
    return fit_head(seen.plain[chosen], seen.truth[chosen], seen.classes).scores(seen.plain)


def logistic_on_views(seen: Seen, chosen: Tensor, seed: int) -> Tensor:
    views = seen.features.shape[1]
    examples = seen.features[chosen].flatten(0, 1)
    labels = seen.truth[chosen].repeat_interleave(views)
    return fit_head(examples, labels, seen.classes).scores(seen.plain)


def spreading(seen: Seen, chosen: Tensor, seed: int) -> Tensor:
    targets = np.full(len(seen.plain), -1)
    targets[chosen] = seen.truth[chosen]
    found = LabelSpreading(kernel="knn", n_neighbors=10, alpha=0.9, max_iter=30)
    with warnings.catch_warnings():  # thirty rounds are as good as convergence
        warnings.simplefilter("ignore")
        found.fit(seen.plain.numpy(), targets)
    probabilities = torch.zeros(len(targets), seen.classes)
    probabilities[:, torch.from_numpy(found.classes_)] = torch.from_numpy(
        found.label_distributions_
    ).float()
    return probabilities


def spreading_and_logistic(seen: Seen, chosen: Tensor, seed: int) -> Tensor:
    probabilities = spreading(seen, chosen, seed)
    return probabilities + logistic(seen, chosen, seed).softmax(dim=1)


def learner(seen: Seen, chosen: Tensor, seed: int) -> Tensor:
    """The program's own: views are the image's features with some left out."""
    others = torch.ones(seen.pool, dtype=torch.bool)
    others[chosen] = False
    unlabelled = seen.plain[: seen.pool][others]
    labels = seen.truth[chosen]
    network = train_adapter(seen.plain[chosen], labels, unlabelled, seen.classes, Run(seed), STEPS)
    return scores_of(network, seen.plain)


def _adapter(contrastive: bool, consistent: bool) -> Callable[[Seen, Tensor, int], Tensor]:
    return lambda seen, chosen, seed: adapter_on_views(seen, chosen, seed, contrastive, consistent)


WAYS: dict[str, Callable[[Seen, Tensor, int], Tensor]] = {
    "logistic regression, one view": logistic,
    "logistic regression, all views": logistic_on_views,
    "label spreading": spreading,
    "label spreading and logistic": spreading_and_logistic,
    "adapter, labels alone": _adapter(False, False),
    "adapter, equations (1) and (4)": _adapter(True, False),
    "adapter, FreeMatch": _adapter(False, True),
    "adapter, both": _adapter(True, True),
    "learner `adapter`: both, features left out": learner,
}


def read(project: Project, views: int) -> Seen:
    """Read all views, unless they are cached from an earlier run."""
    places = {c.id: place for place, c in enumerate(project.classes.all())}
    ids = project.images.candidates()
    truth = project.oracle.reveal(ids.tolist())
    test, test_classes = project.oracle.test_set()
    classes = [truth[i] for i in ids.tolist()] + test_classes.tolist()
    labels = torch.tensor([places[c] for c in classes])
    rows = torch.from_numpy(np.concatenate([ids, test]) - 1)
    pool = PoolImages(project.tensors(), torch.device("cpu"), project.image_files())
    frozen = FrozenFeatures("efficientnet-lite0", pool)
    kept = project.folder / "cache" / f"views-{views}.npy"
    if kept.exists():
        features = torch.from_numpy(np.load(kept)).float()
    else:
        features = torch.cat(
            [frozen.raw(rows, Run())[:, None], _read_views(frozen, rows, views)], dim=1
        )
        np.save(kept, features.half().numpy())
    centre = features[: len(ids), 0].mean(dim=0)
    return Seen(normalize(features - centre, dim=2), labels, len(ids), len(places))


def _read_views(frozen: FrozenFeatures, rows: Tensor, views: int) -> Tensor:
    compute = runtime(frozen.encoder, frozen.side, torch.device("cpu"))
    rng = torch.Generator().manual_seed(0)
    found, began = [], time.perf_counter()
    for batch in rows.split(16):
        squares = [frozen._decoded(row[None])[0][-1] for row in batch]
        images = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).float() / 255
        made = [weak_view(images, rng) for _ in range(views)]
        made += [strong_view(images, rng) for _ in range(views)]
        pixels = [(m.clamp(0, 1) * 255).byte().permute(0, 2, 3, 1).contiguous() for m in made]
        found.append(torch.stack([compute(each.numpy(), [FEATURES])[0] for each in pixels], dim=1))
    print(f"views of {len(rows)} images in {time.perf_counter() - began:.0f} s", flush=True)
    return torch.cat(found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("--labels", type=int, nargs="+", default=[50, 100, 200, 400])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--views", type=int, default=4, help="weak ones, and as many strong ones")
    parser.add_argument("--ways", nargs="*", default=[""], help="only those with such a word")
    asked = parser.parse_args()
    with Project(asked.project, lock=False) as project:
        seen = read(project, asked.views)
    for name, way in WAYS.items():
        if not any(word in name for word in asked.ways):
            continue
        cells, began = [], time.perf_counter()
        for count in asked.labels:
            right = []
            for seed in range(asked.seeds):
                rng = torch.Generator().manual_seed(seed)
                chosen = torch.randperm(seen.pool, generator=rng)[:count]
                said = way(seen, chosen, seed)[seen.pool :].argmax(dim=1)
                right.append(100 * float((said == seen.truth[seen.pool :]).float().mean()))
            spread = 1.96 * np.std(right, ddof=1) / len(right) ** 0.5
            cells.append(f"{np.mean(right):.1f} ± {spread:.1f}")
        seconds = (time.perf_counter() - began) / len(asked.labels) / asked.seeds
        print(f"| {name} | {' | '.join(cells)} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
