"""Arrows and circles over a photo: a layer of their own, so that the photo's bytes stay what was received.

Whole points on a picture 10,000 wide; kept as one spelling of JSON, empty when nothing is drawn.
"""

import json
from typing import Any

from audit.domain.tongue import say

MOST, FURTHEST = 20, 100_000
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


def read(kept: str) -> list[dict[str, Any]]:
    """What ``written`` wrote: ``{"kind": "arrow", "from": [x, y], "to": [x, y]}`` or ``{"kind": "circle", "at": [x, y],
    "r": radius}``."""
    found: list[dict[str, Any]] = json.loads(kept) if kept else []
    return found


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
