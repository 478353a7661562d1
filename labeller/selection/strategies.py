"""The strategies by name, and what they may look at. Importing this does not import torch."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from labeller_models.registry import Registry

from labeller.core.errors import LabellerError, require_known
from labeller.core.run import Run

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

ENTRY_POINTS = "labeller.strategies"
"""The group under which other packages offer strategies (docs/strategies.md)."""
NOTHING = "Needs nothing."
MODEL = "Needs a trained model."
DROPPED = "Needs a trained model; it drops out features, so the network needs no dropout layers."
VIEWS = "Needs a trained model, preferably by the MixMatch learner."
ALONG = "Needs a model trained together with it: a module is trained alongside."
OWN = "Needs a trained model; trains small networks while choosing."

STRATEGIES = Registry("strategy")
"""Each makes a `Strategy`."""
STRATEGIES.add(
    "weighted-coreset",
    "labeller.selection.weighted_coreset:WeightedCoreSet",
    "Weighted CoreSet: far from labelled images, uncertain and typical",
    needs=MODEL,
)
STRATEGIES.add(
    "coreset",
    "labeller.selection.coreset:CoreSet",
    "CoreSet: most different from labelled images; worse than random with few labels",
    needs=MODEL,
)
STRATEGIES.add(
    "random",
    "labeller.selection.sampling:Random",
    "Random: a fair sample, to compare with or to measure by",
    needs=NOTHING,
)
STRATEGIES.add(
    "margin",
    "labeller.selection.uncertainty:Margin",
    "Margin: images with two nearly equally likely classes",
    needs=MODEL,
)
STRATEGIES.add(
    "entropy",
    "labeller.selection.uncertainty:Entropy",
    "Entropy: images with many likely classes",
    needs=MODEL,
)
STRATEGIES.add(
    "least-confidence",
    "labeller.selection.uncertainty:LeastConfidence",
    "Least confidence: images whose most likely class is unlikely",
    needs=MODEL,
)
STRATEGIES.add(
    "cluster-margin",
    "labeller.selection.uncertainty:ClusterMargin",
    "Cluster-margin: unsure images, spread over clusters",
    needs=MODEL,
)
STRATEGIES.add(
    "badge",
    "labeller.selection.diversity:Badge",
    "BADGE: images that would change the model most, and differently",
    needs=MODEL,
)
STRATEGIES.add(
    "typiclust",
    "labeller.selection.low_budget:TypiClust",
    "TypiClust: typical images of clusters without labels; for few labels",
    needs=MODEL,
)
STRATEGIES.add(
    "probcover",
    "labeller.selection.low_budget:ProbCover",
    "ProbCover: images around which most of the pool lies; for few labels",
    needs=MODEL,
)
STRATEGIES.add(
    "dropquery",
    "labeller.selection.dropout:DropQuery",
    "DropQuery: images of which the model changes its mind, at centres",
    needs=DROPPED,
)
STRATEGIES.add(
    "mc-dropout",
    "labeller.selection.dropout:McDropout",
    "MC Dropout: entropy over answers with features left out",
    needs=DROPPED,
)
STRATEGIES.add(
    "bald",
    "labeller.selection.dropout:Bald",
    "BALD: images of which answers with features left out disagree",
    needs=DROPPED,
)
STRATEGIES.add(
    "cdal",
    "labeller.selection.diversity:Cdal",
    "CDAL: images whose classes the model mixes in other ways than those chosen",
    needs=MODEL,
)
STRATEGIES.add(
    "uncertain-gcn",
    "labeller.selection.gcn:UncertainGcn",
    "UncertainGCN: a graph network learns what is labelled and picks where it is unsure",
    needs=OWN,
)
STRATEGIES.add(
    "core-gcn",
    "labeller.selection.gcn:CoreGcn",
    "CoreGCN: CoreSet on a graph network's features",
    needs=OWN,
)
STRATEGIES.add(
    "learning-loss",
    "labeller.selection.learning_loss:LearningLoss",
    "Learning Loss: images with a high predicted loss",
    needs=ALONG,
)
STRATEGIES.add(
    "vaal",
    "labeller.selection.vaal:Vaal",
    "VAAL: images that a discriminator recognises as unlabelled",
    needs=OWN,
)
STRATEGIES.add(
    "csal",
    "labeller.selection.uncertainty:Csal",
    "CSAL: images whose classes change with the view",
    needs=VIEWS,
)
STRATEGIES.add_entry_points(ENTRY_POINTS)


@dataclass(frozen=True)
class Companion:
    """A module that is trained along with the network, and that a strategy asks later.

    Attributes:
        name: under which `TrainedModel.companion` gives it back.
        build: makes it for features of so many dimensions; a module whose method
            `loss(features [B, d], losses [B])` gives what to add to the loss, from the features of
            labelled images and their cross-entropies.
    """

    name: str
    build: "Callable[[int], Module]"


class Model(Protocol):
    """What strategies may ask of a trained model (labeller/learning/model.py). Rows are long [N];
    what is returned lies on the CPU, except for `images`."""

    def features(self, rows: "Tensor", run: Run) -> "Tensor":
        """f_q(x): float32 [N, d]."""

    def scores(self, features: "Tensor") -> "Tensor":
        """Class scores (logits) of features: float32 [N, classes]."""

    def probabilities(self, rows: "Tensor", run: Run) -> "Tensor":
        """Class probabilities: float32 [N, classes]."""

    def views(self, rows: "Tensor", count: int, run: Run) -> "Tensor":
        """Class probabilities under random views: float32 [count, N, classes]."""

    def images(self, rows: "Tensor") -> "Tensor":
        """Images between 0 and 1: float32 [N, 3, S, S], on the model's device."""

    def companion(self, name: str) -> "Module":
        """A module that was trained along. Raises LabellerError if it was not."""


@dataclass(frozen=True)
class Query:
    """What a strategy may look at: never a label of an image that was not revealed.

    Attributes:
        labelled: rows of the labelled images, long [L].
        labels: their classes, from 0, long [L]; -1 for a class that is not trained on any more.
        candidates: rows of the images that may be chosen, long [C].
        count: how many are to be chosen, at most C.
        model: the newest one; None for strategies that need none.
        run: the seed for strategies that draw; whom to report to.
        pool: rows of all images that may be chosen, where `candidates` are only some of them; else
            None.
    """

    labelled: "Tensor"
    labels: "Tensor"
    candidates: "Tensor"
    count: int
    model: "Model | None"
    run: Run
    pool: "Tensor | None" = None

    def features(self, rows: "Tensor") -> "Tensor":
        """f_q(x) of images by their rows: float32 [len(rows), d]."""
        assert self.model is not None
        return self.model.features(rows, self.run)

    def probabilities(self, rows: "Tensor") -> "Tensor":
        """Class probabilities: float32 [len(rows), classes]."""
        assert self.model is not None
        return self.model.probabilities(rows, self.run)

    def views(self, rows: "Tensor", count: int) -> "Tensor":
        """The probabilities under so many random views of each image: float32 [count, len(rows),
        classes]."""
        assert self.model is not None
        return self.model.views(rows, count, self.run)


class Strategy(Protocol):
    """Chooses images to label.

    Attributes:
        needs_model: without a trained model it cannot.
        companion: what has to be trained along with that model.
    """

    needs_model: bool
    companion: Companion | None

    def scores(self, query: Query) -> "Tensor | None":
        """What each candidate alone is worth, float [C]: more is better. None where it does not
        score. Asked by `choose`, and again of the chosen ones to say why they were chosen."""

    def choose(self, query: Query) -> "Tensor":
        """Places among the candidates, from 0, in the order of choice: long [count]."""


class ByScore:
    """Chooses the candidates of the highest scores; of equal ones the first. A strategy that does
    so defines `scores` alone."""

    needs_model = True
    companion: Companion | None = None

    def scores(self, query: Query) -> "Tensor":
        """As `Strategy.scores`."""
        raise NotImplementedError

    def choose(self, query: Query) -> "Tensor":
        """As `Strategy.choose`."""
        return self.scores(query).argsort(descending=True, stable=True)[: query.count]


def companion_named(name: str) -> Companion | None:
    """The companion of any strategy that is called so; None where there is none any more."""
    for strategy in STRATEGIES:
        with suppress(LabellerError):  # a package that is broken has none
            wanted = strategy_named(strategy).companion
            if wanted is not None and wanted.name == name:
                return wanted
    return None


def strategy_named(name: str) -> Strategy:
    """Raises LabellerError where there is no such strategy, or the package that offers it is
    broken."""
    require_known(STRATEGIES.kind, name, STRATEGIES)
    try:
        strategy: Strategy = STRATEGIES[name]()
    except Exception as error:
        package = STRATEGIES.package(name)
        if not package:
            raise
        raise LabellerError(
            "The strategy '{name}' of the package {package} cannot be loaded ({error}). Update the "
            "package, or remove it.",
            name=name,
            package=package,
            error=f"{type(error).__name__}: {error}",
        ) from error
    return strategy


def chosen_by(name: str, strategy: "Strategy", query: Query) -> "tuple[Tensor, Tensor | None]":
    """What a strategy chooses, long [count], and what it scores each of these, float [count].

    Raises:
        LabellerError: it fails, or gives other than it should: others have written some.
    """
    import torch

    try:
        places = strategy.choose(query)
        wrong = _what_is_wrong(places, query)
        if wrong is None:
            places = places.cpu()
            chosen = replace(query, candidates=query.candidates[places], count=len(places))
            scores = strategy.scores(chosen)
            if scores is None or (
                isinstance(scores, torch.Tensor) and scores.shape == places.shape
            ):
                return places, scores
            wrong = "no score for each image"
    except LabellerError:
        raise
    except Exception as error:
        if not STRATEGIES.package(name):
            raise
        wrong = f"{type(error).__name__}: {error}"
    raise LabellerError(
        "The strategy '{name}' returned an invalid choice ({wrong}). Choose another one.",
        name=name,
        wrong=wrong,
    )


def _what_is_wrong(places: object, query: Query) -> str | None:
    """Why these are no places among the candidates."""
    import torch

    if not isinstance(places, torch.Tensor) or (
        places.is_floating_point() or places.is_complex() or places.dtype == torch.bool
    ):
        return "no whole numbers"
    if places.shape != (query.count,):
        return f"{len(places) if places.ndim else 0} images instead of {query.count}"
    if len(places) and not 0 <= int(places.min()) <= int(places.max()) < len(query.candidates):
        return "images that are none of the candidates"
    if len(places.unique()) != len(places):
        return "one image several times"
    return None
