"""Models as one graph for other programs, from pixels to class probabilities, in ONNX or as
`torch.export` writes it.

The input `pixels` is uint8 [images, views, side, side, 3], RGB. A frozen encoder may see an oblong
image twice (`frozen_features.views`), and the graph averages its features; other encoders need one
view. The output `probabilities` is float32 [images, classes].
"""

import io
import warnings
from pathlib import Path
from typing import Any

import torch
from labeller_models.encoder import STATISTICS, Statistics
from torch import Tensor, nn

from labeller.core.errors import LabellerError
from labeller.core.files import replacing
from labeller.learning.device import PixelInput
from labeller.learning.feature_learners import FeatureModel, prepared
from labeller.learning.frozen_features import OBLONG
from labeller.learning.model import NetworkModel, TrainedModel

ONNX, EXPORT = "onnx", "torch-export"
LICENCES = {
    "efficientnet-lite0": "Apache-2.0 (EfficientNet-Lite0 of Google's TPU models, ImageNet)"
}


class Answering(PixelInput):
    """uint8 [images, views, side, side, 3] → class probabilities float32 [images, classes].

    Features are averaged over an image's views.
    """

    def __init__(
        self, statistics: Statistics, side: int, encoder: nn.Module, classifier: nn.Module
    ) -> None:
        super().__init__(statistics, side)
        self.encoder, self.classifier = encoder, classifier

    def forward(self, pixels: Tensor) -> Tensor:
        features = self.encoder(self.normalised(pixels))
        seen = features.reshape(pixels.shape[0], pixels.shape[1], features.shape[1]).mean(dim=1)
        probabilities: Tensor = self.classifier(seen).softmax(dim=1)
        return probabilities


class _FeatureClassifier(nn.Module):
    """Class scores of a `FeatureModel` from the encoder's own features."""

    centre: Tensor

    def __init__(self, model: FeatureModel) -> None:
        super().__init__()
        self.register_buffer("centre", model.centre)
        self.classifier, self.temperature = model.classifier, model.temperature

    def forward(self, features: Tensor) -> Tensor:
        scores: Tensor = self.classifier(prepared(features, self.centre)) / self.temperature
        return scores


def answering(model: TrainedModel) -> tuple[Answering, int]:
    """A model's graph, on the CPU in evaluation mode, and the side of its images in pixels.

    Raises:
        LabellerError: this kind of model has no graph.
    """
    if isinstance(model, FeatureModel):
        frozen, side = model.frozen.encoder, model.frozen.side
        graph = Answering(frozen.statistics, side, frozen.network, _FeatureClassifier(model))
    elif isinstance(model, NetworkModel):
        encoder, side = model.network.encoder, model.pool.side
        graph = Answering(encoder.statistics, side, encoder, model.network.head).cpu()
    else:
        raise LabellerError("This kind of model can be exported as safetensors only.")
    return graph.eval(), side


class InOtherClasses(nn.Module):
    """Maps a model's class probabilities to other classes (`CurrentClasses` in
    labeller/loop/predicting.py)."""

    counts_as: Tensor

    def __init__(self, graph: Answering, counts_as: Tensor) -> None:
        super().__init__()
        self.graph = graph
        self.register_buffer("counts_as", counts_as)

    def forward(self, pixels: Tensor) -> Tensor:
        probabilities: Tensor = self.graph(pixels) @ self.counts_as
        return probabilities / probabilities.sum(dim=1, keepdim=True)


def write_graph(
    model: TrainedModel, counts_as: Tensor | None, format_name: str, output: Path
) -> None:
    """Write a model's graph in one step.

    Args:
        counts_as: float32 [C, K], maps its C classes to K others; None keeps its own.
        format_name: `ONNX` or `EXPORT`.

    Raises:
        LabellerError: as `answering`.
        OSError: the file could not be written.
    """
    own, side = answering(model)
    graph = own if counts_as is None else InOtherClasses(own, counts_as).eval()
    example = (torch.zeros(2, 2, side, side, 3, dtype=torch.uint8),)
    with replacing(output) as temporary, warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        if format_name == ONNX:
            written = io.BytesIO()
            torch.onnx.export(
                graph,
                example,
                written,  # type: ignore[arg-type]
                input_names=["pixels"],
                output_names=["probabilities"],
                dynamic_axes={"pixels": {0: "images", 1: "views"}, "probabilities": {0: "images"}},
                dynamo=False,
            )
            temporary.write_bytes(written.getvalue())
        else:
            dims = {"pixels": {0: torch.export.Dim.AUTO, 1: torch.export.Dim.AUTO}}
            program = torch.export.export(graph, example, dynamic_shapes=dims)
            saved = io.BytesIO()
            torch.export.save(program, saved)
            temporary.write_bytes(saved.getvalue())


def describe(model: TrainedModel, classes: list[str], encoder: str, learner: str) -> dict[str, Any]:
    """A description for users of the graph: input, preprocessing, output and classes."""
    views = "centre"
    statistics = STATISTICS.get(model.statistics)
    side = model.pool.side
    if isinstance(model, FeatureModel):
        views, side = "centre and squeezed", model.frozen.side
        statistics = model.frozen.encoder.statistics
    words = (
        f"sRGB (embedded colour profiles converted), the centre square scaled to {side} × {side} "
        "(bicubic), values 0 to 255; normalised in the graph"
    )
    if views != "centre":
        words += (
            f". Images of which one side is at least {OBLONG} times the other: a second view, the "
            f"whole image squeezed into {side} × {side}"
        )
    return {
        "input": "pixels: uint8 [images, views, side, side, 3]",
        "output": "probabilities: float32 [images, classes], softmax",
        "side": side,
        "views": views,
        "preprocessing": words,
        "mean": list(statistics.mean) if statistics else None,
        "std": list(statistics.std) if statistics else None,
        "classes": classes,
        "encoder": encoder,
        "learner": learner,
        "licence": LICENCES.get(encoder, "see where the weights come from"),
    }
