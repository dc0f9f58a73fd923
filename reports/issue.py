"""How a report is told from every other: its number, where it can be checked, and on page 1 a code to scan."""

from audit.domain.tongue import say
from reports import qr, wording
from reports.flow import Drawn, Gap, Piece, Row, Stack, rich, words
from reports.ink import Ink
from reports.style import AIR, FINE, INK, SMALL, STRONG_BODY, STRONG_SMALL, TINT
from reports.values import Answering, Issue

CODE = 58.0  # points; a module is then about 0.45 mm on paper
_ANSWERS = 68.0  # a longer address: its modules are as large
_QUIET = 4.0  # of the code's white edge; the paper around it is white too


def piece(issue: Issue | None) -> list[Piece]:
    """Number, address and head of the trail; the code stands on page 1."""
    if issue is None:
        return []
    strong = STRONG_SMALL.but(size=FINE.size, leading=FINE.leading)
    ink = FINE.but(colour=INK)
    where = (
        say(
            "Whether this report is unchanged since its issue can be asked at {address}.",
            address=issue.address,
        )
        if issue.address
        else say(
            "Whether this report is unchanged since its issue can be asked where it was issued, at /verify."
        )
    )
    told = Stack(
        (
            rich((f"{say('Report number')}{AIR}", STRONG_SMALL), (issue.number, SMALL)),
            Gap(2),
            words(where, ink),
            Gap(2),
            rich((f"{say('Head of the trail when it was drawn')}{AIR}", strong), (issue.trail_head, ink)),
            words(
                say("The seal in this file allows no later change. It is a seal, not a qualified signature."),
                ink,
            ),
        )
    )
    return [Gap(10), told]


def code(issue: Issue) -> Piece:
    """The code; its number stands above it, beside the number of the visit."""
    return Drawn(
        CODE,
        lambda at, x, top, width, height: qr.paint(
            at, x + width - CODE + _QUIET, top + _QUIET, CODE, qr.code(address_of(issue))
        ),
        say("Code to scan: report number {number}", number=issue.number),
    )


def address_of(issue: Issue) -> str:
    """What the code says: the page that answers, or the number alone where no address is known."""
    return f"{issue.address}?n={issue.number}" if issue.address else issue.number


def answers(issue: Issue | None) -> list[Piece]:
    """Where the clinic answers what is to be done: a code for its phone and the address, or how to get them."""
    told = issue.answering if issue else None
    if told is None:
        return []
    if not told.address or told.until is None:
        asked = say(
            "Answer with words and photos: sign in, or ask the agency for a link that needs no account."
        )
        return [words(asked, SMALL), Gap(8)]
    text = Stack(
        (
            words(say("Answer by phone"), STRONG_BODY),
            words(
                say(
                    "Scan the code: it shows these findings. Say for each what was done, and add a photo."
                    " No account is needed."
                ),
                SMALL,
            ),
            Gap(3),
            words(told.address, FINE.but(colour=INK)),
            words(
                say(
                    "It works until {day}, for whoever has this paper. The agency can end it.",
                    day=wording.day(told.until),
                ),
                FINE,
            ),
        )
    )
    box = Row((_code(told), text), (_ANSWERS, 0), gutter=12, above=7, below=7, under=_tinted, whole=True)
    return [box, Gap(10)]


def _code(told: Answering) -> Piece:
    return Drawn(
        _ANSWERS,
        lambda at, x, top, width, height: qr.paint(at, x, top, _ANSWERS, qr.code(told.address)),
        say("Code to scan: the page where these findings are answered"),
    )


def _tinted(ink: Ink, x: float, top: float, width: float, height: float) -> None:
    ink.block(x, top, width, height, TINT)
