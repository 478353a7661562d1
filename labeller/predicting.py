"""What a project's newest model says of its images: features to select by, classes to suggest."""

from functools import cached_property
from pathlib import Path

import numpy as np
import torch

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
        self._known = np.zeros(0, dtype=np.int64)
        self._read: list[torch.Tensor] = []

    def features(
        self, image_ids: np.ndarray, report: Report = ignore, should_stop: ShouldStop = never
    ) -> torch.Tensor:
        """f_q of images, by their ids: float32 [len(image_ids), feature_dim], on the CPU.

        Raises:
            Cancelled: `should_stop` said so.
        """
        network, _ = self._loaded
        pool = Pool(self._project.tensors(), next(network.parameters()).device)
        rows = torch.from_numpy(image_ids - 1)
        features = extract_features(network, pool, rows, report, should_stop)
        self._known = np.concatenate([self._known, image_ids])
        self._read.append(features)
        return features

    @torch.inference_mode()
    def suggest(
        self, image_ids: np.ndarray, report: Report = ignore, should_stop: ShouldStop = never
    ) -> None:
        """Keep the likeliest class of these images, and of all others whose features were read.

        Classes that have been renamed or archived since the training are suggested no more.
        """
        missing = np.setdiff1d(image_ids, self._known)
        if len(missing):
            self.features(missing, report, should_stop)
        network, info = self._loaded
        shares = network.head.cpu()(torch.cat(self._read)).softmax(dim=1)
        confidences, places = shares.max(dim=1)
        ids = self._project.classes.ids_by_name()
        by_place = [ids.get(name) for name in info.classes]
        self._project.suggestions.replace(
            self._run.id,
            (
                (image_id, class_id, confidence)
                for image_id, place, confidence in zip(
                    self._known.tolist(), places.tolist(), confidences.tolist(), strict=True
                )
                if (class_id := by_place[place]) is not None
            ),
        )

    @cached_property
    def _loaded(self) -> tuple[MoBYv2, CheckpointInfo]:
        network, info = load_checkpoint(checkpoint_file(self._project, self._run))
        device = choose_device(self._device)
        return network.to(device).to(memory_format=torch.channels_last), info
