"""The ten things of the demo set, each drawn in a square from -1 to 1, x right and y down."""

import colorsys
import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from PIL import ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]
Rng = np.random.Generator


class Pen:
    """Draws in the thing's own coordinates, transformed to its place in the picture."""

    def __init__(
        self,
        draw: ImageDraw.ImageDraw,
        centre: Sequence[float],
        scale: float,
        angle: float,
        mirrored: bool,
        stretch: float,
    ) -> None:
        self._draw = draw
        self._centre = centre
        self._x = (-scale if mirrored else scale) * stretch
        self._y = scale / stretch
        self._cos, self._sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        self._outline = max(2, round(scale / 45))

    def shape(self, points: Sequence[Point], fill: Colour, outlined: bool = True) -> None:
        corners = [self._place(point) for point in points]
        self._draw.polygon(corners, fill=fill)
        if outlined:
            dark = tuple(value // 3 for value in fill)
            self._draw.line([*corners, corners[0]], fill=dark, width=self._outline, joint="curve")

    def oval(
        self, x: float, y: float, rx: float, ry: float, fill: Colour, outlined: bool = True
    ) -> None:
        self.shape(arc(x, y, rx, ry, 0, 360), fill, outlined)

    def stroke(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        line = [self._place(point) for point in points]
        self._draw.line(line, fill=fill, width=max(2, round(width * abs(self._y))), joint="curve")

    def _place(self, point: Point) -> Point:
        x, y = point[0] * self._x, point[1] * self._y
        return (
            self._centre[0] + x * self._cos - y * self._sin,
            self._centre[1] + x * self._sin + y * self._cos,
        )


def arc(x: float, y: float, rx: float, ry: float, start: float, stop: float) -> list[Point]:
    """Points along an ellipse from angle `start` to `stop` in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, stop, max(4, int(abs(stop - start) / 10))))
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def paint(rng: Rng, saturation: float = 0.6, value: float = 0.85) -> Colour:
    """A colour of random hue."""
    spread = rng.uniform(-0.15, 0.15, 2)
    rgb = colorsys.hsv_to_rgb(
        rng.random(), min(1, saturation + spread[0]), min(1, value + spread[1])
    )
    return (int(rgb[0] * 255), int(rgb[1] * 255), int(rgb[2] * 255))


WHITE: Colour = (245, 245, 240)
DARK: Colour = (45, 45, 55)


def balloon(pen: Pen, rng: Rng) -> None:
    sway = rng.uniform(-0.3, 0.3)
    pen.stroke([(0, 0.4), (sway, 0.7), (-sway / 2, 1)], DARK, 0.03)
    colour = paint(rng)
    pen.shape([(-0.1, 0.5), (0.1, 0.5), (0, 0.36)], colour)
    pen.oval(0, -0.25, 0.56, 0.68, colour)
    pen.oval(-0.2, -0.5, 0.12, 0.17, WHITE, outlined=False)


def boat(pen: Pen, rng: Rng) -> None:
    pen.stroke([(0, 0.4), (0, -0.95)], DARK, 0.06)
    pen.shape([(0.06, -0.9), (0.06, 0.25), (rng.uniform(0.5, 0.8), 0.25)], paint(rng, 0.25, 0.95))
    pen.shape([(-0.06, -0.7), (-0.06, 0.25), (-rng.uniform(0.35, 0.6), 0.25)], paint(rng))
    pen.shape([(-0.9, 0.4), (0.9, 0.4), (0.55, 0.85), (-0.6, 0.85)], paint(rng, 0.7, 0.6))


def butterfly(pen: Pen, rng: Rng) -> None:
    wing, spot = paint(rng), paint(rng)
    lift = rng.uniform(-0.1, 0.15)
    for side in (-1, 1):
        pen.oval(side * 0.5, -0.35 - lift, 0.45, 0.45, wing)
        pen.oval(side * 0.4, 0.42 + lift, 0.34, 0.38, wing)
        pen.oval(side * 0.55, -0.38 - lift, 0.17, 0.17, spot, outlined=False)
        pen.stroke([(0, -0.55), (side * 0.22, -0.95)], DARK, 0.035)
    pen.oval(0, 0, 0.09, 0.65, DARK)


def cactus(pen: Pen, rng: Rng) -> None:
    green = (int(rng.integers(30, 110)), int(rng.integers(120, 190)), int(rng.integers(50, 120)))
    left, right = rng.uniform(-0.35, 0.15, 2)
    for side, height in ((-1, left), (1, right)):
        pen.stroke(
            [(0, height + 0.3), (side * 0.5, height + 0.3), (side * 0.5, height - 0.25)], green, 0.2
        )
    pen.shape([*arc(0, -0.65, 0.22, 0.28, 180, 360), (0.22, 0.5), (-0.22, 0.5)], green)
    pen.shape([(-0.45, 0.45), (0.45, 0.45), (0.32, 0.98), (-0.32, 0.98)], paint(rng, 0.6, 0.7))


def car(pen: Pen, rng: Rng) -> None:
    colour = paint(rng)
    roof = rng.uniform(-0.5, -0.3)
    pen.shape([(-0.55, 0.05), (-0.35, roof), (0.3, roof), (0.6, 0.05)], colour)
    for x, end in ((-0.4, -0.05), (0.03, 0.42)):
        pen.shape(
            [(x, 0.02), (x + 0.12, roof + 0.08), (end - 0.06, roof + 0.08), (end, 0.02)],
            (190, 220, 235),
        )
    pen.shape([(-0.95, 0.05), (0.85, 0.05), (0.95, 0.45), (-0.95, 0.45)], colour)
    for x in (-0.52, 0.52):
        pen.oval(x, 0.47, 0.23, 0.23, DARK)
        pen.oval(x, 0.47, 0.1, 0.1, (190, 190, 195), outlined=False)


def fish(pen: Pen, rng: Rng) -> None:
    colour, fin = paint(rng), paint(rng)
    pen.shape([(-0.45, 0), (-0.98, -0.42), (-0.85, 0), (-0.98, 0.42)], fin)
    pen.shape([(-0.15, -0.3), (0.25, -0.75), (0.35, -0.25)], fin)
    pen.oval(0.15, 0, 0.7, rng.uniform(0.34, 0.48), colour)
    for x in (-0.15, 0.1):
        pen.stroke(arc(x - 0.25, 0, 0.3, 0.32, -55, 55), fin, 0.06)
    pen.oval(0.55, -0.08, 0.11, 0.11, WHITE)
    pen.oval(0.57, -0.08, 0.05, 0.05, DARK, outlined=False)


def flower(pen: Pen, rng: Rng) -> None:
    pen.stroke([(0, 0), (rng.uniform(-0.2, 0.2), 1)], (60, 140, 60), 0.08)
    pen.oval(0.25, 0.65, 0.25, 0.1, (70, 160, 70))
    petal, count = paint(rng), int(rng.integers(5, 9))
    for angle in np.linspace(0, 2 * math.pi, count, endpoint=False):
        pen.oval(0.4 * math.cos(angle), -0.3 + 0.4 * math.sin(angle), 0.24, 0.24, petal)
    pen.oval(0, -0.3, 0.22, 0.22, paint(rng, 0.7, 0.9))


def house(pen: Pen, rng: Rng) -> None:
    wall, roof = paint(rng, 0.3, 0.9), paint(rng, 0.7, 0.6)
    pen.shape([(0.3, -0.9), (0.5, -0.9), (0.5, -0.3), (0.3, -0.3)], roof)
    pen.shape([(-0.65, -0.1), (0.65, -0.1), (0.65, 0.85), (-0.65, 0.85)], wall)
    pen.shape([(-0.85, -0.1), (0, rng.uniform(-0.95, -0.7)), (0.85, -0.1)], roof)
    pen.shape([(-0.1, 0.85), (-0.1, 0.3), (0.2, 0.3), (0.2, 0.85)], paint(rng, 0.6, 0.5))
    for x in (-0.48, 0.33):
        pen.shape([(x, 0.1), (x + 0.22, 0.1), (x + 0.22, 0.35), (x, 0.35)], (190, 220, 235))


def mushroom(pen: Pen, rng: Rng) -> None:
    stem = rng.uniform(0.16, 0.28)
    pen.shape([(-stem, 0), (stem, 0), (stem + 0.1, 0.9), (-stem - 0.1, 0.9)], WHITE)
    pen.shape(arc(0, 0.1, 0.85, rng.uniform(0.7, 0.95), 180, 360), paint(rng, 0.75, 0.8))
    for x, y, size in ((-0.4, -0.2, 0.13), (0.05, -0.45, 0.16), (0.45, -0.15, 0.11)):
        pen.oval(x, y, size, size * 0.8, WHITE, outlined=False)


def umbrella(pen: Pen, rng: Rng) -> None:
    pen.stroke([(0, -0.8), (0, 0.7), *arc(0.16, 0.72, 0.16, 0.2, 180, 0)], DARK, 0.06)
    first, second = paint(rng), paint(rng)
    edges = np.linspace(-0.9, 0.9, 5)
    for index, (left, right) in enumerate(pairwise(edges)):
        middle = (left + right) / 2
        pen.shape(
            [(0, -0.85), *_bow(left), (middle, -0.08), *reversed(_bow(right))],
            second if index % 2 else first,
        )


def _bow(end: float) -> list[Point]:
    """The edge of an umbrella's panel, from the top to (`end`, 0)."""
    return [(end * math.sin(t), -0.85 + 0.87 * (1 - math.cos(t))) for t in (0.4, 0.8, 1.2, 1.57)]


THINGS: dict[str, Callable[[Pen, Rng], None]] = {
    thing.__name__: thing
    for thing in (
        balloon, boat, butterfly, cactus, car, fish, flower, house, mushroom, umbrella,
    )
}  # fmt: skip
