"""The placard for the wall: the last inspection in plain words, and a code that leads to what stands today."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.domain.tongue import say
from reports import qr
from reports.flow import Drawn, Gap, Piece, rule, words
from reports.ink import Ink
from reports.style import BODY, FINE, INK, LABEL, NAME, QUIET, RESULT, STRONG_BODY, Style
from reports.values import Head

_LARGE = BODY.but(size=14, leading=19)
_SMALLEST = "a5"


@dataclass(frozen=True)
class _Size:
    """How large it is set: the code is read from a step away, on a whole sheet from two."""

    code: float = 200
    apart: float = 18
    name: Style = NAME
    result: Style = RESULT
    text: Style = _LARGE
    strong: Style = STRONG_BODY


_SHEET = _Size(
    270,
    28,
    NAME.but(size=28, leading=32),
    RESULT.but(size=34, leading=38),
    BODY.but(size=17, leading=23),
    STRONG_BODY.but(size=13, leading=17),
)


@dataclass(frozen=True)
class Card:
    """The placard in words; ``where`` is the address that the code says, ``made_at`` an instant as text (UTC)."""

    clinic: str
    address: str
    agency: str
    headline: str
    words: Sequence[str]
    day: str
    inspector: str
    where: str
    made_at: str
    identity: str


def head(card: Card) -> Head:
    """What stands on every page."""
    sealed = say("Inspected on {day}", day=card.day) if card.day else say("Not inspected yet")
    return Head.of_sheet(
        say("Public card"),
        card.agency,
        card.clinic,
        card.address,
        card.day,
        sealed,
        card.made_at,
        card.identity,
    )


def sheet(card: Card, paper: str) -> list[Piece]:
    """The pieces of the placard, in order."""
    size = _Size() if paper == _SMALLEST else _SHEET
    pieces: list[Piece] = [
        rule(INK, 1.2),
        Gap(8),
        words(card.agency, LABEL),
        words(card.clinic, size.name, "H1"),
        words(card.address, BODY.but(colour=QUIET)),
        Gap(size.apart),
        words(card.headline, size.result, "H2"),
        Gap(6),
    ]
    pieces += [words(text, size.text) for text in card.words]
    if card.day:
        by = card.inspector or card.agency
        line = say("Inspected on {day} by {name}", day=card.day, name=by) if by else ""
        pieces += [Gap(8), words(line or say("Inspected on {day}", day=card.day), size.strong)]
    pieces += [
        Gap(size.apart),
        Drawn(
            size.code, lambda ink, x, top, width, height: _code(ink, x, top, height, card.where), _told(card)
        ),
        Gap(6),
        words(say("Scan to see what stands today, and how old it is."), size.strong),
        words(card.where, FINE),
    ]
    return pieces


def _told(card: Card) -> str:
    return say("Code to scan: {address}", address=card.where)


def _code(ink: Ink, x: float, top: float, size: float, text: str) -> None:
    qr.paint(ink, x, top, size, qr.code(text))
