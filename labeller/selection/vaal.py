"""VAAL: images that a discriminator recognises as unlabelled in the latent space of a
variational autoencoder, which tries to make them alike (Sinha, Ebrahimi and Darrell, "Variational
Adversarial Active Learning", ICCV 2019, algorithms 1 and 2).

The paper's β-VAE sees images. This one sees their features, so that a small one is enough, trains
in seconds during selection, and works with every learner.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.core.run import Run
from labeller.selection.sampling import some
from labeller.selection.strategies import AsBatch, Query
from labeller.selection.training import batches, descend, seeded, steps

HIDDEN, LATENT = 256, 32
STEPS, BATCH, RATE = 600, 64, 3e-3
BETA, ADVERSARIAL = 1.0, 1.0
"""β of equation (1), λ₂ of equation (4)."""
MOST = 20_000
"""Candidates to train on; of more, a random sample. All are scored."""
BLOCK = 1 << 16


class BetaVae(nn.Module):
    """Features [N, dim] → their reconstruction, the mean and log variance of the latent code."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(dim, HIDDEN), nn.ReLU())
        self.mean, self.log_variance = nn.Linear(HIDDEN, LATENT), nn.Linear(HIDDEN, LATENT)
        self.decoder = nn.Sequential(nn.Linear(LATENT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, dim))

    def encode(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the latent code, [N, LATENT] each."""
        hidden = self.encoder(features)
        return self.mean(hidden), self.log_variance(hidden)

    def loss(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Equation (1), a scalar, and the mean codes [N, LATENT]."""
        mean, log_variance = self.encode(features)
        code = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        squares = (self.decoder(code) - features).square().sum(dim=1)
        divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1) / 2
        return (squares + BETA * divergence).mean(), mean


class Vaal(AsBatch):
    def choose(self, query: Query) -> Tensor:
        """The images that the discriminator is most confident are unlabelled."""
        return self._unlike(query).argsort(descending=True, stable=True)[: query.count]

    def _unlike(self, query: Query) -> Tensor:
        """Logits of "unlabelled" for each candidate, float [C]."""
        places = some(query, MOST)
        unlabelled = query.features(query.candidates[places])
        labelled = query.features(query.labelled) if len(query.labelled) else unlabelled[:0]
        if not len(labelled):
            return torch.zeros(len(query.candidates))
        centre = unlabelled.mean(dim=0)
        scale = (unlabelled - centre).square().mean().sqrt().clamp(min=1e-6)
        vae, discriminator = adversaries(
            (labelled - centre) / scale, (unlabelled - centre) / scale, query.run
        )
        with torch.no_grad():
            parts = [
                -discriminator(vae.encode((query.features(part) - centre) / scale)[0]).squeeze(1)
                for part in query.candidates.split(BLOCK)
            ]
        return torch.cat(parts)


def adversaries(labelled: Tensor, unlabelled: Tensor, run: Run) -> tuple[BetaVae, nn.Module]:
    """Train the autoencoder and the discriminator in turn (algorithm 1).

    Args:
        labelled, unlabelled: float [L, d] and [U, d], of about unit variance, at least one each.

    Returns:
        The autoencoder, and a module from codes [N, LATENT] to logits [N, 1] of "labelled".

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    with seeded(run.seed) as rng:
        known, unknown = batches(len(labelled), BATCH, rng), batches(len(unlabelled), BATCH, rng)
        vae = BetaVae(labelled.shape[1])
        discriminator = nn.Sequential(
            nn.Linear(LATENT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(),
            nn.Linear(HIDDEN, 1),
        )  # fmt: skip
        of_vae = torch.optim.Adam(vae.parameters(), RATE)
        of_discriminator = torch.optim.Adam(discriminator.parameters(), RATE)
        for _ in steps(run, "Selecting", STEPS):
            seen, unseen = labelled[next(known)], unlabelled[next(unknown)]
            (loss, code), (other_loss, other_code) = vae.loss(seen), vae.loss(unseen)
            # The encoder makes all look labelled (equation 3) ...
            fooled = _called(discriminator(code), 1.0) + _called(discriminator(other_code), 1.0)
            descend(of_vae, loss + other_loss + ADVERSARIAL * fooled)
            # ... and the discriminator tells them apart (equation 5).
            code, other_code = code.detach(), other_code.detach()
            apart = _called(discriminator(code), 1.0) + _called(discriminator(other_code), 0.0)
            descend(of_discriminator, apart)
    return vae.eval(), discriminator.eval()


def _called(logits: Tensor, labelled: float) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, labelled))
