"""The demo set: generated drawings of ten things in scenes, the same on every machine.

Each picture shows one thing in a random colour, size, rotation and place in a scene with clutter,
sometimes half hidden, so that a model has something to learn. Most things are where you would
expect them, so the scene is a hint but not the answer.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from labeller.core.errors import Cancelled
from labeller.core.files import replacing
from labeller.core.run import Progress, Run
from labeller.pool.demo_things import THINGS, Pen

Rng = np.random.Generator
Colour = tuple[int, int, int]

USUAL_SHARE = 0.65
USUAL: dict[str, tuple[str, ...]] = {
    "balloon": ("sky", "meadow"),
    "boat": ("sea",),
    "butterfly": ("meadow", "forest"),
    "cactus": ("desert", "room"),
    "car": ("street", "desert"),
    "fish": ("underwater", "sea"),
    "flower": ("meadow", "room"),
    "house": ("meadow", "street"),
    "mushroom": ("forest", "meadow"),
    "umbrella": ("street", "sky"),
}


def draw_scene(rng: Rng, thing: str, side: int) -> Image.Image:
    """A scene for `thing`, RGB, `side` pixels square."""
    if rng.random() < USUAL_SHARE:
        name = USUAL[thing][int(rng.integers(len(USUAL[thing])))]
    else:
        name = list(SCENES)[int(rng.integers(len(SCENES)))]
    return SCENES[name](rng, side)


def _vary(rng: Rng, *colour: int) -> Colour:
    """A variation of this colour."""
    red, green, blue = (np.array(colour) + rng.normal(0, 14, 3)).clip(0, 255).astype(int)
    return int(red), int(green), int(blue)


def _fade(top: Colour, bottom: Colour, side: int) -> Image.Image:
    share = np.linspace(0, 1, side)[:, None, None]
    column = np.array(top) + (np.array(bottom) - np.array(top)) * share
    return Image.fromarray(np.broadcast_to(column, (side, side, 3)).astype(np.uint8))


def _halves(
    rng: Rng, top: Colour, bottom: Colour, side: int
) -> tuple[Image.Image, ImageDraw.ImageDraw, float]:
    """A picture of two areas, its drawing context, and the height of the horizon."""
    picture = _fade(top, tuple(min(255, v + 35) for v in top), side)  # type: ignore[arg-type]
    horizon = rng.uniform(0.4, 0.7) * side
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, horizon, side, side), fill=bottom)
    return picture, draw, horizon


def _cloud(rng: Rng, draw: ImageDraw.ImageDraw, side: int, lowest: float) -> None:
    x, y = rng.uniform(0, side), rng.uniform(0, lowest)
    size = rng.uniform(0.05, 0.1) * side
    for offset in (-1.2, 0, 1.2):
        middle = x + offset * size
        draw.ellipse((middle - size, y - size * 0.7, middle + size, y + size * 0.7), fill="white")


def _sky(rng: Rng, side: int) -> Image.Image:
    picture = _fade(_vary(rng, 90, 150, 225), _vary(rng, 190, 220, 245), side)
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.integers(2, 6)):
        _cloud(rng, draw, side, side)
    return picture


def _sea(rng: Rng, side: int) -> Image.Image:
    picture, draw, horizon = _halves(rng, _vary(rng, 165, 205, 235), _vary(rng, 35, 95, 160), side)
    _cloud(rng, draw, side, horizon * 0.7)
    for _ in range(rng.integers(5, 14)):
        x, y = rng.uniform(0, side), rng.uniform(horizon, side)
        length = rng.uniform(0.05, 0.2) * side
        draw.line((x, y, x + length, y), fill=_vary(rng, 120, 170, 215), width=3)
    return picture


def _meadow(rng: Rng, side: int) -> Image.Image:
    picture, draw, horizon = _halves(rng, _vary(rng, 155, 205, 240), _vary(rng, 95, 165, 70), side)
    if rng.random() < 0.5:
        _cloud(rng, draw, side, horizon * 0.7)
    for _ in range(rng.integers(10, 30)):
        x, y = rng.uniform(0, side), rng.uniform(horizon, side)
        tip = (x + rng.uniform(-4, 4), y - rng.uniform(6, 16))
        draw.line((x, y, *tip), fill=_vary(rng, 60, 125, 45), width=3)
    return picture


def _desert(rng: Rng, side: int) -> Image.Image:
    picture, draw, horizon = _halves(rng, _vary(rng, 240, 215, 165), _vary(rng, 215, 165, 95), side)
    for _ in range(rng.integers(1, 4)):
        x, wide = rng.uniform(0, side), rng.uniform(0.3, 0.7) * side
        high = rng.uniform(0.08, 0.2) * side
        box = (x - wide, horizon - high, x + wide, horizon + high)
        draw.pieslice(box, 180, 360, fill=_vary(rng, 205, 150, 85))
    return picture


def _street(rng: Rng, side: int) -> Image.Image:
    picture, draw, horizon = _halves(rng, _vary(rng, 170, 180, 195), _vary(rng, 95, 95, 102), side)
    x = rng.uniform(-0.2, 0) * side
    while x < side:
        wide = rng.uniform(0.12, 0.3) * side
        top = horizon - rng.uniform(0.1, 0.35) * side
        draw.rectangle((x, top, x + wide, horizon), fill=_vary(rng, 140, 130, 130))
        x += wide + rng.uniform(0, 0.06) * side
    middle = (horizon + side) / 2
    for start in (np.arange(rng.uniform(0, 0.2), 1, 0.25) * side).tolist():
        draw.line((start, middle, start + 0.12 * side, middle), fill=(225, 220, 200), width=5)
    return picture


def _underwater(rng: Rng, side: int) -> Image.Image:
    picture = _fade(_vary(rng, 60, 165, 185), _vary(rng, 15, 70, 115), side)
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.integers(4, 12)):
        x, y, size = *rng.uniform(0, side, 2), rng.uniform(3, 9)
        draw.ellipse((x - size, y - size, x + size, y + size), outline=(200, 230, 240), width=2)
    for _ in range(rng.integers(0, 4)):
        x = rng.uniform(0, side)
        sway = rng.uniform(-0.1, 0.1) * side
        points = [(x, side), (x + sway, 0.85 * side), (x - sway, rng.uniform(0.6, 0.75) * side)]
        draw.line(points, fill=_vary(rng, 40, 130, 80), width=7, joint="curve")
    return picture


def _forest(rng: Rng, side: int) -> Image.Image:
    picture, draw, horizon = _halves(rng, _vary(rng, 55, 90, 60), _vary(rng, 95, 75, 50), side)
    for _ in range(rng.integers(3, 7)):
        x, wide = rng.uniform(0, side), rng.uniform(0.02, 0.06) * side
        foot = horizon + rng.uniform(0, 0.15) * side
        draw.rectangle((x - wide, 0, x + wide, foot), fill=_vary(rng, 70, 52, 38))
    return picture


def _room(rng: Rng, side: int) -> Image.Image:
    picture, draw, horizon = _halves(rng, _vary(rng, 225, 205, 190), _vary(rng, 150, 110, 80), side)
    x, y = rng.uniform(0, 0.7) * side, rng.uniform(0.02, 0.2) * side
    wide, high = rng.uniform(0.15, 0.3, 2) * side
    if y + high < horizon:  # a picture on the wall
        draw.rectangle(
            (x, y, x + wide, y + high),
            fill=_vary(rng, 180, 190, 200),
            outline=(90, 70, 50),
            width=4,
        )
    return picture


SCENES: dict[str, Callable[[Rng, int], Image.Image]] = {
    "sky": _sky,
    "sea": _sea,
    "meadow": _meadow,
    "desert": _desert,
    "street": _street,
    "underwater": _underwater,
    "forest": _forest,
    "room": _room,
}


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
