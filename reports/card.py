"""The placard for the wall: the last inspection in plain words, and a code that leads to what stands today."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.domain.tongue import say
from reports import qr
from reports.flow import Drawn, Gap, Piece, rule, words
from reports.ink import Ink
from reports.style import BODY, FINE, INK, LABEL, NAME, QUIET, RESULT, STRONG_BODY
from reports.values import Head

_CODE = 200.0  # points: read from a step away
_LARGE = BODY.but(size=14, leading=19)


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


def sheet(card: Card) -> list[Piece]:
    """The pieces of the placard, in order."""
    pieces: list[Piece] = [
        rule(INK, 1.2),
        Gap(8),
        words(card.agency, LABEL),
        words(card.clinic, NAME, "H1"),
        words(card.address, BODY.but(colour=QUIET)),
        Gap(18),
        words(card.headline, RESULT, "H2"),
        Gap(6),
    ]
    pieces += [words(text, _LARGE) for text in card.words]
    if card.day:
        by = card.inspector or card.agency
        line = say("Inspected on {day} by {name}", day=card.day, name=by) if by else ""
        pieces += [Gap(8), words(line or say("Inspected on {day}", day=card.day), STRONG_BODY)]
    pieces += [
        Gap(18),
        Drawn(_CODE, lambda ink, x, top, width, height: _code(ink, x, top, card.where), _told(card)),
        Gap(6),
        words(say("Scan to see what stands today, and how old it is."), STRONG_BODY),
        words(card.where, FINE),
    ]
    return pieces


def _told(card: Card) -> str:
    return say("Code to scan: {address}", address=card.where)


def _code(ink: Ink, x: float, top: float, text: str) -> None:
    qr.paint(ink, x, top, _CODE, qr.code(text))
