"""The record itself: every item with its answer, values read, papers, signatures, and how to check it."""

import re
from collections.abc import Collection, Sequence

from audit.domain.tongue import say, word
from reports.answers import BRIEF
from reports.arabic import has_rtl
from reports.columns import Columns
from reports.flow import Drawn, Gap, Piece, Row, Stack, Table, Titled, rich, rule, words
from reports.front import facts
from reports.ink import Ink
from reports.style import (
    AIR,
    FINE,
    HAIR,
    HEADING,
    INK,
    LABEL,
    QUIET,
    RULE,
    SMALL,
    STRONG_SMALL,
    TITLE,
    TONES,
)
from reports.text import width_of
from reports.todo import many, photos, title
from reports.values import (
    CheckRow,
    CheckSection,
    Content,
    Measure,
    Pair,
    PaperRow,
    PersonLine,
    Signature,
    Sources,
)
from reports.wording import MARK_WORDS

_MARK = 30.0
_FEW = 4  # photos of no finding that stand two a row; more go three a row, a dozen to a page
_A_ROW, _TALL = 3, 130.0
_HOLDS = {"IN": word("holds"), "OUT": word("does not hold"), "NO": word("not seen")}
_AFTER_SLASH = re.compile("(?<=[/&?])")
_TIGHT = SMALL.but(size=8, leading=9.2)
_ADDRESSES = word("Addresses not printed here stand in the published checklist.")
_SUB = TITLE.but(size=12.5, leading=16)


def marked(mark: str) -> Piece:
    """A mark as shape and letters, never as colour alone."""

    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        if mark:
            ink.mark(mark, x + 4, top - 4.7, 7.4)

    letters = words(mark or say("none"), STRONG_SMALL.but(size=7.2, leading=9.4))
    return Row((Drawn(9.4, paint), letters), (8, 0), gutter=4, whole=True)


def legend() -> Piece:
    said = [(mark, say(text)) for mark, text in MARK_WORDS.items()]
    letters = STRONG_SMALL.but(size=7.2)
    cells = [
        Row((marked(mark), words(text, FINE)), (14 + width_of(mark, letters), 0), gutter=3, whole=True)
        for mark, text in said
    ]
    return Row(cells, (56, 78, 82, 82), gutter=10, whole=True)


def checklist(sections: Sequence[CheckSection], heading: str = "") -> list[Piece]:
    """One compact table for each section, in two columns."""
    parts: list[Piece] = []
    for section in sections:
        if section.rows:
            rows = tuple(_row(row) for row in section.rows)
            parts += [Table(_section(section), rows, _section(section, say("continued"))), Gap(4)]
    if not parts:
        return []
    first = Row(
        (title(heading or say("The whole checklist")), Stack((Gap(6), legend()))), (0, 330), whole=True
    )
    return [Titled(first, Columns(Stack(parts[:-1], keep=False)), 60), Gap(9)]


def _section(section: CheckSection, summary: str = "") -> Piece:
    style = HEADING.but(size=8.8, leading=10.8)
    line = Row(
        (
            rich((f"{section.letter}{AIR}", style), (section.title, style), role="H3"),
            words(summary or section.summary, FINE.but(align="end", leading=10.8)),
        ),
        (0, 58 if summary or "," not in section.summary else 78),
        gutter=6,
        whole=True,
    )
    return Stack((line, rule(INK, 0.7), Gap(0.5)))


def _row(row: CheckRow) -> Piece:
    """An item: shape, number and letters of its mark, then question, answer and remark run in, and its references.

    What was found out of order, and what is written from the right, stands on lines of its own. References stand
    where a rule was not seen to be kept; the published checklist, named by its fingerprint, holds all of them.
    """
    strong = STRONG_SMALL.but(size=7.8, leading=9.2)
    apart = [
        words
        for words in (row.answer, *row.remarks)
        if row.mark == "OUT" or "\n" in words or len(words) > BRIEF or has_rtl(words)
    ]
    run_in = [(row.answer, strong), *((remark, _TIGHT) for remark in row.remarks)]
    spans = [(row.prompt, _TIGHT)]
    spans += [(f"{AIR}{said}", style) for said, style in run_in if said and said not in apart]
    if row.recommended:
        spans.append((f"{AIR}{say('recommended')}", FINE.but(colour=INK)))
    if row.citations and row.mark not in ("IN", "NA"):
        spans.append((f"{AIR}{row.citations}", FINE))
    body: list[Piece] = [rich(*spans)]
    body += [
        words(said, strong if row.mark == "OUT" and len(said) <= BRIEF else _TIGHT) for said in apart if said
    ]
    if row.photos:
        body.append(words(row.photos, FINE))
    body += [_person(person) for person in row.people]

    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height, width, HAIR, 0.4)
        if row.mark == "OUT":
            ink.bar(row.severity, x - 9, top - 2, height - 4)

    shape = Drawn(9.2, lambda ink, x, top, width, height: ink.mark(row.mark, x + 4, top - 4.9, 7.4))
    number = STRONG_SMALL.but(size=7.6, leading=9.2)
    named = Stack(
        (words(row.number, number), words(row.mark or say("none"), number.but(size=7.2, colour=QUIET)))
    )
    cells = (shape if row.mark else Gap(9.2), named, Stack(body, keep=False))
    return Row(cells, (8, 23, 0), gutter=4, above=1.0, below=1.1, under=under)


def _person(person: PersonLine) -> Piece:
    names = STRONG_SMALL.but(size=7.6, leading=9.2)
    said = [(person.name, names), (person.words, _TIGHT)]
    if has_rtl(person.name):
        said.reverse()  # a name written from the right would turn what follows it
    first, *after = [(text, style) for text, style in said if text]
    text = rich(first, *((f"{AIR}{text}", style) for text, style in after))
    return Row((marked(person.mark), text), (_MARK, 0), gutter=6)


def inapplicable(pairs: Sequence[Pair]) -> list[Piece]:
    """Items that did not apply, once, under the fact that decided."""
    if not pairs:
        return []
    rows = [
        Row(
            (words(pair.label, STRONG_SMALL), words(pair.words, FINE.but(colour=INK))),
            (120, 0),
            gutter=12,
            below=3,
        )
        for pair in pairs
    ]
    head = Stack((title(say("Did not apply to this clinic"), style=HEADING), rule(INK, 0.7), Gap(4)))
    return [Titled(head, Stack(rows, keep=False), 24), Gap(7)]


def measures(rows: Sequence[Measure]) -> list[Piece]:
    """What was read, with its limit below it and how it stands to that, in two columns."""
    return _lists(say("Measurements and logs"), [_measure(row) for row in rows])


def _measure(row: Measure) -> Piece:
    value = words(row.value, STRONG_SMALL.but(align="end"))
    how = say(_HOLDS[row.mark]) if row.mark in _HOLDS else ""
    limit = row.limit or row.advice
    what = [(row.what, SMALL)] if limit else [(row.what, SMALL), (f"{AIR}{how}" if how else "", FINE)]
    shape = Drawn(9.2, lambda ink, x, top, width, height: ink.mark(row.mark, x + 4, top - 5.2, 7))
    body: list[Piece] = [Row((rich(*what), value, shape if how else Gap(0)), (0, 82, 8), gutter=5)]
    if limit:
        body.append(words(": ".join(filter(None, (how, limit))), FINE))
    number = words(row.number, STRONG_SMALL.but(size=7.6))
    return Row((number, Stack(body)), (23.0, 0.0), gutter=6, above=1.3, below=1.6, under=_hair)


def papers(rows: Sequence[PaperRow]) -> list[Piece]:
    """People and papers: whose, held or not, until when, in two columns."""
    return _lists(say("Papers and people"), [_paper(row) for row in rows])


def _paper(row: PaperRow) -> Piece:
    shape = Drawn(10.4, lambda ink, x, top, width, height: ink.mark(row.mark, x + 4, top - 5, 7.4))
    named = (words(row.number, STRONG_SMALL.but(size=7.6)), words(row.mark or say("none"), FINE))
    tone = TONES[row.tone]
    until = (
        words(row.words, SMALL.but(align="end")),
        words(row.left, STRONG_SMALL.but(align="end", colour=tone)),
    )
    cells = (
        shape if row.mark else Gap(10.4),
        Stack(named),
        _whose(row),
        Stack(until),
    )
    return Row(cells, (8.0, 23.0, 0.0, 66.0), gutter=4, above=1.3, below=1.6, under=_hair)


def _whose(row: PaperRow) -> Piece:
    whose = row.whose or say("the clinic")
    if has_rtl(whose):  # on a line of its own: it would turn what it follows
        return Stack((words(row.what, SMALL), words(whose, FINE)))
    return rich((row.what, SMALL), (f"{AIR}{whose}", FINE))


def _lists(heading: str, lines: list[Piece]) -> list[Piece]:
    if not lines:
        return []
    head = Stack((title(heading, style=_SUB), rule(INK, 0.7)))
    return [Titled(head, Columns(Stack(lines, keep=False)), 60), Gap(9)]


def _hair(ink: Ink, x: float, top: float, width: float, height: float) -> None:
    ink.hairline(x, top - height, width, HAIR, 0.4)


def signatures(content: Content) -> list[Piece]:
    """Who signed, refused or was not there; then what the agency always says, and where to object."""
    cells = tuple(_signature(signature) for signature in content.signatures)
    rows: list[Piece] = [
        Row((*cells[start : start + 2], *([Gap(0)] * (2 - len(cells[start : start + 2])))), (0, 0), gutter=24)
        for start in range(0, len(cells), 2)
    ]
    said = [Stack((words(statement, SMALL), Gap(2))) for statement in content.statements]
    appeal = (
        [words(say("If you do not agree"), LABEL), words(content.appeal, SMALL)] if content.appeal else []
    )
    both: list[Piece] = [Stack(part, keep=False) for part in (said, appeal) if part]
    after: list[Piece] = [Row(both, (0,) * len(both), gutter=24, above=8)] if both else []
    return [Titled(title(say("Signatures"), style=_SUB), Stack(rows, gap=10), 60), *after, Gap(8)]


def _signature(signature: Signature) -> Piece:
    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height, width, RULE, 0.6)
        if signature.strokes:
            ink.strokes(signature.strokes, x + 6, top - 1, width - 12, height - 3)

    written = signature.name if signature.signed and not signature.strokes else ""
    if not signature.signed:
        written = signature.state
    style = HEADING.but(size=14, leading=32, colour=INK if signature.signed else QUIET)
    line: Piece = Drawn(
        32, paint, say("Signature of {name}", name=signature.name) if signature.strokes else ""
    )
    if written:
        line = Row((words(written, style),), (0,), under=paint)
    name = f"{signature.name}, {signature.title}" if signature.title else signature.name
    return Stack(
        (
            words(signature.role, LABEL),
            line,
            Gap(4),
            words(name, STRONG_SMALL),
            words(signature.at, SMALL),
            words(signature.meaning, FINE),
        )
    )


def annex(content: Content) -> list[Piece]:
    """Number by number, answers kept aside, photos not shown before, sources, and how to check."""
    pieces: list[Piece] = []
    if content.lines:
        cells = [Row((words(p.label, STRONG_SMALL), words(p.words, SMALL)), (30, 0)) for p in content.lines]
        pairs = [(*cells[at : at + 2], Gap(0))[:2] for at in range(0, len(cells), 2)]
        pieces += [
            _part(say("How the number came about"), [Row(pair, (0, 0), gutter=20) for pair in pairs]),
            Gap(10),
        ]
    if content.set_aside:
        rows = [_kept(row) for row in content.set_aside]
        pieces += [_part(say("Answered, then no longer applicable"), rows), Gap(10)]
    contested = {copy for group in content.own_sources for copy in group.copies}
    pieces += [*sources(content.wins, content.sources, contested), Gap(4)]
    ink = FINE.but(colour=INK)
    strong = STRONG_SMALL.but(size=FINE.size, leading=FINE.leading)
    facts: list[Piece] = [
        rich((f"{pair.label}{AIR}", strong), (pair.words, ink))
        for pair in (*content.annex, Pair(say("How to check"), content.how_to_check))
    ]
    pieces.append(_part(say("What this report stands for"), facts))
    return pieces


def _kept(row: CheckRow) -> Row:
    """An answer kept aside, in the checklist's own form."""
    made = _row(row)
    assert isinstance(made, Row)
    return made


def _part(heading: str, rows: Sequence[Piece]) -> Piece:
    head = Stack((title(heading, style=HEADING), rule(INK, 0.7), Gap(4)))
    return Titled(head, Stack(rows, keep=False), 24)


def sources(wins: str, groups: Sequence[Sources], told: Collection[Pair] | None = None) -> list[Piece]:
    """Which copies of the rules were read when, run in; what is in force always wins.

    With ``told`` only those copies come with their addresses; the published checklist holds the others'.
    """
    ink = FINE.but(colour=INK)
    strong = STRONG_SMALL.but(size=FINE.size, leading=FINE.leading)
    spans = [(wins, ink)]
    untold = False
    for group in groups:
        spans.append((f" {group.lead}", ink))
        for copy in group.copies:
            if told is None or copy in told:
                spans.append((f"{AIR}{copy.label} ", strong))
                spans += [(part, FINE) for part in _AFTER_SLASH.split(copy.words)]  # they may break there
        others = [copy.label for copy in group.copies if told is not None and copy not in told]
        spans.append((f"{AIR}{' · '.join(others)}" if others else "", ink))
        untold = untold or bool(others)
    if untold:
        spans.append((f". {say(_ADDRESSES)}", ink))
    return [_part(say("Sources"), [rich(*spans)])]


def visit(pairs: Sequence[Pair]) -> list[Piece]:
    """Who was there and what was known, where page 1 had no room for it."""
    return [_part(say("Who was there"), facts(pairs)), Gap(10)] if pairs else []


def gallery(content: Content) -> list[Piece]:
    """Photos of items that are no findings."""
    used = {shot.number for finding in content.findings for shot in finding.shots}
    rest = [shot for shot in content.shots if shot.number not in used]
    if not rest:
        return []
    rows = photos(rest) if len(rest) <= _FEW else many(rest, _TALL, _A_ROW)
    first = Titled(title(say("Photos"), say("Of items in order or not observed.")), Stack(rows[:2]), 60)
    return [Gap(14), first, *rows[2:]]
