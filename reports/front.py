"""Page 1, the decision: result in words, the number beside it, counts, papers, what happens next, who."""

from collections.abc import Sequence

from audit.domain.answers import MARKS
from audit.domain.tongue import say
from reports import amended, issue, standing
from reports.flow import Drawn, Gap, Piece, Row, Stack, Words, rich, rule, words
from reports.ink import Ink, picture
from reports.style import (
    ACCENT,
    AIR,
    BODY,
    FIGURE,
    FINE,
    HAIR,
    INK,
    LABEL,
    NAME,
    QUIET,
    RESULT,
    RULE,
    SMALL,
    STRONG_BODY,
    STRONG_SMALL,
    TINT,
    TONES,
)
from reports.text import Span
from reports.values import Content, Count, Head, Issue, Pair, Step, Strip, Term, Verdict

# The most a logo may take, in points: wide and tall ones get the same area as a square one, as far as there is room.
_LOGO_WIDE, _LOGO_TALL, _LOGO_AREA = 120.0, 38.0, 1500.0
_SIDE = 104.0  # the marginal column for labels
_IN_A_ROW = 4
_NO_STRIPS = 3


def front(content: Content, title: str, tight: int = 0) -> list[Piece]:
    """The pieces of page 1, the weightiest first; ``title`` names the kind of report.

    ``tight`` is what gives way where room is short: at 1 who was there and what was known goes to the back
    (``said_behind``), at 2 the papers that hold longest are only counted, at 3 the sections have no strip.
    """
    pieces: list[Piece] = [
        masthead(content.head, title, content.issue),
        *([Gap(12), amended.banner(content.amended)] if content.amended else []),
        Gap(16),
        _verdict(content.verdict),
        Gap(14),
        *standing.page_one(content),
        _counts(content.counts),
        Gap(5),
        words(content.tally, FINE),
        Gap(16),
        _next_and_strips(content.steps, content.strips if tight < _NO_STRIPS else ()),
        Gap(14),
    ]
    if content.terms:
        terms = content.terms[:_IN_A_ROW] if tight > 1 else content.terms
        pieces += [
            _labelled(say("Papers")),
            Gap(6),
            _terms(terms),
            *_more(content.more_terms + len(content.terms) - len(terms)),
            Gap(14),
        ]
    if not tight and said_behind(content):
        pieces += [rule(), Gap(8), *facts(said_behind(content))]
    return pieces


def said_behind(content: Content) -> tuple[Pair, ...]:
    """Who was there, what was remarked and known: last on page 1, or at the back."""
    return (*content.people, *content.visit)


def masthead(head: Head, title: str, issued: Issue | None = None) -> Piece:
    """Agency and kind, then the clinic in large letters beside the code, the visit and who made the record.

    A self-audit looks different at a glance: it is the clinic's own paper and names no agency.
    """
    kind = INK if head.self_audit else ACCENT
    named: Piece = Stack((words(head.agency, STRONG_BODY), words(head.agency_line, FINE)))
    if head.self_audit:
        named = words(head.agency_line, STRONG_BODY)
    numbers = " · ".join((head.short_id, *([issued.number] if issued else ())))
    upper = Row(
        (
            _with_logo(head, named),
            Stack(
                (
                    words(title, LABEL.but(align="end", size=8, leading=12.6, colour=kind)),
                    words(numbers, FINE.but(align="end")),
                )
            ),
        ),
        (0, 190),
        whole=True,
    )
    lower: list[Piece] = [words(head.clinic, NAME, "H1")]
    if head.clinic_line:
        lower.append(words(head.clinic_line, BODY.but(colour=QUIET)))
    lower += [Gap(3), words(head.visit_line, STRONG_BODY), words(head.behalf, BODY)]
    if issued:
        lower = [Row((Stack(lower), issue.code(issued)), (0, issue.CODE), gutter=12, whole=True)]
    if head.self_audit:
        flag = Stack(
            (
                words(say("Self-audit"), RESULT.but(size=21, leading=24)),
                words(say("Made by the clinic itself. Not an inspection."), SMALL.but(colour=QUIET)),
            )
        )
        banner = Row((flag,), (0,), above=9, below=10, under=_outlined, whole=True)
        return Stack((Drawn(7, _double_rule), Gap(5), upper, Gap(14), *lower, Gap(10), banner))
    return Stack((Drawn(7, _thick_rule), Gap(5), upper, Gap(18), *lower))


def _with_logo(head: Head, named: Piece) -> Piece:
    """The agency's logo before its name, when a copy that can be placed is at hand."""
    shot = picture("logo", head.logo) if head.logo else None
    if shot is None:
        return named
    wide, tall = logo_size(shot.width, shot.height)
    logo = Drawn(tall, lambda ink, x, top, width, height: ink.photo(shot, x, top, wide, tall), head.agency)
    return Row((logo, named), (wide, 0), gutter=10, whole=True)


def logo_size(width: float, height: float) -> tuple[float, float]:
    """Width and height in points at which a logo of that shape is placed; its shape is kept."""
    even = (_LOGO_AREA / (width * height)) ** 0.5
    scale = min(even, _LOGO_WIDE / width, _LOGO_TALL / height)
    return width * scale, height * scale


def _thick_rule(ink: Ink, x: float, top: float, width: float, height: float) -> None:
    ink.block(x, top, width, 3, ACCENT)


def _double_rule(ink: Ink, x: float, top: float, width: float, height: float) -> None:
    ink.hairline(x, top - 0.5, width, INK, 0.8)
    ink.hairline(x, top - 3, width, INK, 0.8)


def _outlined(ink: Ink, x: float, top: float, width: float, height: float) -> None:
    ink.hairline(x, top, width, INK, 0.8)
    ink.hairline(x, top - height, width, INK, 0.8)


class _Inset(Piece):
    """A piece moved in from both sides."""

    def __init__(self, piece: Piece, by: float) -> None:
        self.piece, self.by = piece, by

    def height(self, width: float) -> float:
        return self.piece.height(width - 2 * self.by)

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        self.piece.draw(ink, x + self.by, top, width - 2 * self.by)


def _verdict(verdict: Verdict) -> Piece:
    colour = TONES[verdict.tone]
    left = Stack((words(verdict.words, RESULT.but(colour=colour), "H2"), Gap(2), words(verdict.detail, BODY)))
    cells: tuple[Piece, ...] = (left,)
    columns: tuple[float, ...] = (0,)
    if verdict.number:
        number = Words(
            (
                Span(verdict.number, FIGURE.but(align="end")),
                Span(f" {verdict.number_unit}", SMALL.but(colour=QUIET, align="end")),
            ),
            FIGURE.but(align="end", leading=26),
        )
        how = [words(line, FINE.but(align="end")) for line in verdict.how]
        label = words(say("How it came about"), LABEL.but(align="end"))
        cells, columns = (left, Stack((number, Gap(3), label, *how))), (0, 196)

    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.block(x, top, width, height, TINT)
        ink.block(x, top, 6, height, colour)

    inner = Row(cells, columns, gutter=14, whole=True)
    return Row((_Inset(inner, 20),), (0,), above=13, below=14, under=under, whole=True)


def _counts(counts: Sequence[Count]) -> Piece:
    """Four counts as shapes, the same in every report of the product."""
    cells = tuple(_count(count) for count in counts)
    return Row(cells, (0,) * len(cells), gutter=12, whole=True)


def _count(count: Count) -> Piece:
    shape = Drawn(34, lambda ink, x, top, width, height: ink.mark(count.mark, x + 13, top - 17, 22))
    label = Stack(
        (
            words(count.number, FIGURE),
            rich((count.mark, STRONG_SMALL), (f"{AIR}{count.words}", SMALL.but(colour=QUIET))),
        )
    )
    return Row((shape, label), (28, 0), gutter=6, whole=True)


def _labelled(text: str) -> Piece:
    return Stack((rule(RULE, 0.6), Gap(5), words(text, LABEL, "H2")))


def _terms(terms: Sequence[Term]) -> Piece:
    """The papers strip: days left in figures, four to a line, the most urgent first."""
    rows: list[Piece] = []
    for start in range(0, len(terms), _IN_A_ROW):
        some = list(terms[start : start + _IN_A_ROW])
        cells: list[Piece] = [_term(term) for term in some]
        cells += [Gap(0)] * (_IN_A_ROW - len(cells))
        rows.append(Row(tuple(cells), (0, 0, 0, 0), gutter=12, whole=True))
    return Stack(rows, gap=9)


def _term(term: Term) -> Piece:
    colour = TONES[term.tone]

    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.block(x, top - 1.5, 1.6 if term.tone == "good" else 3.2, height - 3, colour)

    stack = Stack(
        (
            words(term.left, STRONG_BODY.but(colour=colour, size=11)),
            words(term.title, STRONG_SMALL),
            # The name last: written from the right it would turn what follows it.
            words(" · ".join(filter(None, (term.until, term.whose))), FINE),
        )
    )
    return Row((Gap(0), stack), (1, 0), gutter=8, under=under, whole=True)


def _more(number: int) -> list[Piece]:
    return (
        [Gap(4), words(say("and {number} more under Papers and people", number=number), FINE)]
        if number
        else []
    )


def _next_and_strips(steps: Sequence[Step], strips: Sequence[Strip]) -> Piece:
    left: list[Piece] = [_labelled(say("What happens next")), Gap(6)]
    first = steps[:6]
    listed: list[Piece] = []
    for place, step in enumerate(first):
        listed += [_step(step, place == len(first) - 1), Gap(7)]
    left.append(Stack(listed, role="L"))
    if len(steps) > 6:
        left.append(words(say("and {number} more dates under What to do", number=len(steps) - 6), FINE))
    if not strips:
        return Stack(left)
    right: list[Piece] = [_labelled(say("At a glance")), Gap(6), *(_strip(strip) for strip in strips)]
    return Row((Stack(left), Stack(right)), (194, 0), gutter=22, whole=True)


def _step(step: Step, last: bool) -> Piece:
    colour = TONES[step.tone]

    def dot(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.fill(colour)
        ink.circle(x + 3, top - 6.2, 2.4, stroke=0, fill=1)
        if not last:
            ink.stroke(HAIR, 0.6)
            ink.line(x + 3, top - 11, x + 3, top - height - 9)

    body = Stack((words(step.when, STRONG_BODY), words(step.words, SMALL)))
    return Row((Gap(0), body), (6, 0), gutter=8, under=dot, whole=True)


def _strip(strip: Strip) -> Piece:
    """A section as a row of small marks, so that a gap shows before anything is read."""

    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        pitch = min(10.0, (width - 8) / max(1, len(strip.marks)))
        for place, mark in enumerate(strip.marks):
            if mark:
                ink.mark(mark, x + 4 + place * pitch, top - height / 2, min(7.4, pitch * 0.78))

    title = rich((f"{strip.letter}{AIR}", STRONG_SMALL.but(size=7.6)), (strip.title, SMALL.but(size=7.6)))
    return Row((title, Drawn(10.4, paint, _tallied(strip))), (0, 110), gutter=6, above=1, below=1, whole=True)


def _tallied(strip: Strip) -> str:
    """The strip for those who hear it: ``7 IN, 1 OUT``."""
    said = [f"{strip.marks.count(mark)} {mark}" for mark in MARKS if mark in strip.marks]
    return ", ".join(said) or "-"


def facts(people: Sequence[Pair]) -> list[Piece]:
    """Label and words in two columns: the marginal column carries the label."""
    pieces: list[Piece] = []
    for pair in people:
        pieces += [
            Row(
                (words(pair.label, FINE.but(colour=QUIET)), words(pair.words, SMALL)),
                (_SIDE, 0),
                gutter=12,
                loose=True,
            ),
            Gap(3),
        ]
    return pieces
