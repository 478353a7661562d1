"""Pretrained networks cut in two: early stages, which stay as they are, and late ones, which are
trained. The output of the early ones for an image, its *map*, has to be computed only once."""

import copy
import inspect
from collections.abc import Sequence
from threading import Lock, get_ident
from typing import Any

import torch
from timm.models import get_notrace_functions, get_notrace_modules
from torch import Tensor, fx, nn

STAGES = ("blocks", "stages", "layers", "features")
"""Attributes in which timm's networks have their stages, or transformers their blocks."""
NUMBERED = ("layer", "stage", "s")
"""Prefixes of the stages' names, followed by a number, if they are attributes of the network."""
LATE = 2 / 7
"""Share of the stages to train: the last two of EfficientNet's seven."""


class CannotCut(Exception):
    """A network cannot be cut; the message says why."""


class CutNetwork:
    """The two halves of a network in evaluation mode.

    Attributes:
        early: images float [B, 3, side, side] → maps float [B, ...]. Not to be trained.
        late: maps → features float [B, dim]. Shares its weights with the network: use `fresh`.

    Args:
        network: a network as timm builds it, without a classifier.
        trained: number of stages in the late half; None takes the usual share. If it is all of
            them, nothing is early, and the maps are the images.

    Raises:
        CannotCut: it has no such stages, or later stages use more than the maps.
    """

    def __init__(self, network: nn.Module, trained: int | None = None) -> None:
        stages = stages_of(network)
        if trained is None:
            trained = max(1, round(LATE * len(stages)))
        self.trained = trained
        self.early: nn.Module = nn.Identity()
        self.late = network
        if trained >= len(stages):
            return
        graph = _Tracer(stages).trace(network)
        first = next((n for n in graph.nodes if n.target == stages[-trained]), None)
        if first is None or not isinstance(first.args[0], fx.Node):
            raise CannotCut(f"its stage {stages[-trained]} is not used as a layer")
        self.early = _until(network, graph, first.args[0])
        self.late = _from(network, graph, first.args[0])

    def fresh(self) -> nn.Module:
        """A copy of the late half whose weights can be trained. It stays in evaluation mode: batch
        norm keeps the statistics of the pretraining, which small batches would only blur."""
        late = copy.deepcopy(self.late).eval()
        for parameter in late.parameters():
            parameter.requires_grad_(True)
        return late

    def shape(self, side: int) -> tuple[int, ...]:
        """The shape of a map of an image `side` pixels wide."""
        with torch.inference_mode():
            maps: Tensor = self.early(torch.zeros(1, 3, side, side))
        return tuple(maps.shape[1:])


def stages_of(network: nn.Module) -> list[str]:
    """The names of a network's stages, in order. Raises CannotCut if it has none."""
    for name in STAGES:
        stages = getattr(network, name, None)
        if isinstance(stages, nn.Sequential | nn.ModuleList) and len(stages) > 1:
            return [f"{name}.{part}" for part, _ in stages.named_children()]
    children = [name for name, _ in network.named_children()]
    for prefix in NUMBERED:
        named = [n for n in children if n.startswith(prefix) and n[len(prefix) :].isdigit()]
        if len(named) > 1:
            return named
    raise CannotCut("it has no stages that Labeller knows")


class BothHalves(nn.Module):
    """Trained late stages beside the pretrained ones: maps → the features of both, float
    [B, 2 · dim]."""

    def __init__(self, trained: nn.Module, pretrained: nn.Module) -> None:
        super().__init__()
        self.trained, self.pretrained = trained, pretrained

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([self.trained(maps), self.pretrained(maps)], dim=1)


_ONE_AT_A_TIME = Lock()


class _Tracer(fx.Tracer):
    """Traces a network with each stage as one operation.

    While it traces, torch redirects the calls of all modules to it, including those of other
    threads, which it lets pass.
    """

    def __init__(self, stages: Sequence[str]) -> None:
        super().__init__(autowrap_functions=tuple(get_notrace_functions()))
        self._stages, self._thread = stages, get_ident()

    def call_module(self, m: nn.Module, forward: Any, args: Any, kwargs: Any) -> Any:
        if get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)

    def is_leaf_module(self, module: nn.Module, name: str) -> bool:
        opaque = isinstance(module, tuple(get_notrace_modules()))
        return name in self._stages or opaque or super().is_leaf_module(module, name)

    def trace(self, root: nn.Module) -> fx.Graph:  # type: ignore[override]
        optional = {
            name: each.default
            for name, each in inspect.signature(root.forward).parameters.items()
            if each.default is not inspect.Parameter.empty
        }
        try:
            with _ONE_AT_A_TIME:
                return super().trace(root, concrete_args=optional)
        except Exception as error:  # a network's code may raise anything
            raise CannotCut(f"its computation cannot be followed ({error})") from error


def _until(network: nn.Module, graph: fx.Graph, maps: fx.Node) -> fx.GraphModule:
    """The part of a network that computes the maps."""
    part, known = fx.Graph(), dict[fx.Node, fx.Node]()
    for node in graph.nodes:
        known[node] = part.node_copy(node, known.__getitem__)
        if node is maps:
            break
    part.output(known[maps])
    return _module(network, part)


def _from(network: nn.Module, graph: fx.Graph, maps: fx.Node) -> fx.GraphModule:
    """The part of a network that computes its output from the maps. Raises CannotCut if it needs
    anything else of the image."""
    part, known = fx.Graph(), dict[fx.Node, fx.Node]()
    known[maps] = part.placeholder("maps")
    after = False
    for node in graph.nodes:
        after = after or node is maps
        follows = any(each in known for each in node.all_input_nodes)
        constant = node.op == "get_attr"
        if node is maps or not (constant or (after and follows)):
            continue
        if any(each not in known for each in node.all_input_nodes):
            raise CannotCut("its late stages use more of the image than the last map")
        known[node] = part.node_copy(node, known.__getitem__)
    return _module(network, part)


def _module(network: nn.Module, graph: fx.Graph) -> fx.GraphModule:
    module = fx.GraphModule(network, graph).eval()
    module.graph.eliminate_dead_code()
    module.delete_all_unused_submodules()
    module.recompile()
    return module
