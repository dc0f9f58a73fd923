"""Drawn signatures as they are shown on a page: one path per signature, the same at every size."""

from itertools import pairwise

from audit.domain.strokes import Strokes

Point = tuple[int, int]


def path(strokes: Strokes) -> str:
    """SVG path data in the box of a drawing: curves that run through the middle between points, so no corner shows."""
    return "".join(_line(line) for line in strokes if line)


def _line(line: tuple[Point, ...]) -> str:
    start, *rest = line
    if not rest:
        return f"M{_place(start)}h1"  # round ends make a dot of it
    bends = [f"Q{_place(at)} {_place(_middle(at, after))}" for at, after in pairwise(rest)]
    return f"M{_place(start)}{''.join(bends)}L{_place(rest[-1])}"


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) // 2, (one[1] + other[1]) // 2


def _place(point: Point) -> str:
    return f"{point[0]} {point[1]}"
