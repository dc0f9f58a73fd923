"""The thin segmented bar: one segment per item, told apart by shape as well as colour, as SVG paths."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_STEP, _WIDEST_GAP = 10, 2.0
# mark -> class, top and bottom of the segment (of 12): OUT stands tallest, NA is a line, open items are low.
_SHAPES: dict[str | None, tuple[str, float, float]] = {
    "IN": ("in", 2, 10),
    "OUT": ("out", 0, 12),
    "NO": ("no", 3, 9),
    "NA": ("na", 5, 7),
    None: ("un", 4, 8),
}


@dataclass(frozen=True)
class Strip:
    """A drawn bar: its width in units, and one (class, path) per kind of mark."""

    width: int
    paths: tuple[tuple[str, str], ...]


def strip_of(marks: Iterable[str | None]) -> Strip:
    """Draw the marks in their order; ``None`` is an item without an answer."""
    return strip(tuple(marks))


@lru_cache(maxsize=1024)
def strip(marks: tuple[str | None, ...]) -> Strip:
    paths: dict[str, list[str]] = {}
    # The bar is stretched to the width of its place, so the gap shrinks with the number of segments.
    width = _STEP - min(_WIDEST_GAP, 0.3 + 0.03 * len(marks))
    for index, mark in enumerate(marks):
        kind, top, bottom = _SHAPES[mark]
        left = index * _STEP
        paths.setdefault(kind, []).append(f"M{left} {top}h{width:.2f}V{bottom}h-{width:.2f}z")
    return Strip(max(1, len(marks)) * _STEP, tuple((kind, "".join(found)) for kind, found in paths.items()))
