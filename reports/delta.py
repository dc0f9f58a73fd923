"""The re-inspection report: former findings only, each then and now, photos side by side, and what remains."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import count, zip_longest
from pathlib import Path

from audit.domain import markings
from audit.domain.actions import FIXED, STATE_WORDS
from audit.domain.checklists import Checklist
from audit.domain.former import (
    IN_ORDER,
    MENDED,
    OUTCOME_WORDS,
    OUTCOMES,
    REMAINS,
    TAKEN_AS_DONE,
    UNSEEN,
    outcome,
)
from audit.domain.tongue import say, several
from reports.flow import Drawn, Gap, Piece, Row, Stack, Titled, rich, rule, words
from reports.ink import Ink
from reports.style import (
    AIR,
    BODY,
    FINE,
    HAIR,
    HEADING,
    LABEL,
    QUIET,
    RESULT,
    SMALL,
    STRONG_BODY,
    STRONG_SMALL,
    TINT,
    TONES,
)
from reports.todo import many, photo, severity, title
from reports.values import Content, Delta, Finding, FormerRow, Pair, Record, Shot
from reports.wording import SEVERITIES, moment, short_day, weekday

_MARKS = {IN_ORDER: "IN", MENDED: "OUT", REMAINS: "OUT", UNSEEN: "", TAKEN_AS_DONE: "IN"}
_TONES = {IN_ORDER: "good", MENDED: "warn", REMAINS: "bad", UNSEEN: "bad", TAKEN_AS_DONE: "good"}
_A_ROW = 3  # photos without a counterpart
_SETTLED = (IN_ORDER, TAKEN_AS_DONE)
_SIDE, _TALL, _LEAST = 92.0, 136.0, 110.0


def told(
    record: Record,
    names: Mapping[str, str],
    checklist: Checklist,
    photos: Mapping[str, Path],
    findings: Sequence[Finding],
) -> Delta | None:
    """What a record says of former findings; none where there were none.

    ``findings`` are those of the visit itself: a former one that was found again has its deadline there.
    """
    if not record.get("former"):
        return None
    teller = _Teller(record, names, checklist, photos, findings)
    rows = sorted(record["former"], key=lambda row: (_place(teller, row), row["number"]))
    made = tuple(teller.row(row) for row in rows)
    settled = sum(teller.outcome(row) in _SETTLED for row in rows)
    again = {(row["item"], row["person"]) for row in rows}
    own = record["findings"]
    other = sum((row["item"], row["person"]) not in again for row in own)
    return Delta(
        words=_headline(settled, len(rows)),
        tone="good" if settled == len(rows) else "bad" if _grave(teller, rows) else "warn",
        detail=_detail(teller.outcome(row) for row in rows),
        rows=made,
        remains=tuple(
            finding
            for finding in findings
            if not finding.corrected
            and any(finding.number == row["number"] for row in own if (row["item"], row["person"]) in again)
        ),
        new=_new(other),
    )


def _place(teller: "_Teller", row: Record) -> tuple[int, int]:
    """What remains first, the gravest on top."""
    return OUTCOMES.index(teller.outcome(row)), SEVERITIES.index(row["severity"])


def _grave(teller: "_Teller", rows: Iterable[Record]) -> bool:
    return any(
        row["severity"] == "critical" and teller.outcome(row) not in (*_SETTLED, MENDED) for row in rows
    )


def _headline(settled: int, total: int) -> str:
    if settled == total:
        return several("{number} former finding, settled", "All {number} former findings are settled", total)
    return several(
        "{settled} of {number} former finding is settled",
        "{settled} of {number} former findings are settled",
        total,
        settled=settled,
    )


def _detail(outcomes: Iterable[str]) -> str:
    every = list(outcomes)
    return ". ".join(
        f"{say(OUTCOME_WORDS[one])}: {every.count(one)}" for one in reversed(OUTCOMES) if one in every
    )


def _new(other: int) -> str:
    if not other:
        return ""
    return several(
        "This visit has {number} finding besides; it stands in the record of the visit.",
        "This visit has {number} findings besides; they stand in the record of the visit.",
        other,
    )


class _Teller:
    """Holds what all rows need, and numbers the photos."""

    def __init__(
        self,
        record: Record,
        names: Mapping[str, str],
        checklist: Checklist,
        photos: Mapping[str, Path],
        findings: Sequence[Finding],
    ) -> None:
        self.record, self.names, self.checklist, self.photos = record, names, checklist, photos
        self.answers = {(row["item"], row["person"]): row for row in record["answers"]}
        self.due = {finding.number: finding.due for finding in findings}
        self.numbers = count(1)

    def outcome(self, row: Record) -> str:
        return outcome(row["state"], self.answers.get((row["item"], row["person"])))

    def row(self, row: Record) -> FormerRow:
        now = self.answers.get((row["item"], row["person"]))
        what, known = self.outcome(row), self.checklist.has(row["item"])
        item = self.checklist.item(row["item"]) if known else None
        before = tuple(self._shot(one, row["number"]) for one in row["photos"])
        sent = [sha256 for step in row["steps"] for sha256 in step["photos"]]
        after = [
            self._shot({"sha256": one, "caption": say("from the clinic")}, row["number"]) for one in sent
        ]
        after += [
            self._shot(one, row["number"], say("at this visit")) for one in (now["photos"] if now else ())
        ]
        return FormerRow(
            number=row["number"],
            severity=row["severity"],
            recommended=row["standing"] == "recommended",
            prompt=item.prompt if item else row["prompt"],
            person=self.names.get(row["person"] or "", ""),
            found_on=short_day(date.fromisoformat(row["inspected_on"])),
            observed=row["note"],
            required=item.corrective if item else row["corrective"],
            outcome=say(OUTCOME_WORDS[what]),
            mark=_MARKS[what],
            tone=_TONES[what],
            due=self._due(row, what, item.number if item else ""),
            said=tuple(self._said(step) for step in row["steps"]),
            now=now["note"] if now else "",
            before=before,
            after=tuple(after),
        )

    def _due(self, row: Record, what: str, number: str) -> str:
        """Until when what remains must be corrected: the new deadline, or the old one where nobody looked."""
        if what == REMAINS:
            return self.due.get(number, "")
        return weekday(date.fromisoformat(row["correct_by"])) if what == UNSEEN else ""

    def _said(self, step: Record) -> Pair:
        who = say("The clinic") if step["kind"] == FIXED else say("The inspector")
        state = say(STATE_WORDS[step["kind"]])
        when = moment(step["at"], self.record["time_zone"])
        return Pair(f"{who}, {when}: {state}", step["words"])

    def _shot(self, row: Record, number: str, caption: str = "") -> Shot:
        sha256 = row["sha256"]
        drawn = tuple(markings.lines(markings.read(markings.recorded(row.get("marks")))))
        words_of = " · ".join(filter(None, (row["caption"], caption)))
        return Shot(next(self.numbers), self.photos.get(sha256), words_of, number, sha256, drawn=drawn)


# on paper -----------------------------------------------------------------------------------------------------


def pieces(content: Content) -> list[Piece]:
    """Result, what remains, then each former finding."""
    delta = content.delta
    assert delta is not None
    made: list[Piece] = [Gap(16), _verdict(delta), Gap(12)]
    if delta.remains:
        made += [*_remains(delta.remains), Gap(12)]
    for place, row in enumerate(delta.rows):
        block = _block(row)
        made.append(Titled(title(say("Then and now")), block) if place == 0 else block)
        made.append(Gap(14))
    return made


def _verdict(delta: Delta) -> Piece:
    colour = TONES[delta.tone]

    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.block(x, top, width, height, TINT)
        ink.block(x, top, 6, height, colour)

    said = [words(delta.words, RESULT.but(colour=colour), "H2"), Gap(2), words(delta.detail, BODY)]
    said += [words(delta.new, SMALL.but(colour=QUIET))] if delta.new else []
    inset = Row((Gap(0), Stack(said)), (14, 0), whole=True)
    return Row((inset,), (0,), above=13, below=14, under=under, whole=True)


def _remains(remains: Sequence[Finding]) -> list[Piece]:
    lines: list[Piece] = []
    for finding in remains:
        when = (
            say("before any further procedure") if finding.due_key[1] else say("by {date}", date=finding.due)
        )
        strong = rich((f"{finding.number}{AIR}", STRONG_SMALL), (when, STRONG_SMALL))
        lines += [Row((strong, words(finding.required, SMALL)), (190, 0), gutter=10), Gap(3)]
    return [Titled(title(say("What remains"), style=HEADING), Stack(lines, keep=False), 24)]


class _Block(Stack):
    """A former finding with its severity bar; kept together where it fits half a page."""

    def __init__(self, severity_of: str, parts: Sequence[Piece]) -> None:
        super().__init__(parts, keep=False)
        self.severity = severity_of

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        with ink.artifact():
            ink.bar(self.severity, x - 9, top, self.height(width))
        super().draw(ink, x, top, width)

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        if room < page - 1 and (room < _LEAST or self.height(width) <= page / 2):
            return None, self
        return super().split(width, room, page)

    def _part(self, parts: Sequence[Piece]) -> Stack:
        return _Block(self.severity, parts)


def _block(row: FormerRow) -> Piece:
    side = Stack((rich((row.number, HEADING), role="H3"), severity(row.severity, SMALL)))
    became: list[Piece] = [words(row.outcome, STRONG_BODY.but(colour=TONES[row.tone]))]
    if row.due:
        became.append(words(say("Correct by {date}", date=row.due), SMALL))
    mark = Drawn(13, lambda ink, x, top, width, height: ink.mark(row.mark or "NO", x + 6, top - 6.4, 11))
    asked: list[Piece] = [words(row.prompt, STRONG_BODY)]
    if row.person:
        asked.append(words(row.person, BODY))
    if row.recommended:
        asked.append(words(say("Recommended: outside the score."), FINE))
    head = Row(
        (side, Stack((*asked, Gap(3), Row((mark, Stack(became)), (13, 0), gutter=5, whole=True)))),
        (_SIDE, 0),
        gutter=12,
        whole=True,
    )
    then: list[Piece] = [
        words(say("Then, {day}", day=row.found_on), LABEL),
        words(row.observed or say("No words were given."), SMALL),
    ]
    then += [Gap(2), words(say("What is required"), LABEL), words(row.required, SMALL)]
    now: list[Piece] = [words(say("Since then and now"), LABEL)]
    for pair in row.said:
        now += [words(pair.label, FINE), *([words(pair.words, SMALL)] if pair.words else [])]
    if row.now:
        now += [words(say("At this visit"), FINE), words(row.now, SMALL)]
    if len(now) == 1:
        now.append(words(say("Nothing was said."), SMALL.but(colour=QUIET)))
    compared = Row((Stack(then, keep=False), Stack(now, keep=False)), (0, 0), gutter=14)
    return _Block(row.severity, (rule(HAIR), Gap(5), head, Gap(6), compared, *_pairs(row)))


def _pairs(row: FormerRow) -> list[Piece]:
    """Before on the left, after on the right, row by row; what has no counterpart follows over the whole width."""
    if not (row.before or row.after):
        return []
    beside = max(1, min(len(row.before), len(row.after)))
    made: list[Piece] = []
    for before, after in zip_longest(row.before[:beside], row.after[:beside]):
        cells = [
            photo(one, _TALL) if one else words(text, FINE)
            for one, text in ((before, say("No photo from then.")), (after, say("No photo since.")))
        ]
        made += [Gap(8), Row(cells, (0, 0), gutter=14, whole=True)]
    rest = (*row.before[beside:], *row.after[beside:])
    return [*made, *(many(rest, _TALL, _A_ROW) if rest else [])]
