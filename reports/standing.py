"""What follows from a visit for the door: the placard, and the notice of what is closed."""

from collections.abc import Sequence
from datetime import date

from audit.domain.checklists import Checklist
from audit.domain.closure import SCOPES
from audit.domain.placard import (
    CLOSED,
    CONDITIONAL,
    PASS,
    PASS_WITH_NOTES,
    SERVICE_WORDS,
    SERVICES,
    SERVICES_CLOSED,
    WORDS,
)
from audit.domain.tongue import say
from reports.flow import Drawn, Gap, Piece, Row, Stack, Titled, rich, rule, words
from reports.ink import Ink
from reports.style import (
    AIR,
    BAD,
    BODY,
    HEADING,
    INK,
    LABEL,
    SMALL,
    STRONG_BODY,
    STRONG_SMALL,
    TITLE,
    TONES,
)
from reports.todo import title
from reports.values import Content, Notice, Record, Sign
from reports.wording import listed, weekday

MARKS = {PASS: "IN", PASS_WITH_NOTES: "IN", CONDITIONAL: "OUT", SERVICES_CLOSED: "OUT", CLOSED: "OUT"}
_TONES = {PASS: "good", PASS_WITH_NOTES: "good", CONDITIONAL: "warn", SERVICES_CLOSED: "bad", CLOSED: "bad"}


def sign(record: Record) -> Sign | None:
    """The placard of a record, where its checklist has placards."""
    row = record.get("placard")
    if row is None:
        return None
    again = row["come_back_by"]
    return Sign(
        words=say(WORDS[row["standing"]]),
        mark=MARKS[row["standing"]],
        tone=_TONES[row["standing"]],
        services=tuple(
            (
                say(SERVICES.get(one["service"], one["service"])),
                say(SERVICE_WORDS[one["standing"]]),
                MARKS[one["standing"]],
            )
            for one in row["services"]
        ),
        again=weekday(date.fromisoformat(again)) if again else "",
    )


def notices(record: Record, checklist: Checklist) -> tuple[Notice, ...]:
    """What a record closes."""
    return tuple(_notice(row, checklist) for row in record.get("closures", ()))


def _notice(row: Record, checklist: Checklist) -> Notice:
    named = say(SCOPES[row["scope"]])
    items = [f"{checklist.item(key).number}\u00a0{checklist.item(key).prompt}" for key in row["items"]]
    return Notice(
        scope=f"{named}: {row['subject']}" if row["subject"] else named,
        since=weekday(date.fromisoformat(row["since"])),
        items="; ".join(items),
        acts=row["acts"],
        citation=row["citation"],
        hearing=row["hearing"],
    )


# on paper -----------------------------------------------------------------------------------------------------


def page_one(content: Content) -> list[Piece]:
    """Below the result: the placard, and beside it what is closed."""
    told: list[Piece] = [_sign(content.sign)] if content.sign else []
    if content.notices:
        told.append(_closed(content.notices))
    return [Row(tuple(told), (0,) * len(told), gutter=20, whole=True), Gap(12)] if told else []


def _sign(told: Sign) -> Piece:
    mark = Drawn(20, lambda ink, x, top, width, height: ink.mark(told.mark, x + 9, top - 10, 17))
    lines: list[Piece] = [
        words(say("Placard"), LABEL, "H2"),
        words(told.words, STRONG_BODY.but(colour=TONES[told.tone], size=13, leading=16)),
    ]
    if len(told.services) > 1:
        said = listed(f"{name}: {standing}" for name, standing, _ in told.services)
        lines.append(words(said, SMALL))
    if told.again:
        lines.append(words(say("Re-inspection by {day}.", day=told.again), SMALL))
    return Row((mark, Stack(lines)), (20, 0), gutter=8, whole=True)


def _closed(told: Sequence[Notice]) -> Piece:
    def barred(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.block(x, top, 3, height, BAD)

    lines: list[Piece] = [words(say("Closure"), STRONG_BODY.but(size=13, leading=16, colour=BAD), "H2")]
    for one in told:
        since = say(
            "{what}, since {day}. The notice says why and how to be heard.", what=one.scope, day=one.since
        )
        lines.append(words(since, SMALL.but(colour=INK)))
    return Row((Gap(0), Stack(lines)), (3, 0), gutter=8, above=2, below=2, under=barred, whole=True)


def notice(content: Content) -> list[Piece]:
    """The notice: what is closed, why, by which law, how to be heard, and what opens it again."""
    pieces: list[Piece] = [Gap(18)]
    for one in content.notices:
        told = (
            (say("What is closed"), one.scope),
            (say("Since"), one.since),
            (say("Findings"), one.items),
            (say("Acts or omissions"), one.acts),
            (say("Law"), one.citation),
            (say("Right to a hearing"), one.hearing),
        )
        rows: list[Piece] = []
        for label, text in told:
            rows += [Row((words(label, STRONG_SMALL), words(text, BODY)), (110, 0), gutter=12), Gap(6)]
        pieces += [Titled(title(say("Notice of closure"), style=TITLE), Stack(rows, keep=False), 60), Gap(10)]
    again = say("It opens again only after a follow-up inspection has found every reason corrected.")
    pieces += [rule(INK, 0.7), Gap(5), rich((f"{say('Opening again')}{AIR}", HEADING)), words(again, BODY)]
    return [*pieces, Gap(14)]
