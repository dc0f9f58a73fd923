"""The record itself: every item with its answer, values read, papers, signatures, and how to check it."""

import re
from collections.abc import Sequence

from reports.answers import BRIEF
from reports.arabic import has_rtl
from reports.flow import Drawn, Gap, Piece, Row, Stack, Table, Titled, rich, rule, words
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
from reports.todo import photos, title
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

_MARK = 30.0
_NUMBER = 26.0
_AFTER_SLASH = re.compile("(?<=[/&?])")
_ANSWER = 94.0
_SHORT_ANSWER = 27  # characters; longer answers stand below the question
_TIGHT = SMALL.but(size=8, leading=9.4)
_SUB = TITLE.but(size=12.5, leading=16)


def marked(mark: str) -> Piece:
    """A mark as shape and letters, never as colour alone."""

    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        if mark:
            ink.mark(mark, x + 4, top - 4.7, 7.4)

    letters = words(mark or "none", STRONG_SMALL.but(size=7.2, leading=9.4))
    return Row((Drawn(9.4, paint), letters), (8, 0), gutter=4, whole=True)


def legend() -> Piece:
    said = (("IN", "in order"), ("OUT", "not in order"), ("NO", "not observed"), ("NA", "not applicable"))
    letters = STRONG_SMALL.but(size=7.2)
    cells = [
        Row((marked(mark), words(text, FINE)), (14 + width_of(mark, letters), 0), gutter=3, whole=True)
        for mark, text in said
    ]
    return Row(cells, (56, 78, 82, 82), gutter=10, whole=True)


def checklist(sections: Sequence[CheckSection], heading: str = "The whole checklist") -> list[Piece]:
    """One compact table for each section."""
    pieces: list[Piece] = []
    for section in sections:
        if not section.rows:
            continue
        rows = tuple(_row(row) for row in section.rows)
        table = Table(_section(section), rows, _section(section, "continued"))
        first = Row((title(heading), Stack((Gap(6), legend()))), (0, 330), whole=True)
        pieces += [Titled(first, table, 60) if not pieces else table, Gap(4.5)]
    return pieces


def _section(section: CheckSection, summary: str = "") -> Piece:
    line = Row(
        (
            rich(
                (f"{section.letter}{AIR}", HEADING.but(size=9, leading=11)),
                (section.title, HEADING.but(size=9, leading=11)),
            ),
            words(summary or section.summary, FINE.but(align="end", leading=11)),
        ),
        (0, 150),
        whole=True,
    )
    return Stack((line, rule(INK, 0.7), Gap(0.5)))


def _row(row: CheckRow) -> Piece:
    prompt = [(row.prompt, _TIGHT)]
    if row.recommended:
        prompt.append((f"{AIR}recommended", FINE.but(colour=INK)))
    if row.citations:
        prompt.append((f"{AIR}{row.citations}", FINE))
    body: list[Piece] = [rich(*prompt)]
    long = len(row.answer) > _SHORT_ANSWER
    if long:
        body.append(words(row.answer, STRONG_SMALL.but(size=7.6, leading=9.4)))
    strong = STRONG_SMALL.but(size=7.8, leading=9.4)
    body += [
        words(remark, strong if row.mark == "OUT" and len(remark) <= BRIEF else _TIGHT)
        for remark in row.remarks
    ]
    if row.photos:
        body.append(words(row.photos, FINE))
    body += [_person(person) for person in row.people]

    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height, width, HAIR, 0.4)
        if row.mark == "OUT":
            ink.bar(row.severity, x - 9, top - 2, height - 4)

    cells = (
        marked(row.mark),
        words(row.number, STRONG_SMALL.but(size=7.6, leading=9.4)),
        Stack(body, keep=False),
        words(row.answer, STRONG_SMALL.but(size=7.6, leading=9.4)),
    )
    narrow = long or not row.answer
    return Row(
        cells if not narrow else cells[:3],
        (_MARK, _NUMBER, 0, _ANSWER) if not narrow else (_MARK, _NUMBER, 0),
        gutter=7,
        above=1.0,
        below=1.4,
        under=under,
    )


def _person(person: PersonLine) -> Piece:
    names = STRONG_SMALL.but(size=7.6, leading=9.4)
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
    head = Stack((title("Did not apply to this clinic", style=HEADING), rule(INK, 0.7), Gap(4)))
    return [Titled(head, Stack(rows, keep=False), 24), Gap(7)]


def measures(rows: Sequence[Measure]) -> list[Piece]:
    if not rows:
        return []
    columns = (_NUMBER, 0.0, 100.0, 178.0, 58.0)
    head = _head(("No.", "What was read", "Value", "Limit", "Holds"), columns)
    lines = tuple(
        Row(
            (
                words(row.number, STRONG_SMALL.but(size=7.6)),
                words(row.what, SMALL),
                words(row.value, STRONG_SMALL),
                words(row.limit or row.advice or "none set", SMALL if row.limit else FINE),
                _holds(row.mark),
            ),
            columns,
            gutter=8,
            above=1.5,
            below=2.1,
            under=_hair,
        )
        for row in rows
    )
    return [Titled(title("Measurements and logs", style=_SUB), Table(head, lines), 60), Gap(9)]


def _holds(mark: str) -> Piece:
    words_for = {"IN": "holds", "OUT": "does not", "NO": "not seen"}
    if mark not in words_for:
        return words("not judged", FINE.but(leading=10.4))
    shape = Drawn(10.4, lambda ink, x, top, width, height: ink.mark(mark, x + 4, top - 5, 7.6))
    return Row((shape, words(words_for[mark], SMALL)), (8, 0), gutter=4, whole=True)


def papers(rows: Sequence[PaperRow]) -> list[Piece]:
    """People and papers: whose, held or not, until when."""
    if not rows:
        return []
    columns = (_MARK, _NUMBER, 0.0, 128.0, 92.0, 54.0)
    head = _head(("", "No.", "Paper", "Whose", "As shown", "Left"), columns)
    lines = tuple(
        Row(
            (
                marked(row.mark),
                words(row.number, STRONG_SMALL.but(size=7.6)),
                words(row.what, SMALL),
                words(row.whose or "the clinic", SMALL),
                words(row.words, SMALL),
                words(row.left, STRONG_SMALL.but(colour=TONES[row.tone])),
            ),
            columns,
            gutter=7,
            above=1.5,
            below=2.1,
            under=_hair,
        )
        for row in rows
    )
    return [Titled(title("Papers and people", style=_SUB), Table(head, lines), 60), Gap(9)]


def _head(labels: Sequence[str], columns: tuple[float, ...]) -> Row:
    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height, width, INK, 0.7)

    cells = tuple(words(label, LABEL) for label in labels)
    return Row(cells, columns, gutter=8 if len(columns) == 5 else 7, below=3, under=under, whole=True)


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
    appeal = [words("If you do not agree", LABEL), words(content.appeal, SMALL)] if content.appeal else []
    both: list[Piece] = [Stack(part, keep=False) for part in (said, appeal) if part]
    after: list[Piece] = [Row(both, (0,) * len(both), gutter=24, above=8)] if both else []
    return [Titled(title("Signatures", style=_SUB), Stack(rows, gap=10), 60), *after, Gap(8)]


def _signature(signature: Signature) -> Piece:
    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height, width, RULE, 0.6)
        if signature.strokes:
            ink.strokes(signature.strokes, x + 6, top - 1, width - 12, height - 3)

    written = signature.name if signature.signed and not signature.strokes else ""
    if not signature.signed:
        written = signature.state
    style = HEADING.but(size=14, leading=32, colour=INK if signature.signed else QUIET)
    line: Piece = Drawn(32, paint)
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
            _part("How the number came about", [Row(pair, (0, 0), gutter=20) for pair in pairs]),
            Gap(10),
        ]
    if content.set_aside:
        rows = [_kept(row) for row in content.set_aside]
        pieces += [_part("Answered, then no longer applicable", rows), Gap(10)]
    pieces += [*sources(content.wins, content.sources), Gap(4)]
    ink = FINE.but(colour=INK)
    facts: list[Piece] = [
        Stack((words(pair.label, LABEL), words(pair.words, ink), Gap(3))) for pair in content.annex
    ]
    half = (len(facts) + 1) // 2
    columns = Row((Stack(facts[:half]), Stack(facts[half:])), (0, 0), gutter=24)
    pieces.append(_part("What this report stands for", [columns, words(content.how_to_check, ink)]))
    return pieces


def _kept(row: CheckRow) -> Row:
    """An answer kept aside, in the checklist's own form."""
    made = _row(row)
    assert isinstance(made, Row)
    return made


def _part(heading: str, rows: Sequence[Piece]) -> Piece:
    head = Stack((title(heading, style=HEADING), rule(INK, 0.7), Gap(4)))
    return Titled(head, Stack(rows, keep=False), 24)


def sources(wins: str, groups: Sequence[Sources]) -> list[Piece]:
    """Which copies of the rules were read when, run in; what is in force always wins."""
    ink = FINE.but(colour=INK)
    strong = STRONG_SMALL.but(size=FINE.size, leading=FINE.leading)
    spans = [(wins, ink)]
    for group in groups:
        spans.append((f" {group.lead}", ink))
        for copy in group.copies:
            spans += [(f"{AIR}{copy.label} ", strong)]
            spans += [(part, FINE) for part in _AFTER_SLASH.split(copy.words)]  # addresses may break there
    return [_part("Sources", [rich(*spans)])]


def gallery(content: Content) -> list[Piece]:
    """Photos of items that are no findings."""
    used = {shot.number for finding in content.findings for shot in finding.shots}
    rest = [shot for shot in content.shots if shot.number not in used]
    if not rest:
        return []
    rows = photos(rest)
    first = Titled(title("Photos", "Of items in order or not observed."), Stack(rows[:2]), 60)
    return [Gap(14), first, *rows[2:]]
