"""What was amended after the seal: the banner on page 1, and each amendment with before, after and why."""

from collections.abc import Mapping

from audit.domain.amendments import REMARKS, VOID
from audit.domain.answers import raw_from
from audit.domain.checklists import Checklist
from audit.domain.entered import whole_words
from audit.domain.tongue import say, several
from reports.annex import Persons, name_of
from reports.flow import Gap, Piece, Row, Stack, Titled, rich, rule, words
from reports.ink import Ink
from reports.style import AIR, BAD, BODY, FINE, HEADING, INK, RESULT, SMALL, STRONG_SMALL
from reports.todo import title
from reports.values import Amended, AmendedRow, Record
from reports.wording import moment, short_day


def amended(
    record: Record, persons: Persons, names: Mapping[str, str], checklist: Checklist
) -> Amended | None:
    """What there is to tell of a record as amended; none for one as it was sealed."""
    rows = record.get("amendments", ())
    if not rows:
        return None
    sealed = moment(record["sealed_at"], record["time_zone"])
    last = moment(rows[-1]["at"], record["time_zone"])
    if rows[-1]["kind"] == VOID:
        said = say(
            "Declared void on {moment}: {reason} This record counts nowhere. It was sealed on {sealed}.",
            moment=last,
            reason=_sentence(rows[-1]["reason"]),
            sealed=sealed,
        )
        heading = say("Void")
    else:
        said = several(
            "{number} correction after the seal of {sealed}, on {last}. Each stands in the annex with its reason. "
            "The signatures are those of the record as it was sealed, which stays as it is.",
            "{number} corrections after the seal of {sealed}, the last on {last}. Each stands in the annex with its "
            "reason. The signatures are those of the record as it was sealed, which stays as it is.",
            len(rows),
            sealed=sealed,
            last=last,
        )
        heading = say("Amended")
    return Amended(heading, said, tuple(_row(row, record, persons, names, checklist) for row in rows))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _row(
    row: Record, record: Record, persons: Persons, names: Mapping[str, str], checklist: Checklist
) -> AmendedRow:
    by = f"{name_of(row['author'], persons)}, {moment(row['at'], record['time_zone'])}"
    number = row["number"]
    if row["kind"] == VOID:
        return AmendedRow(f"{number}{AIR}{say('The whole visit')}", "", say("void"), row["reason"], by)
    if not row["item"]:
        before, after = (row[part][REMARKS] or say("nothing") for part in ("before", "after"))
        return AmendedRow(f"{number}{AIR}{say('Remarks')}", before, after, row["reason"], by)
    item = checklist.item(row["item"])
    before, after = (whole_words(item, raw_from(row[part]), short_day) for part in ("before", "after"))
    person = f", {names.get(row['person'], '')}" if row["person"] else ""
    return AmendedRow(
        f"{number}{AIR}{item.number}{AIR}{item.prompt}{person}", before, after, row["reason"], by
    )


def banner(told: Amended) -> Piece:
    """Page 1 says it before the result, between two lines."""

    def lined(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top, width, BAD, 1.4)
        ink.hairline(x, top - height, width, BAD, 1.4)

    flag = Stack(
        (
            words(told.title, RESULT.but(size=21, leading=24, colour=BAD)),
            words(told.words, BODY.but(colour=INK)),
        )
    )
    return Row((flag,), (0,), above=9, below=10, under=lined, whole=True)


def annex(told: Amended | None) -> list[Piece]:
    """Every amendment, in order."""
    if told is None:
        return []
    rows = [piece for row in told.rows for piece in (_told(row), Gap(6))]
    head = Stack((title(say("Amendments"), style=HEADING), rule(INK, 0.7), Gap(4)))
    return [Titled(head, Stack(rows, keep=False), 24), Gap(8)]


def _told(row: AmendedRow) -> Piece:
    lines: list[Piece] = [words(row.about, STRONG_SMALL)]
    said = (
        (say("Before"), row.before),
        (say("Now"), row.after),
        (say("Why"), row.reason),
        (say("By"), row.by),
    )
    for label, text in said:
        if text:
            lines.append(rich((f"{label}{AIR}", FINE), (text, SMALL)))
    return Stack(lines, keep=False)
