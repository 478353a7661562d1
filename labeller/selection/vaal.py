"""VAAL: images that a discriminator recognises as unlabelled in the latent space of a
variational autoencoder, which tries to make them alike (Sinha, Ebrahimi and Darrell, "Variational
Adversarial Active Learning", ICCV 2019, algorithms 1 and 2).

With a whole network the autoencoder is the paper's, convolutional, and sees the images. With a
pretrained encoder it sees their features, so that a small one is enough and trains in seconds. Both
train during selection.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.core.run import Run
from labeller.selection.sampling import some
from labeller.selection.strategies import AsBatch, Query
from labeller.selection.training import batches, descend, seeded, steps

HIDDEN, LATENT = 256, 32
STEPS, BATCH, RATE = 600, 64, 3e-3
IMAGE_STEPS, IMAGE_RATE = 2000, 5e-4
"""Training of the autoencoder of images; the rate is the paper's (section 4)."""
WIDEST, MOST_PIXELS = 128, 64
"""Channels of its first convolution, which smaller networks have fewer of; larger images are
reduced to this side."""
BETA, ADVERSARIAL = 1.0, 1.0
"""β of equation (1), λ₂ of equation (4)."""
MOST = 20_000
"""Candidates to train on; of more, a random sample. All are scored."""
BLOCK, IMAGE_BLOCK = 1 << 16, 512


class BetaVae(nn.Module):
    """Inputs [N, ...] → their reconstruction, and mean and log variance of the latent code.

    Args:
        encoder: [N, ...] → [N, hidden].
        decoder: makes what turns codes [N, LATENT] into [N, ...].
    """

    def __init__(self, encoder: nn.Module, hidden: int, decoder: Callable[[], nn.Module]) -> None:
        super().__init__()
        self.encoder = encoder
        self.mean, self.log_variance = nn.Linear(hidden, LATENT), nn.Linear(hidden, LATENT)
        self.decoder = decoder()  # last, so that weights are drawn as in earlier versions

    def encode(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the latent code, [N, LATENT] each."""
        hidden = self.encoder(seen)
        return self.mean(hidden), self.log_variance(hidden)

    def loss(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Equation (1), a scalar, and the mean codes [N, LATENT]."""
        mean, log_variance = self.encode(seen)
        code = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        squares = (self.decoder(code) - seen).square().flatten(1).sum(dim=1)
        divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1) / 2
        return (squares + BETA * divergence).mean(), mean


def of_features(dim: int) -> BetaVae:
    """An autoencoder of features [N, dim]."""
    encoder = nn.Sequential(nn.Linear(dim, HIDDEN), nn.ReLU())

    def decoder() -> nn.Module:
        return nn.Sequential(nn.Linear(LATENT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, dim))

    return BetaVae(encoder, HIDDEN, decoder)


def of_images(width: int, side: int) -> BetaVae:
    """The autoencoder of images [N, 3, side, side] of the authors' code: four convolutions that
    halve the image, and their mirror image.

    Args:
        width: channels of the first one, doubled by each further one.
        side: a multiple of 16.
    """
    widths, least = [width << each for each in range(4)], side // 16
    layers: list[nn.Module] = []
    for before, after in zip([3, *widths], widths, strict=False):
        layers += [nn.Conv2d(before, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    encoder = nn.Sequential(*layers, nn.Flatten())

    def decoder() -> nn.Module:
        layers = [
            nn.Linear(LATENT, widths[-1] * (2 * least) ** 2),
            nn.Unflatten(1, (widths[-1], 2 * least, 2 * least)),
            nn.BatchNorm2d(widths[-1]), nn.ReLU(),
        ]  # fmt: skip
        for before, after in itertools.pairwise(widths[::-1]):
            layers += [nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False)]
            layers += [nn.BatchNorm2d(after), nn.ReLU()]
        return nn.Sequential(*layers, nn.Conv2d(width, 3, 1))

    return BetaVae(encoder, widths[-1] * least**2, decoder)


class Vaal(AsBatch):
    def choose(self, query: Query) -> Tensor:
        """The images that the discriminator is most confident are unlabelled."""
        return self._unlike(query).argsort(descending=True, stable=True)[: query.count]

    def _unlike(self, query: Query) -> Tensor:
        """Logits of "unlabelled" for each candidate, float [C]."""
        model = query.model
        assert model is not None
        if not len(query.labelled):
            return torch.zeros(len(query.candidates))
        places = some(query, MOST)
        with seeded(query.run.seed) as rng:
            shown = _images(query, places) if model.is_network else _features(query, places)
            discriminator = train_adversaries(shown, query.run, rng)
        with torch.no_grad():
            parts = [
                -discriminator(shown.vae.encode(shown.see(part))[0]).squeeze(1).cpu()
                for part in query.candidates.split(shown.block)
            ]
        return torch.cat(parts)


@dataclass(frozen=True)
class Shown:
    """The inputs of an autoencoder, and how it is trained.

    Attributes:
        vae: the autoencoder, with random weights.
        see: what it sees of images by row.
        labelled, unlabelled: the same by place, long [N].
        counts: of labelled and unlabelled images, at least one each.
        rate, steps: of Adam, and how many.
        block: images to look at together.
    """

    vae: BetaVae
    see: Callable[[Tensor], Tensor]
    labelled: Callable[[Tensor], Tensor]
    unlabelled: Callable[[Tensor], Tensor]
    counts: tuple[int, int]
    rate: float
    steps: int
    block: int


def _features(query: Query, places: Tensor) -> Shown:
    features = query.features(query.candidates[places])
    centre = features.mean(dim=0)
    scale = (features - centre).square().mean().sqrt().clamp(min=1e-6)

    def see(rows: Tensor) -> Tensor:
        return (query.features(rows) - centre) / scale

    labelled, unlabelled = see(query.labelled), (features - centre) / scale
    return Shown(
        of_features(features.shape[1]), see, labelled.__getitem__, unlabelled.__getitem__,
        (len(labelled), len(unlabelled)), RATE, STEPS, BLOCK,
    )  # fmt: skip


def _images(query: Query, places: Tensor) -> Shown:
    model = query.model
    assert model is not None

    def see(rows: Tensor) -> Tensor:
        return _pixels(model.images(rows))

    example = see(query.labelled[:1])
    width = min(WIDEST, max(8, query.features(query.labelled[:1]).shape[1] // 4))
    return Shown(
        of_images(width, example.shape[-1]).to(example.device),
        see,
        lambda at: see(query.labelled[at]),
        lambda at: see(query.candidates[places[at]]),
        (len(query.labelled), len(places)), IMAGE_RATE, IMAGE_STEPS, IMAGE_BLOCK,
    )  # fmt: skip


def _pixels(images: Tensor) -> Tensor:
    """Images float [N, 3, S, S] between 0 and 1, as the autoencoder sees them: between −1 and 1,
    with a side that is a multiple of 16."""
    side = min(MOST_PIXELS, max(16, images.shape[-1] // 16 * 16))
    if side != images.shape[-1]:
        images = F.interpolate(images, size=(side, side), mode="bilinear", antialias=True)
    return 2 * images - 1


def train_adversaries(shown: Shown, run: Run, rng: torch.Generator) -> nn.Module:
    """Train the autoencoder and a new discriminator in turn (algorithm 1).

    Returns:
        A module from codes [N, LATENT] to logits [N, 1] of "labelled"; both are in evaluation mode.

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    vae = shown.vae.train()
    known, unknown = (batches(count, BATCH, rng) for count in shown.counts)
    discriminator = nn.Sequential(
        nn.Linear(LATENT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(),
        nn.Linear(HIDDEN, 1),
    ).to(next(vae.parameters()).device)  # fmt: skip
    of_vae = torch.optim.Adam(vae.parameters(), shown.rate)
    of_discriminator = torch.optim.Adam(discriminator.parameters(), shown.rate)
    for _ in steps(run, "Selecting", shown.steps):
        seen, unseen = shown.labelled(next(known)), shown.unlabelled(next(unknown))
        (loss, code), (other_loss, other_code) = vae.loss(seen), vae.loss(unseen)
        # The encoder makes all look labelled (equation 3) ...
        fooled = _called(discriminator(code), 1.0) + _called(discriminator(other_code), 1.0)
        descend(of_vae, loss + other_loss + ADVERSARIAL * fooled)
        # ... and the discriminator tells them apart (equation 5).
        code, other_code = code.detach(), other_code.detach()
        apart = _called(discriminator(code), 1.0) + _called(discriminator(other_code), 0.0)
        descend(of_discriminator, apart)
    vae.eval()
    return discriminator.eval()


def _called(logits: Tensor, labelled: float) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, labelled))
