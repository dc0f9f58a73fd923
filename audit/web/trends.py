"""Results over time as a small chart: time runs left to right, zero is shown, labels stand at the marks.

Places across are percent of the width, so that the chart fits any screen while its words keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from audit.domain.scoring import tenths, tenths_words
from audit.domain.tongue import numeral, say
from audit.operations.records import Point
from audit.web.dates import day_words
from audit.web.told import STATUS_SHAPES, STATUS_WORDS

TOP, FLOOR = 26, 132  # where 100 and 0 lie, in pixels from the top
_LEFT, _RIGHT = 9.0, 94.0
_LEAST_GAP = 0.4  # of an even step: visits shortly after each other stay apart
_LABEL_ROOM = 9.0


@dataclass(frozen=True)
class Dot:
    """A result: place across (percent), place down (pixels), its shape, and the number where there is room."""

    x: str
    y: int
    shape: str
    label: str
    day: str


@dataclass(frozen=True)
class Row:
    """The same result as a line of the table."""

    visit_id: str
    day: str
    result: str
    shape: str
    number: str
    findings: int


@dataclass(frozen=True)
class Trend:
    """One kind of visit over time. Without at least two numbers there are no dots."""

    title: str
    words: str
    dots: tuple[Dot, ...]
    lines: tuple[tuple[Dot, Dot], ...]
    rows: tuple[Row, ...]


def trend_of(title: str, points: Sequence[Point]) -> Trend:
    """Draw the results of a clinic, oldest first."""
    scored = [point for point in points if point.score is not None]
    dots = _dots(scored) if len(scored) > 1 else ()
    return Trend(
        title=title,
        words=_words(scored) if dots else "",
        dots=dots,
        lines=tuple(pairwise(dots)),
        rows=tuple(_row(point) for point in reversed(points)),
    )


def _dots(points: Sequence[Point]) -> tuple[Dot, ...]:
    places, labelled = _places(points), _RIGHT + _LABEL_ROOM
    dots: list[Dot] = []
    for place, point in reversed([*zip(places, points, strict=True)]):
        label = ""
        if labelled - place >= _LABEL_ROOM:  # the newest is always told
            label, labelled = _number(point), place
        score = min(1000, max(0, point.score or 0))
        down = round(FLOOR - (FLOOR - TOP) * score / 1000)
        dots.append(Dot(f"{place:.1f}%", down, STATUS_SHAPES[point.status], label, day_words(point.on)))
    return tuple(reversed(dots))


def _places(points: Sequence[Point]) -> list[float]:
    """Across by time, with a least distance between neighbours."""
    whole = max(1, (points[-1].on - points[0].on).days)
    least = _LEAST_GAP / (len(points) - 1)
    gaps = [max(least, (after.on - before.on).days / whole) for before, after in pairwise(points)]
    places, at = [_LEFT], 0.0
    for gap in gaps:
        at += gap
        places.append(_LEFT + (_RIGHT - _LEFT) * at / sum(gaps))
    return places


def _number(point: Point) -> str:
    return numeral((tenths(point.score) or "").removesuffix(".0"))


def _words(points: Sequence[Point]) -> str:
    first, last = points[0], points[-1]
    return say(
        "Score of {number} visits: {first} on {first_day}, {last} on {last_day}",
        number=len(points),
        first=_number(first),
        first_day=day_words(first.on),
        last=_number(last),
        last_day=day_words(last.on),
    )


def _row(point: Point) -> Row:
    return Row(
        visit_id=point.visit_id,
        day=day_words(point.on),
        result=say(STATUS_WORDS[point.status]),
        shape=STATUS_SHAPES[point.status],
        number=tenths_words(point.score),
        findings=point.findings,
    )
