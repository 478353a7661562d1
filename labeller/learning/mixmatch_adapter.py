"""MixMatch where the encoder is frozen: an adapter that is trained on mixtures of labelled and
unlabelled images' features (labeller/learning/mixmatch.py). A view of an image is its features with
some of them left out, so that each image is read only once."""

import numpy as np
import torch
from torch import Tensor, nn

from labeller.core.errors import Cancelled, Word
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.learning.adapter import BATCH, DECAY, RATE, WIDTH, Adapter, AdapterEncoder
from labeller.learning.batches import endless
from labeller.learning.mixmatch import VIEWS, mixmatch_losses
from labeller.learning.model import WEAK
from labeller.selection.dropped import feature_dropout

CONSISTENCY = 75.0
"""λ_U of equation (5), reached by a ramp over the whole training (section 5.1)."""


class MixMatchAdapter(Adapter):
    """Like `Adapter`, with another way to learn from unlabelled images."""

    def train(
        self,
        labelled: Tensor,
        labels: Tensor,
        unlabelled: Tensor,
        classes: int,
        run: Run,
        steps: int,
    ) -> nn.Module:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(run.seed)
            encoder = AdapterEncoder(labelled.shape[1])
            network = nn.Sequential(encoder, nn.Linear(WIDTH, classes)).train()
        rng, mixing = torch.Generator().manual_seed(run.seed), np.random.default_rng(run.seed)
        optimiser = torch.optim.SGD(
            network.parameters(), RATE, 0.9, weight_decay=DECAY, nesterov=True
        )
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        known = endless(torch.arange(len(labelled)), BATCH, rng)  # few are repeated, in new views
        unknown = endless(torch.arange(len(unlabelled)), min(BATCH, len(unlabelled)), rng)
        for step in range(steps):
            if run.should_stop():
                raise Cancelled("{stage} was stopped.", stage=Word("Training"))
            rows = next(known)
            others = unlabelled[next(unknown)] if len(unlabelled) else unlabelled
            views = [feature_dropout(others, WEAK, rng) for _ in range(VIEWS)]
            losses = mixmatch_losses(
                network,
                feature_dropout(labelled[rows], WEAK, rng),
                labels[rows],
                views,
                classes,
                mixing,
            )
            loss = losses.labelled + CONSISTENCY * (step + 1) / steps * losses.unlabelled
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            run.report(Progress("Training", step + 1, steps))
        return network.eval()
