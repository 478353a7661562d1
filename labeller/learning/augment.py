"""Weak and strong views of a batch, made on the device with parameters drawn for each image.

Weak: horizontal flip and random crop. Strong: horizontal flip, random resized crop, colour jitter,
grayscale, Gaussian blur and solarisation (section 3 of the paper; the resized crop, strengths and
shares as in the authors' published code).
Every function takes and gives float images [B, 3, S, S] between 0 and 1, and its parameters as
tensors of length B; `colour` follows torchvision's single-image functions.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

BRIGHTNESS, CONTRAST, SATURATION, HUE = 0.4, 0.4, 0.2, 0.1
JITTER_SHARE, GRAY_SHARE, BLUR_SHARE, SOLARISE_SHARE = 0.8, 0.2, 0.2, 0.2
BLUR_SIGMA = (0.1, 2.0)
CROP_AREA = (0.2, 1.0)
CROP_RATIO = (3 / 4, 4 / 3)
GRAY_WEIGHTS = (0.2989, 0.587, 0.114)


def weak_view(images: Tensor, rng: torch.Generator) -> Tensor:
    """A random flip and a random crop of the image padded by an eighth of its side."""
    count, side = len(images), images.shape[-1]
    padding = max(1, side // 8)
    flips = _share(0.5, count, rng)
    shifts = torch.randint(0, 2 * padding + 1, (2, count), generator=rng, device=images.device)
    return flip_and_crop(images, flips, shifts[0], shifts[1], padding)


def strong_view(images: Tensor, rng: torch.Generator) -> Tensor:
    """A flipped and resized crop with jitter, grayscale, blur and solarisation by their shares."""
    count = len(images)
    flips = _share(0.5, count, rng)
    area = _uniform(*CROP_AREA, count, rng)
    ratio = _uniform(math.log(CROP_RATIO[0]), math.log(CROP_RATIO[1]), count, rng).exp()
    width, height = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    left, top = ((1 - extent) * _uniform(0, 1, count, rng) for extent in (width, height))
    images = flip_and_resized_crop(images, flips, top, left, height, width)

    def chosen(changed: Tensor, share: float) -> Tensor:
        mask = _share(share, count, rng)
        return torch.where(mask.view(-1, 1, 1, 1), changed, images)

    images = chosen(_jitter(images, rng), JITTER_SHARE)
    images = chosen(grayscale(images).expand_as(images), GRAY_SHARE)
    images = chosen(blur(images, _uniform(*BLUR_SIGMA, count, rng)), BLUR_SHARE)
    return chosen(solarise(images), SOLARISE_SHARE)


def flip_and_crop(images: Tensor, flips: Tensor, tops: Tensor, lefts: Tensor, pad: int) -> Tensor:
    """Flip where `flips`, then cut each image at its own place from itself padded with black.

    `tops` and `lefts` (long) lie between 0 and 2 · `pad`; `pad` shows the image unmoved.
    """
    side = images.shape[-1]
    place = torch.arange(side, device=images.device)
    rows = tops[:, None] + place
    columns = lefts[:, None] + place
    # A flipped image is read from right to left.
    columns = torch.where(flips[:, None], 2 * pad + side - 1 - columns, columns)
    padded = F.pad(images, (pad, pad, pad, pad)).permute(0, 2, 3, 1)
    batch = torch.arange(len(images), device=images.device)[:, None, None]
    return padded[batch, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def flip_and_resized_crop(
    images: Tensor, flips: Tensor, top: Tensor, left: Tensor, height: Tensor, width: Tensor
) -> Tensor:
    """Scale each image's own box up to the whole side, bilinearly, then flip where `flips`.

    Boxes are in parts of the side, between 0 and 1.
    """
    boxes = torch.zeros(len(images), 2, 3, device=images.device)
    boxes[:, 0, 0] = torch.where(flips, -width, width)
    boxes[:, 1, 1] = height
    # affine_grid counts from -1 to 1
    boxes[:, 0, 2] = 2 * left + width - 1
    boxes[:, 1, 2] = 2 * top + height - 1
    grid = F.affine_grid(boxes, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, padding_mode="border", align_corners=False)


def _jitter(images: Tensor, rng: torch.Generator) -> Tensor:
    """Brightness, contrast, saturation and hue in a random order, drawn for the batch."""
    count = len(images)
    steps = (
        lambda x: brightness(x, _uniform(1 - BRIGHTNESS, 1 + BRIGHTNESS, count, rng)),
        lambda x: contrast(x, _uniform(1 - CONTRAST, 1 + CONTRAST, count, rng)),
        lambda x: saturation(x, _uniform(1 - SATURATION, 1 + SATURATION, count, rng)),
        lambda x: hue(x, _uniform(-HUE, HUE, count, rng)),
    )
    order = torch.randperm(len(steps), generator=rng, device=rng.device)
    for index in order.tolist():
        images = steps[index](images)
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
    """Turn the hue by `shifts`, in parts of the colour circle (−0.5 to 0.5)."""
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
    offsets = torch.tensor([5.0, 3.0, 1.0], device=images.device).view(1, 3, 1, 1)
    k = (offsets + angle.unsqueeze(1)) % 6
    fall = torch.minimum(k, 4 - k).clamp(0, 1)
    return value.unsqueeze(1) - spread.unsqueeze(1) * fall


def grayscale(images: Tensor) -> Tensor:
    """Luma (ITU-R 601), [B, 1, S, S]."""
    weights = images.new_tensor(GRAY_WEIGHTS).view(1, 3, 1, 1)
    return (images * weights).sum(dim=1, keepdim=True)


def blur(images: Tensor, sigmas: Tensor) -> Tensor:
    """Gaussian blur by each image's own σ in pixels; the kernel covers a tenth of the side."""
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
    """Invert what is at least as bright as `threshold`."""
    return torch.where(images >= threshold, 1 - images, images)


def _share(probability: float, count: int, rng: torch.Generator) -> Tensor:
    """A mask that is true with this probability, [count]."""
    return torch.rand(count, generator=rng, device=rng.device) < probability


def _uniform(low: float, high: float, count: int, rng: torch.Generator) -> Tensor:
    assert math.isfinite(low) and low <= high
    return low + (high - low) * torch.rand(count, generator=rng, device=rng.device)
