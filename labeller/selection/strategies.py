"""The strategies by name, and their interface to the model. Importing this does not import
torch."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from labeller_models.registry import Registry, mark

from labeller.core.errors import LabellerError, made
from labeller.core.run import Run

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

ENTRY_POINTS = "labeller.strategies"
"""Entry-point group for strategies of other packages (docs/strategies.md)."""
NOTHING = mark("Needs nothing.")
MODEL = mark("Needs a trained model.")
DROPPED = mark(
    "Needs a trained model; it drops out features, unless the network has dropout layers."
)
VIEWS = mark("Needs a trained model; its paper trains one by MixMatch.")
ALONG = mark("Needs a model trained together with it: a module is trained alongside.")
OWN = mark("Needs a trained model; trains small networks while choosing.")

STRATEGIES = Registry("strategy")
"""Each builds a `Strategy`."""
OWN_STRATEGIES = (
    ("weighted-coreset", "coreset:WeightedCoreSet", MODEL,
     mark("Weighted CoreSet: far from labelled images, uncertain and typical")),
    ("coreset", "coreset:CoreSet", MODEL,
     mark("CoreSet: most different from labelled images; worse than random with few labels")),
    ("random", "sampling:Random", NOTHING,
     mark("Random: a fair sample, as a baseline or for measuring")),
    ("margin", "uncertainty:Margin", MODEL,
     mark("Margin: images with two nearly equally likely classes")),
    ("entropy", "uncertainty:Entropy", MODEL,
     mark("Entropy: images with many likely classes")),
    ("least-confidence", "uncertainty:LeastConfidence", MODEL,
     mark("Least confidence: images whose most likely class is unlikely")),
    ("cluster-margin", "uncertainty:ClusterMargin", MODEL,
     mark("Cluster-margin: uncertain images spread over clusters")),
    ("badge", "diversity:Badge", MODEL,
     mark("BADGE: images with large and diverse gradients")),
    ("typiclust", "diversity:TypiClust", MODEL,
     mark("TypiClust: typical images of unlabelled clusters; for few labels")),
    ("probcover", "diversity:ProbCover", MODEL,
     mark("ProbCover: images that cover most of the pool; for few labels")),
    ("dropquery", "uncertainty:DropQuery", DROPPED,
     mark("DropQuery: cluster centres of images whose prediction changes under dropout")),
    ("mc-dropout", "uncertainty:McDropout", DROPPED,
     mark("MC Dropout: entropy of the mean prediction under dropout, of features or a network")),
    ("bald", "uncertainty:Bald", DROPPED,
     mark("BALD: images whose predictions under dropout disagree, of features or a network")),
    ("cdal", "diversity:Cdal", MODEL,
     mark("CDAL: images whose class confusions differ from those chosen so far")),
    ("uncertain-gcn", "gcn:UncertainGcn", OWN,
     mark("UncertainGCN: a graph network learns what is labelled and picks where it is unsure")),
    ("core-gcn", "gcn:CoreGcn", OWN,
     mark("CoreGCN: CoreSet on a graph network's features")),
    ("learning-loss", "uncertainty:LearningLoss", ALONG,
     mark("Learning Loss: images with a high predicted loss")),
    ("vaal", "vaal:Vaal", OWN,
     mark("VAAL: images, or their features, that a discriminator recognises as unlabelled")),
    ("csal", "uncertainty:Csal", VIEWS,
     mark("CSAL: images whose prediction changes between views")),
)  # fmt: skip
"""Name, location, needs, and a line for people."""
for _name, _place, _needs, _line in OWN_STRATEGIES:
    STRATEGIES.add(_name, f"labeller.selection.{_place}", _line, needs=_needs)
STRATEGIES.add_entry_points(ENTRY_POINTS)


@dataclass(frozen=True)
class Companion:
    """A module that is trained along with the model, for a strategy to ask later.

    Attributes:
        name: under which `TrainedModel.companion` returns it.
        build: builds it for features of a given dimension d. Its method `loss(features [B, d],
            losses [B])` returns a term to add to the loss, from the features and cross-entropies of
            labelled images.
        of_depths: whether it sees what each stage of a network gives instead: `build` gets a list
            of dimensions, and `loss` a list of [B, d].
    """

    name: str
    build: "Callable[[Any], Module]"
    of_depths: bool = False


class Model(Protocol):
    """The interface of a trained model (labeller/learning/model.py) to strategies. Rows are long
    [N]; what is returned lies on the CPU, except for `images`.

    Attributes:
        is_network: whether a whole network was trained, which sees images, rather than something
            on the features of a pretrained encoder.
        has_dropout: whether that network has dropout.
    """

    is_network: bool
    has_dropout: bool

    def features(self, rows: "Tensor", run: Run) -> "Tensor":
        """f_q(x): float32 [N, d]."""

    def scores(self, features: "Tensor") -> "Tensor":
        """Class scores (logits) of features: float32 [N, classes]."""

    def probabilities(self, rows: "Tensor", run: Run) -> "Tensor":
        """Class probabilities: float32 [N, classes]."""

    def views(self, rows: "Tensor", count: int, run: Run) -> "Tensor":
        """Class probabilities under random views: float32 [count, N, classes]."""

    def dropped(self, rows: "Tensor", count: int, run: Run) -> "Tensor":
        """Class probabilities of a network with dropout, while it drops: float32 [count, N,
        classes]."""

    def depths(self, rows: "Tensor", run: Run) -> "list[Tensor]":
        """The output of each stage of a network that was trained with a companion of depths:
        float32 [N, d] each."""

    def images(self, rows: "Tensor") -> "Tensor":
        """Images between 0 and 1: float32 [N, 3, S, S], on the model's device."""

    def companion(self, name: str) -> "Module":
        """A module that was trained along with the model. Raises LabellerError if it was not."""


@dataclass(frozen=True)
class Query:
    """Everything a strategy may look at; never a hidden label.

    Attributes:
        labelled: rows of the labelled images, long [L].
        labels: their classes, from 0, long [L]; -1 for a class that is no longer trained on.
        candidates: rows of the images that may be chosen, long [C].
        count: number of images to choose, at most C.
        model: the newest one; None for strategies that need none.
        run: its seed is for strategies that draw, its report for progress.
        pool: rows of the whole open pool if `candidates` are only a part of it; else None.
    """

    labelled: "Tensor"
    labels: "Tensor"
    candidates: "Tensor"
    count: int
    model: "Model | None"
    run: Run
    pool: "Tensor | None" = None

    def features(self, rows: "Tensor") -> "Tensor":
        """f_q(x) of images by row: float32 [len(rows), d]."""
        assert self.model is not None
        return self.model.features(rows, self.run)

    def probabilities(self, rows: "Tensor") -> "Tensor":
        """Class probabilities: float32 [len(rows), classes]."""
        assert self.model is not None
        return self.model.probabilities(rows, self.run)

    def views(self, rows: "Tensor", count: int) -> "Tensor":
        """Class probabilities under `count` random views: float32 [count, len(rows), classes]."""
        assert self.model is not None
        return self.model.views(rows, count, self.run)


class Strategy(Protocol):
    """Chooses images to label.

    Attributes:
        needs_model: whether it needs a trained model.
        companion: the module that has to be trained along with that model; None if there is none.
        network_companion: the same where a whole network is trained; None for `companion`.
    """

    needs_model: bool
    companion: Companion | None
    network_companion: Companion | None

    def scores(self, query: Query) -> "Tensor | None":
        """The value of each candidate by itself, float [C], higher is better; None if it does not
        score. Called again for the chosen images, to explain the choice."""

    def choose(self, query: Query) -> "Tensor":
        """Places among the candidates, from 0, in order of choice: long [count]."""


class AsBatch:
    """Base class for strategies that choose a batch as a whole: subclasses define `choose`, and
    `scores` if they score images."""

    needs_model = True
    companion: Companion | None = None
    network_companion: Companion | None = None

    def scores(self, query: Query) -> "Tensor | None":
        """As `Strategy.scores`."""
        return None

    def choose(self, query: Query) -> "Tensor":
        """As `Strategy.choose`."""
        raise NotImplementedError


class ByScore(AsBatch):
    """Base class that chooses the highest scores, ties in order; subclasses define `scores`."""

    def scores(self, query: Query) -> "Tensor":
        """As `Strategy.scores`."""
        raise NotImplementedError

    def choose(self, query: Query) -> "Tensor":
        """As `Strategy.choose`."""
        return self.scores(query).argsort(descending=True, stable=True)[: query.count]


def companion_named(name: str) -> Companion | None:
    """The companion of this name, of any strategy; None if there is none (any more)."""
    for strategy in STRATEGIES:
        with suppress(LabellerError):  # of a broken package
            built = strategy_named(strategy)
            for wanted in (built.companion, getattr(built, "network_companion", None)):
                if wanted is not None and wanted.name == name:
                    return wanted
    return None


def strategy_named(name: str) -> Strategy:
    """Build a strategy. Raises LabellerError if there is none of this name, or its package is
    broken."""
    strategy: Strategy = made(STRATEGIES, name)
    return strategy


def chosen_by(name: str, strategy: "Strategy", query: Query) -> "tuple[Tensor, Tensor | None]":
    """A strategy's choice, long [count], and the score of each, float [count] or None.

    Raises:
        LabellerError: it fails or returns something invalid; others may have written it.
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
    """The reason why these are not distinct places among the candidates; None if they are."""
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
