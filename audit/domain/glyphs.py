"""The shapes of the marks: the one place they are drawn in. Screen, chart, icon and paper all follow these lines.

A glyph lies in a box of 24 by 24, y downwards. IN is a filled circle with a tick, OUT a filled square with a cross,
NO an open circle with a dash, NA a thin slash. Corrected on site is the square of a finding, open, with the tick;
a repeat turns back on itself. ``none`` is what nobody answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians, sin

BOX = 24.0
EDGE = 22.0  # how much of the box a glyph fills
LINE, CUT = 2.2, 2.6  # weights: of what is drawn, and of what is left out of something filled

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Disc:
    """A circle; ``dashes`` are lengths of line and gap."""

    x: float
    y: float
    radius: float
    solid: bool = False
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Block:
    """A square with rounded corners, from its upper left corner."""

    x: float
    y: float
    side: float
    corner: float
    solid: bool = False


@dataclass(frozen=True)
class Trace:
    """A line through points; ``cut`` is left out of the filled shape below it."""

    points: Points
    cut: bool = False


Part = Disc | Block | Trace


def _arc(radius: float, begins: int, ends: int, step: int) -> Points:
    """Points of a circle around the middle, in degrees clockwise from three o'clock."""
    return tuple(
        (round(12 + radius * cos(radians(at)), 2), round(12 + radius * sin(radians(at)), 2))
        for at in range(begins, ends + 1, step)
    )


_TICK: Points = ((6.8, 12.6), (10.4, 16.2), (17.4, 8.4))

GLYPHS: Mapping[str, tuple[Part, ...]] = {
    "IN": (Disc(12, 12, 11, solid=True), Trace(_TICK, cut=True)),
    "OUT": (
        Block(1.5, 1.5, 21, 2.5, solid=True),
        Trace(((7.3, 7.3), (16.7, 16.7)), cut=True),
        Trace(((16.7, 7.3), (7.3, 16.7)), cut=True),
    ),
    "NO": (Disc(12, 12, 9.9), Trace(((7.5, 12), (16.5, 12)))),
    "NA": (Trace(((17, 2.5), (7, 21.5))),),
    "COS": (Block(2.6, 2.6, 18.8, 2.5), Trace(_TICK)),
    "R": (Trace(_arc(9.4, -30, 250, 14)), Trace(((20.7, 1.9), (20.2, 7.3), (14.9, 6.4)))),
    "none": (Disc(12, 12, 9.9, dashes=(2.6, 4.2)),),
}
