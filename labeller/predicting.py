"""What a project's newest model says of its images: features to select by, classes to suggest."""

from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import linear

from labeller.errors import LabellerError
from labeller.learning.batches import Pool
from labeller.learning.checkpoint import CheckpointInfo, load_checkpoint
from labeller.learning.device import choose_device
from labeller.learning.inference import extract_features
from labeller.progress import Report, ShouldStop, ignore, never
from labeller.project import Project
from labeller.store.runs import TrainingRun
from models.mobyv2 import MoBYv2


def checkpoint_file(project: Project, run: TrainingRun) -> Path:
    """Where the weights of a run lie. Raises LabellerError where they are gone."""
    file = None if run.checkpoint is None else project.stored_checkpoint(run.checkpoint)
    if file is None:
        raise LabellerError(f"The checkpoint {run.checkpoint} is gone. Train again.")
    return file


class Model:
    """The network of a run that has a checkpoint; features are read once for each image.

    Raises:
        LabellerError: the checkpoint, the cache or the device cannot be had (when first used).
    """

    def __init__(self, project: Project, run: TrainingRun, device: str = "auto") -> None:
        self._project, self._run, self._device = project, run, device
        self._places: dict[int, int] = {}  # of an image's features in `_read`
        self._read: torch.Tensor | None = None

    def features(
        self, image_ids: np.ndarray, report: Report = ignore, should_stop: ShouldStop = never
    ) -> torch.Tensor:
        """f_q of images, by their ids: float32 [len(image_ids), feature_dim], on the CPU.

        Each image is read once.

        Raises:
            Cancelled: `should_stop` said so.
        """
        ids = image_ids.tolist()
        missing = list(dict.fromkeys(i for i in ids if i not in self._places))
        if missing:
            network, _ = self._loaded
            pool = Pool(self._project.tensors(), next(network.parameters()).device)
            rows = torch.tensor(missing) - 1
            new = extract_features(network, pool, rows, report, should_stop)
            before = 0 if self._read is None else len(self._read)
            self._read = new if self._read is None else torch.cat([self._read, new])
            self._places |= {image_id: before + at for at, image_id in enumerate(missing)}
        assert self._read is not None
        return self._read[torch.tensor([self._places[i] for i in ids])]

    @torch.inference_mode()
    def suggest(
        self, image_ids: np.ndarray, report: Report = ignore, should_stop: ShouldStop = never
    ) -> None:
        """Keep the likeliest class of these images, and of all others whose features were read.

        Classes that have been renamed or archived since the training are suggested no more.
        """
        self.features(image_ids, report, should_stop)
        assert self._read is not None
        network, info = self._loaded
        head = network.head  # stays where it is: copies of its weights come to the features
        scores = linear(self._read, head.weight.cpu(), head.bias.cpu())
        shares = scores.softmax(dim=1)
        confidences, places = shares.max(dim=1)
        ids = self._project.classes.ids_by_name()
        by_place = [ids.get(name) for name in info.classes]
        self._project.suggestions.replace(
            self._run.id,
            (
                (image_id, class_id, confidence)
                for image_id, place, confidence in zip(
                    self._places, places.tolist(), confidences.tolist(), strict=True
                )
                if (class_id := by_place[place]) is not None
            ),
        )

    @cached_property
    def _loaded(self) -> tuple[MoBYv2, CheckpointInfo]:
        network, info = load_checkpoint(checkpoint_file(self._project, self._run))
        device = choose_device(self._device)
        return network.to(device).to(memory_format=torch.channels_last), info
