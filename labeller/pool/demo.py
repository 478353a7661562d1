"""The demo set: generated drawings of ten things, the same on every machine.

Each picture shows one thing in a random colour, size, rotation and place in a scene with clutter,
sometimes half hidden, so that a model has something to learn.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from labeller.core.errors import Cancelled
from labeller.core.files import replacing
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.pool.demo_scenes import draw_scene
from labeller.pool.demo_things import THINGS, Pen

SIDE = 128
POOL_IMAGES = 2000
TEST_IMAGES = 500
CLASSES = tuple(sorted(THINGS))


def generate(
    folder: Path,
    pool: int | None = None,
    test: int | None = None,
    run: Run = Run(),
) -> None:
    """Write `folder/train/CLASS/NNNN.jpg` and `folder/test/...`; files that exist are kept.

    Args:
        pool, test: how many images; None takes `POOL_IMAGES` and `TEST_IMAGES`.
    """
    pool = POOL_IMAGES if pool is None else pool
    total = pool + (TEST_IMAGES if test is None else test)
    for number in range(total):
        if run.should_stop():
            raise Cancelled("The demo is not complete; starting it again resumes it.")
        split, index = ("train", number) if number < pool else ("test", number - pool)
        name = CLASSES[number % len(CLASSES)]
        path = folder / split / name / f"{index:04d}.jpg"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path, durable=False) as temporary:
                draw(name, number).save(temporary, "JPEG", quality=90)
        if number % 20 == 0 or number + 1 == total:
            run.report(Progress("Drawing the demo images", number + 1, total))


def draw(name: str, seed: int) -> Image.Image:
    """One RGB picture of `SIDE` pixels of the thing `name`; deterministic in the seed."""
    rng = np.random.default_rng([20221121, seed])
    picture = draw_scene(rng, name, 2 * SIDE)
    for _ in range(rng.integers(0, 4)):
        _clutter(rng, picture, (0.08, 0.3))
    pen = Pen(
        ImageDraw.Draw(picture),
        centre=tuple(rng.uniform(0.38, 0.62, 2) * 2 * SIDE),
        scale=rng.uniform(0.3, 0.52) * 2 * SIDE,
        angle=float(np.clip(rng.normal(0, 18), -50, 50)),
        mirrored=bool(rng.integers(2)),
        stretch=rng.uniform(0.8, 1.2),
    )
    thing: Callable[[Pen, np.random.Generator], None] = THINGS[name]
    thing(pen, rng)
    if rng.random() < 0.35:
        _clutter(rng, picture, (0.08, 0.2))
    picture = picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    if rng.random() < 0.25:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    light = rng.uniform(0.65, 1.15)
    noise = rng.normal(0, rng.uniform(2, 10), (SIDE, SIDE, 1))
    pixels = np.asarray(picture, dtype=np.float64) * light + noise
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _clutter(rng: np.random.Generator, picture: Image.Image, sizes: tuple[float, float]) -> None:
    """Draw one random blob, stroke or scrap."""
    draw = ImageDraw.Draw(picture)
    side = picture.width
    colour = tuple(int(value) for value in rng.uniform(30, 245, 3))
    x, y = rng.uniform(0, side, 2)
    width, height = rng.uniform(*sizes, 2) * side
    kind = rng.integers(3)
    if kind == 0:
        draw.ellipse((x - width / 2, y - height / 2, x + width / 2, y + height / 2), fill=colour)
    elif kind == 1:
        end = (x + rng.uniform(-1, 1) * side / 2, y + rng.uniform(-1, 1) * side / 2)
        draw.line((x, y, *end), fill=colour, width=int(rng.integers(3, 14)))
    else:
        corners = rng.uniform(-0.6, 0.6, (int(rng.integers(3, 6)), 2)) * (width, height) + (x, y)
        draw.polygon([tuple(corner) for corner in corners], fill=colour)
