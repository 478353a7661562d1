"""What a project's newest model says of its images: features to select by, classes to suggest."""

import numpy as np
import torch

from labeller.learning.batches import Pool
from labeller.learning.checkpoint import load_checkpoint
from labeller.learning.device import choose_device
from labeller.learning.inference import extract_features
from labeller.progress import Report, ShouldStop, ignore, never
from labeller.project import Project
from labeller.store.runs import TrainingRun


class Model:
    """The network of a run that has a checkpoint; features are read once for each image.

    Raises:
        LabellerError: the checkpoint, the cache or the device cannot be had (when first used).
    """

    def __init__(self, project: Project, run: TrainingRun, device: str = "auto") -> None:
        self._project, self._run, self._device = project, run, device
        self._known = np.zeros(0, dtype=np.int64)
        self._features = torch.zeros(0)
        self._head: torch.nn.Linear | None = None
        self._classes: list[str] = []

    def features(
        self, image_ids: np.ndarray, report: Report = ignore, should_stop: ShouldStop = never
    ) -> torch.Tensor:
        """f_q of images, by their ids: float32 [len(image_ids), feature_dim], on the CPU.

        Raises:
            Cancelled: `should_stop` said so.
        """
        assert self._run.checkpoint is not None
        device = choose_device(self._device)
        network, info = load_checkpoint(self._project.folder / self._run.checkpoint)
        network.to(device).to(memory_format=torch.channels_last)
        pool = Pool(self._project.tensors(), device)
        rows = torch.from_numpy(image_ids - 1)
        self._features = extract_features(network, pool, rows, report, should_stop)
        self._known = image_ids
        self._head, self._classes = network.head.cpu(), info.classes
        return self._features

    @torch.inference_mode()
    def suggest(
        self, image_ids: np.ndarray, report: Report = ignore, should_stop: ShouldStop = never
    ) -> None:
        """Keep the likeliest class of each image whose features are known, or else of these.

        Classes that have been renamed or archived since the training are suggested no more.
        """
        if not np.isin(image_ids, self._known).all():
            self.features(np.union1d(image_ids, self._known), report, should_stop)
        assert self._head is not None
        shares = self._head(self._features).softmax(dim=1)
        confidences, places = shares.max(dim=1)
        ids = self._project.classes.ids_by_name()
        by_place = [ids.get(name) for name in self._classes]
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
