"""Arrows and circles over a photo: a layer of their own, so that the photo's bytes stay what was received.

Whole points on a picture 10,000 wide; kept as one spelling of JSON, empty when nothing is drawn.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from audit.domain.problems import Fault
from audit.domain.tongue import say

MOST, FURTHEST = 20, 100_000
WIDE = 10_000
_TIP, _SPREAD = 450, 0.5  # how long the two lines of an arrow's head are, and how far they open (radians)
_DEEPEST = 3  # a list of marks, a mark, its points
_WHOLE = re.compile(r"-?[0-9]{1,6}")
_CORNERS = 48  # of what stands for a circle
_POINTS = {"arrow": ("from", "to"), "circle": ("at",)}


def written(given: object) -> str:
    """The spelling that is kept.

    Raises:
        ValueError: in words, for anything that is no such layer.
    """
    if given in (None, "", []):
        return ""
    if not isinstance(given, list) or len(given) > MOST or not all(map(_is_mark, given)):
        raise ValueError(say("These marks on the photo cannot be read. Draw them again."))
    return json.dumps(given, sort_keys=True, separators=(",", ":"))


def recorded(given: object) -> str:
    """The same for what a record holds, whose canonical form has text for numbers.

    Raises:
        ValueError: in words, for anything that is no such layer.
    """
    return written(_numbered(given))


def faults(given: object, place: str) -> Iterator[Fault]:
    """What is wrong with the marks of a document that comes in."""
    try:
        recorded(given)
    except ValueError as error:
        yield Fault(place, str(error))


def read(kept: str) -> list[dict[str, Any]]:
    """What ``written`` wrote: ``{"kind": "arrow", "from": [x, y], "to": [x, y]}`` or ``{"kind": "circle", "at": [x, y],
    "r": radius}``."""
    found: list[dict[str, Any]] = json.loads(kept) if kept else []
    return found


Line = tuple[tuple[int, int], ...]


def lines(marks: Iterable[Mapping[str, Any]]) -> list[Line]:
    """What ``read`` gives as lines of points to draw: two for an arrow, a closed one for a circle."""
    return [line for mark in marks for line in (_circle(mark) if mark["kind"] == "circle" else _arrow(mark))]


def _arrow(mark: Mapping[str, Any]) -> tuple[Line, Line]:
    start, end = tuple(mark["from"]), tuple(mark["to"])
    turn = math.atan2(end[1] - start[1], end[0] - start[0])
    one, other = (_away(end, turn + side + math.pi, _TIP) for side in (_SPREAD, -_SPREAD))
    return (start, end), (one, end, other)


def _circle(mark: Mapping[str, Any]) -> tuple[Line]:
    step = 2 * math.pi / _CORNERS
    return (tuple(_away(mark["at"], place * step, mark["r"]) for place in range(_CORNERS + 1)),)


def _away(point: Iterable[int], turn: float, far: int) -> tuple[int, int]:
    x, y = point
    return round(x + far * math.cos(turn)), round(y + far * math.sin(turn))


def _numbered(value: object, deep: int = 0) -> object:
    if isinstance(value, str):
        return int(value) if _WHOLE.fullmatch(value) else value
    if deep >= _DEEPEST:
        return value
    if isinstance(value, list | tuple):
        return [_numbered(one, deep + 1) for one in value]
    if isinstance(value, dict):
        return {name: _numbered(one, deep + 1) for name, one in value.items()}
    return value


def _is_mark(mark: object) -> bool:
    if not isinstance(mark, dict) or str(mark.get("kind")) not in _POINTS:
        return False
    points = _POINTS[mark["kind"]]
    radius = ("r",) if mark["kind"] == "circle" else ()
    return (
        set(mark) == {"kind", *points, *radius}
        and all(_is_point(mark[name]) for name in points)
        and all(_is_number(mark[name]) for name in radius)
    )


def _is_point(point: object) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(map(_is_number, point))


def _is_number(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) <= FURTHEST
