"""Weak and strong views of a batch, made on the device with parameters drawn for each image.

Weak: horizontal flip and random crop. Strong: horizontal flip, random resized crop, colour jitter,
grayscale, Gaussian blur and solarisation (section 3 of the paper; the resized crop, strengths and
probabilities as in the authors' published code). Unless said otherwise, functions take and return
float images [B, 3, S, S] between 0 and 1, and parameters as tensors of length B; `colour` changes
follow torchvision's single-image functions.
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from labeller_models.encoder import Statistics, channels
from torch import Tensor

BRIGHTNESS, CONTRAST, SATURATION, HUE = 0.4, 0.4, 0.2, 0.1
JITTER_SHARE, GRAY_SHARE, BLUR_SHARE, SOLARISE_SHARE = 0.8, 0.2, 0.2, 0.2
BLUR_SIGMA = (0.1, 2.0)
CROP_AREA = (0.2, 1.0)
CROP_RATIO = (3 / 4, 4 / 3)
CROP_TRIES = 10
GRAY_WEIGHTS = (0.2989, 0.587, 0.114)


def weak_view(images: Tensor, rng: torch.Generator) -> Tensor:
    """A random flip, then a random crop of the image padded by an eighth of its side."""
    count, side = len(images), images.shape[-1]
    padding = max(1, side // 8)
    flips = _share(0.5, count, rng)
    shifts = torch.randint(0, 2 * padding + 1, (2, count), generator=rng, device=images.device)
    return flip_and_crop(images, flips, shifts[0], shifts[1], padding)


def strong_view(
    images: Tensor, rng: torch.Generator, area: tuple[float, float] = CROP_AREA
) -> Tensor:
    """A flipped and resized crop, with jitter, grayscale, blur and solarisation at random.

    Args:
        area: smallest and largest share of the image that the crop covers.
    """
    count = len(images)
    flips = _share(0.5, count, rng)
    images = flip_and_resized_crop(images, flips, *draw_boxes(count, images.shape[-1], rng, area))

    def chosen(changed: Tensor, share: float) -> Tensor:
        mask = _share(share, count, rng)
        return torch.where(mask.view(-1, 1, 1, 1), changed, images)

    images = chosen(jitter(images, *draw_jitter(count, rng)), JITTER_SHARE)
    images = chosen(grayscale(images).expand_as(images), GRAY_SHARE)
    images = chosen(blur(images, _uniform(*BLUR_SIGMA, count, rng)), BLUR_SHARE)
    return chosen(solarise(images), SOLARISE_SHARE)


def flip_and_crop(images: Tensor, flips: Tensor, tops: Tensor, lefts: Tensor, pad: int) -> Tensor:
    """Flip where `flips`, pad with black, and crop each image at its own offset.

    `tops` and `lefts` (long) lie between 0 and 2 · `pad`; `pad` itself leaves the image in place.
    """
    side = images.shape[-1]
    place = torch.arange(side, device=images.device)
    rows = tops[:, None] + place
    columns = lefts[:, None] + place
    # Flipped images are read from right to left.
    columns = torch.where(flips[:, None], 2 * pad + side - 1 - columns, columns)
    padded = F.pad(images, (pad, pad, pad, pad)).permute(0, 2, 3, 1)
    batch = torch.arange(len(images), device=images.device)[:, None, None]
    return padded[batch, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def draw_boxes(
    count: int, side: int, rng: torch.Generator, area: tuple[float, float] = CROP_AREA
) -> tuple[Tensor, ...]:
    """Top, left, height and width of a random box for each image, in pixels: long [count] each.

    Drawn as in torchvision's `RandomResizedCrop`: the first of ten tries with a random area and
    ratio that fits into the image, else the whole image.
    """
    areas = side * side * _uniform(*area, (CROP_TRIES, count), rng)
    low, high = (math.log(ratio) for ratio in CROP_RATIO)
    ratio = _uniform(low, high, (CROP_TRIES, count), rng).exp()
    width, height = (areas * ratio).sqrt().round(), (areas / ratio).sqrt().round()
    fits = (width <= side) & (height <= side)
    first = fits.float().argmax(dim=0, keepdim=True)
    fitting = fits.any(dim=0)
    width, height = (
        torch.where(fitting, extent.gather(0, first)[0], side).long() for extent in (width, height)
    )
    top, left = (
        (_uniform(0, 1, count, rng) * (side - extent + 1)).long() for extent in (height, width)
    )
    return top, left, height, width


def flip_and_resized_crop(
    images: Tensor, flips: Tensor, top: Tensor, left: Tensor, height: Tensor, width: Tensor
) -> Tensor:
    """Scale each image's box (in pixels) up to the whole side, bilinearly, and flip where
    `flips`."""
    side = images.shape[-1]
    middles = (torch.arange(side, device=images.device) + 0.5) / side

    def positions(start: Tensor, extent: Tensor) -> Tensor:
        """The position of each output pixel in the image, [B, S]; never outside the box."""
        start, extent = start[:, None].float(), extent[:, None].float()
        inside = torch.minimum((middles * extent - 0.5).clamp(min=0), extent - 1)
        return (2 * (start + inside) + 1) / side - 1  # grid_sample counts from -1 to 1

    rows, columns = positions(top, height), positions(left, width)
    columns = torch.where(flips[:, None], columns.flip(1), columns)
    grid = torch.stack(
        [columns[:, None, :].expand(-1, side, -1), rows[:, :, None].expand(-1, -1, side)], dim=-1
    )
    return F.grid_sample(images, grid, align_corners=False)


def draw_jitter(count: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Values [4, count] of brightness, contrast, saturation and hue, and the order [count, 4] in
    which each image is changed."""
    values = torch.stack(
        [
            _uniform(1 - BRIGHTNESS, 1 + BRIGHTNESS, count, rng),
            _uniform(1 - CONTRAST, 1 + CONTRAST, count, rng),
            _uniform(1 - SATURATION, 1 + SATURATION, count, rng),
            _uniform(-HUE, HUE, count, rng),
        ]
    )
    return values, torch.rand(count, 4, generator=rng, device=rng.device).argsort(dim=1)


def jitter(images: Tensor, values: Tensor, orders: Tensor) -> Tensor:
    """Change brightness, contrast, saturation and hue (0 to 3) by each image's values, in its
    order."""
    way = _jitter_by_rows if images.device.type == "cpu" else _jitter_by_masks
    return way(images, values, orders)


def _jitter_by_rows(images: Tensor, values: Tensor, orders: Tensor) -> Tensor:
    """Computes each change once per image, but has to read the orders."""
    images = images.clone()
    for place in range(4):
        for step, change in enumerate(_CHANGES):
            rows = (orders[:, place] == step).nonzero().flatten()
            images[rows] = change(images[rows], values[step, rows])
    return images


def _jitter_by_masks(images: Tensor, values: Tensor, orders: Tensor) -> Tensor:
    """Computes four times as much, but never synchronises with the device."""
    for place in range(4):
        changed = images
        for step, change in enumerate(_CHANGES):
            chosen = (orders[:, place] == step).view(-1, 1, 1, 1)
            changed = torch.where(chosen, change(images, values[step]), changed)
        images = changed
    return images


def brightness(images: Tensor, factors: Tensor) -> Tensor:
    return (images * factors.view(-1, 1, 1, 1)).clamp(0, 1)


def contrast(images: Tensor, factors: Tensor) -> Tensor:
    """Blend with the mean grey of each image."""
    mean = grayscale(images).mean(dim=(1, 2, 3), keepdim=True)
    return torch.lerp(mean.expand_as(images), images, factors.view(-1, 1, 1, 1)).clamp(0, 1)


def saturation(images: Tensor, factors: Tensor) -> Tensor:
    """Blend with the grey version of each image."""
    gray = grayscale(images).expand_as(images)
    return torch.lerp(gray, images, factors.view(-1, 1, 1, 1)).clamp(0, 1)


def hue(images: Tensor, shifts: Tensor) -> Tensor:
    """Rotate the hue by `shifts`, as fractions of the colour circle (−0.5 to 0.5)."""
    red, green, blue = images.unbind(1)
    value = images.amax(dim=1)
    spread = value - images.amin(dim=1)
    divisor = torch.where(spread > 0, spread, torch.ones_like(spread))
    angle = torch.where(
        value == red,
        (green - blue) / divisor,
        torch.where(value == green, (blue - red) / divisor + 2, (red - green) / divisor + 4),
    )
    angle = angle + 6 * shifts.view(-1, 1, 1)
    # Each channel falls from `value` by `spread` as the angle leaves its third of the circle:
    # f(n) = V − V·S·max(0, min(k, 4 − k, 1)), k = (n + H/60°) mod 6, n = 5, 3, 1.
    offsets = channels((5.0, 3.0, 1.0), images.device)
    k = (offsets + angle.unsqueeze(1)) % 6
    fall = torch.minimum(k, 4 - k).clamp(0, 1)
    return value.unsqueeze(1) - spread.unsqueeze(1) * fall


_CHANGES = (brightness, contrast, saturation, hue)


def grayscale(images: Tensor) -> Tensor:
    """Luma (ITU-R 601), [B, 1, S, S]."""
    return (images * channels(GRAY_WEIGHTS, images.device)).sum(dim=1, keepdim=True)


def blur(images: Tensor, sigmas: Tensor) -> Tensor:
    """Gaussian blur with each image's σ in pixels; the kernel spans a tenth of the side."""
    reach = max(1, images.shape[-1] // 20)
    offsets = torch.arange(-reach, reach + 1, device=images.device)
    kernels = torch.exp(-0.5 * (offsets / sigmas[:, None]) ** 2)
    kernels = kernels / kernels.sum(dim=1, keepdim=True)
    for dim in (2, 3):
        margin = (reach, reach, 0, 0) if dim == 3 else (0, 0, reach, reach)
        padded = F.pad(images, margin, mode="reflect")
        images = sum(  # type: ignore[assignment]
            padded.narrow(dim, i, images.shape[dim]) * kernels[:, i].view(-1, 1, 1, 1)
            for i in range(2 * reach + 1)
        )
    return images


def solarise(images: Tensor, threshold: float = 0.5) -> Tensor:
    """Invert values of at least `threshold`."""
    return torch.where(images >= threshold, 1 - images, images)


def _share(probability: float, count: int, rng: torch.Generator) -> Tensor:
    """A random mask, bool [count], true with this probability."""
    return torch.rand(count, generator=rng, device=rng.device) < probability


def _uniform(low: float, high: float, shape: int | tuple[int, ...], rng: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(shape, generator=rng, device=rng.device)


View = Callable[[Tensor, torch.Generator], Tensor]


@dataclass(frozen=True)
class WantedViews:
    """Which views a self-supervised method learns from.

    Attributes:
        kind: `weak-strong`, or `strong` or `weak` for both views of a branch.
        crop_area: smallest and largest share of an image that a strong view covers.
        side: of the views in pixels; None keeps that of the images.
        own_keys: whether the key branch gets views of its own instead of the query branch's.
    """

    kind: str = "weak-strong"
    crop_area: tuple[float, float] = CROP_AREA
    side: int | None = None
    own_keys: bool = True


@dataclass(frozen=True)
class Views:
    """Normalised views of a batch, [B, 3, S, S] each: of the query and of the key branch."""

    query_weak: Tensor
    query_strong: Tensor
    key_weak: Tensor
    key_strong: Tensor


def draw_views(
    images: Tensor, wanted: WantedViews, rng: torch.Generator, statistics: Statistics
) -> Views:
    """Views of images [B, 3, S, S] between 0 and 1, all drawn independently (section 3).

    Args:
        statistics: the encoder's, to normalise by.
    """
    strong_crop = functools.partial(strong_view, area=wanted.crop_area)
    kinds: dict[str, tuple[View, View]] = {
        "weak-strong": (weak_view, strong_crop),  # section 3
        "strong": (strong_crop, strong_crop),  # MoBY
        "weak": (weak_view, weak_view),  # Table 2, without strong augmentation
    }
    weak, strong = kinds[wanted.kind]

    def drawn(view: View) -> Tensor:
        seen = view(images, rng)
        if wanted.side not in (None, seen.shape[-1]):
            seen = F.interpolate(seen, size=wanted.side, mode="bilinear", antialias=True)
        return statistics.normalised(seen)

    query = drawn(weak), drawn(strong)
    return Views(*query, *((drawn(weak), drawn(strong)) if wanted.own_keys else query))
