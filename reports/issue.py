"""How a report is told from every other: its number, where it can be checked, and on page 1 a code to scan."""

from audit.domain.tongue import say
from reports import qr
from reports.flow import Drawn, Gap, Piece, Stack, rich, words
from reports.style import AIR, FINE, INK, SMALL, STRONG_SMALL
from reports.values import Issue

CODE = 58.0  # points; a module is then about 0.45 mm on paper
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
