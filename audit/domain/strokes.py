"""A drawn signature: lines of whole points in a box 10,000 wide and 4,000 high, so that it fits every screen and paper.

A browser hands it in as compact JSON, ``[[[x,y],[x,y]],[[x,y]]]``, and is never trusted: the whole text has to have
that shape before a parser sees it. A drawing is comfort and evidence beside the typed name, never instead of it.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from audit.domain.tongue import say, word

Strokes = tuple[tuple[tuple[int, int], ...], ...]

WIDE, HIGH = 10_000, 4_000
MOST_LETTERS, MOST_LINES, MOST_POINTS = 60_000, 400, 5_000
# Smaller both ways, it is where a hand was laid down.
SMALLEST = 250

_POINT = r"\[(?:0|[1-9][0-9]{0,4}),(?:0|[1-9][0-9]{0,4})\]"
_LINE = rf"\[{_POINT}(?:,{_POINT})*\]"
_SHAPE = re.compile(rf"\[(?:{_LINE}(?:,{_LINE})*)?\]")

UNREADABLE = word(
    "This drawing cannot be read. Clear it and sign again, or leave it out: the typed name signs."
)
TOO_MUCH = word("This drawing has more lines than can be kept. Clear it and sign again with fewer.")
TOO_SMALL = word("Only a dot is drawn. Sign larger, or clear it: the typed name signs.")


def read(text: str) -> Strokes:
    """What a page handed in; nothing when the text is empty.

    Raises:
        ValueError: in the words of a person, when it is no drawing or not one that may be kept.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(say(TOO_MUCH))
    if not text:
        return ()
    if not _SHAPE.fullmatch(text):
        raise ValueError(say(UNREADABLE))
    drawn = restored(json.loads(text))
    check(drawn)
    return drawn


def check(strokes: Strokes) -> None:
    """Refuse what may not be kept, whichever way it came.

    Raises:
        ValueError: when there are too many lines or points, one lies outside the box, or it is only a dot.
    """
    points = [point for line in strokes for point in line]
    if len(strokes) > MOST_LINES or len(points) > MOST_POINTS:
        raise ValueError(say(TOO_MUCH))
    if not all(strokes) or not all(0 <= x <= WIDE and 0 <= y <= HIGH for x, y in points):
        raise ValueError(say(UNREADABLE))
    if points and max(_extent(x for x, _ in points), _extent(y for _, y in points)) < SMALLEST:
        raise ValueError(say(TOO_SMALL))


def _extent(numbers: Iterable[int]) -> int:
    every = list(numbers)
    return max(every) - min(every)


def written(strokes: Strokes) -> str:
    """The spelling ``read`` takes; empty when nothing is drawn."""
    return json.dumps(strokes, separators=(",", ":")) if strokes else ""


def restored(kept: Sequence[Sequence[Sequence[Any]]] | None) -> Strokes:
    """A drawing out of a sealed record, where every number is text; records without one hold nothing or none."""
    return tuple(tuple((int(point[0]), int(point[1])) for point in line) for line in kept or ())
